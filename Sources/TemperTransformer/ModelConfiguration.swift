public import Foundation
import TemperCore

/// The shape of a Llama-family decoder, as Hugging Face's `config.json` states it.
///
/// Options that change the mathematics and are not computed here are refused by name, never ignored.
public struct ModelConfiguration: Sendable, Hashable {
    /// V.
    public var vocabularySize: Int
    /// D.
    public var width: Int
    public var feedForwardWidth: Int
    public var layerCount: Int
    /// H.
    public var headCount: Int
    /// K; H is a multiple of it.
    public var keyValueHeadCount: Int
    public var headWidth: Int
    /// The most tokens of a sequence.
    public var contextLength: Int
    public var normEpsilon: Double
    public var rotaryBase: Double
    /// Whether the output head is the embedding table.
    public var tiesEmbeddings: Bool
    public var beginningOfTextID: Int32?
    public var endOfTextIDs: [Int32]

    public init(
        vocabularySize: Int, width: Int, feedForwardWidth: Int, layerCount: Int, headCount: Int, keyValueHeadCount: Int,
        headWidth: Int? = nil, contextLength: Int, normEpsilon: Double = 1e-5, rotaryBase: Double = 10_000,
        tiesEmbeddings: Bool = true, beginningOfTextID: Int32? = nil, endOfTextIDs: [Int32] = []
    ) {
        self.vocabularySize = vocabularySize
        self.width = width
        self.feedForwardWidth = feedForwardWidth
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headWidth = headWidth ?? width / max(headCount, 1)
        self.contextLength = contextLength
        self.normEpsilon = normEpsilon
        self.rotaryBase = rotaryBase
        self.tiesEmbeddings = tiesEmbeddings
        self.beginningOfTextID = beginningOfTextID
        self.endOfTextIDs = endOfTextIDs
    }

    /// Reads `config.json`.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and the key.
    public init(contentsOf url: URL) throws {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw TemperError(
                .unavailable, "the file cannot be read: \(error.localizedDescription)", place: url.path, boundary: .data,
                cause: error)
        }
        try self.init(json: JSONValue.parse(data, named: url.path), place: url.path)
    }

    init(json: JSONValue, place: String) throws {
        func problem(_ text: String, hint: String? = nil) -> TemperError {
            TemperError(.data, text, hint: hint, place: place, boundary: .engine)
        }
        func number(_ key: String) throws -> Double {
            guard let value = json[key]?.number else { throw problem("'\(key)' is missing or not a number") }
            return value
        }
        func count(_ key: String, default fallback: Int? = nil) throws -> Int {
            if let fallback, json[key] == nil || json[key] == .null { return fallback }
            let value = try number(key)
            guard value >= 1, value <= 1e9, value == value.rounded() else { throw problem("'\(key)' is \(value)") }
            return Int(value)
        }
        try Self.refuseUnsupported(json, problem)
        vocabularySize = try count("vocab_size")
        width = try count("hidden_size")
        feedForwardWidth = try count("intermediate_size")
        layerCount = try count("num_hidden_layers")
        headCount = try count("num_attention_heads")
        keyValueHeadCount = try count("num_key_value_heads", default: headCount)
        headWidth = try count("head_dim", default: width / headCount)
        contextLength = try count("max_position_embeddings", default: 2048)
        normEpsilon = json["rms_norm_eps"]?.number ?? 1e-6
        rotaryBase = json["rope_theta"]?.number ?? json["rope_parameters"]?["rope_theta"]?.number ?? 10_000
        tiesEmbeddings = json["tie_word_embeddings"]?.bool ?? false
        func tokenID(_ number: Double, _ key: String) throws -> Int32 {
            guard let id = Int32(exactly: number) else { throw problem("'\(key)' is \(number), which is no token id", hint: nil) }
            return id
        }
        beginningOfTextID = try json["bos_token_id"]?.number.map { try tokenID($0, "bos_token_id") }
        let ends = json["eos_token_id"]
        endOfTextIDs = try (ends?.array?.compactMap(\.number) ?? [ends?.number].compactMap { $0 }).map {
            try tokenID($0, "eos_token_id")
        }
        if let text = self.problem { throw problem(text) }
    }

    /// What makes the shape impossible, if anything.
    public var problem: String? {
        let sizes = [
            ("vocab_size", vocabularySize, 1 << 24), ("hidden_size", width, 1 << 20),
            ("intermediate_size", feedForwardWidth, 1 << 22),
            ("num_hidden_layers", layerCount, 1 << 12), ("num_attention_heads", headCount, 1 << 12),
            ("num_key_value_heads", keyValueHeadCount, 1 << 12), ("head_dim", headWidth, 1 << 14),
            ("max_position_embeddings", contextLength, 1 << 20),
        ]
        for (key, value, most) in sizes where !(1...most).contains(value) {
            return "'\(key)' is \(value), it must be in 1…\(most)"
        }
        if !(rotaryBase > 0 && rotaryBase.isFinite) { return "'rope_theta' is \(rotaryBase), it must be above 0" }
        if !(normEpsilon >= 0 && normEpsilon.isFinite) { return "'rms_norm_eps' is \(normEpsilon), it must not be negative" }
        if headCount % keyValueHeadCount != 0 {
            return "num_attention_heads \(headCount) is not a multiple of num_key_value_heads \(keyValueHeadCount)"
        }
        if headWidth % 2 != 0 { return "head_dim \(headWidth) is odd" }
        return nil
    }

    private static func refuseUnsupported(_ json: JSONValue, _ problem: (String, String?) -> TemperError) throws {
        func refuse(_ key: String, _ value: String) -> TemperError {
            problem("'\(key)': \(value) is not supported by the native engine", "use another engine for this model")
        }
        if let type = json["model_type"]?.string, type != "llama" { throw refuse("model_type", type) }
        if let activation = json["hidden_act"]?.string, activation != "silu" { throw refuse("hidden_act", activation) }
        for key in ["attention_bias", "mlp_bias"] where json[key]?.bool == true { throw refuse(key, "true") }
        for key in ["sliding_window", "quantization_config"] where json[key] != nil && json[key] != .null {
            throw refuse(key, "a value")
        }
        for key in ["pretraining_tp", "partial_rotary_factor"] {
            if let value = json[key]?.number, value != 1 { throw refuse(key, "\(value)") }
        }
        for key in ["rope_scaling", "rope_parameters"] {
            guard let scaling = json[key]?.object else { continue }
            let kind = (scaling["rope_type"] ?? scaling["type"])?.string ?? "default"
            if kind != "default" { throw refuse(key, kind) }
            if let factor = scaling["partial_rotary_factor"]?.number, factor != 1 { throw refuse(key, "partial_rotary_factor") }
        }
    }

    /// The text of `config.json`, for weights stored in the given type (`float32` or `bfloat16`).
    func json(storedAs type: String) -> JSONValue {
        var fields: [String: JSONValue] = [
            "architectures": .array([.string("LlamaForCausalLM")]), "model_type": .string("llama"),
            "hidden_act": .string("silu"), "attention_bias": .bool(false), "mlp_bias": .bool(false),
            "vocab_size": .number(Double(vocabularySize)), "hidden_size": .number(Double(width)),
            "intermediate_size": .number(Double(feedForwardWidth)), "num_hidden_layers": .number(Double(layerCount)),
            "num_attention_heads": .number(Double(headCount)), "num_key_value_heads": .number(Double(keyValueHeadCount)),
            "head_dim": .number(Double(headWidth)), "max_position_embeddings": .number(Double(contextLength)),
            "rms_norm_eps": .number(normEpsilon), "rope_theta": .number(rotaryBase),
            "tie_word_embeddings": .bool(tiesEmbeddings), "torch_dtype": .string(type),
        ]
        if let beginningOfTextID { fields["bos_token_id"] = .number(Double(beginningOfTextID)) }
        if endOfTextIDs.count == 1 { fields["eos_token_id"] = .number(Double(endOfTextIDs[0])) }
        if endOfTextIDs.count > 1 { fields["eos_token_id"] = .array(endOfTextIDs.map { .number(Double($0)) }) }
        return .object(fields)
    }

    // Widths of fused matrices.

    /// H heads of queries.
    var queryWidth: Int { headCount * headWidth }
    /// K heads of keys, or of values.
    var keyValueWidth: Int { keyValueHeadCount * headWidth }
    /// A row of queries, keys and values.
    var attentionInputWidth: Int { queryWidth + 2 * keyValueWidth }
}
