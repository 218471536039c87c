import Foundation
import TemperCore

/// A `tokenizer.json` as it stands on disk; only what a byte-level BPE may contain.
struct TokenizerFile: Codable {
    struct Added: Codable {
        var id: Int
        var content: String
        var single_word: Bool?
        var lstrip: Bool?
        var rstrip: Bool?
        var normalized: Bool?
        var special: Bool?
    }

    struct Model: Codable {
        var type: String?
        var dropout: Double?
        var unk_token: String?
        var continuing_subword_prefix: String?
        var end_of_word_suffix: String?
        var fuse_unk: Bool?
        var byte_fallback: Bool?
        var ignore_merges: Bool?
        var vocab: [String: Int]
        var merges: Merges
    }

    /// `["a b", …]`, or `[["a", "b"], …]` as newer versions write.
    struct Merges: Codable {
        var pairs: [(left: String, right: String)]

        init(_ pairs: [(left: String, right: String)]) {
            self.pairs = pairs
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let lists: [[String]]
            if let lines = try? container.decode([String].self) {
                lists = lines.map { $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init) }
            } else {
                lists = try container.decode([[String]].self)
            }
            pairs = try lists.map { parts in
                guard parts.count == 2 else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(parts)' is not a pair")
                }
                return (parts[0], parts[1])
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(pairs.map { "\($0.left) \($0.right)" })
        }
    }

    var version: String? = "1.0"
    var truncation: JSONValue?
    var padding: JSONValue?
    var added_tokens: [Added]?
    var normalizer: JSONValue?
    var pre_tokenizer: JSONValue?
    var post_processor: JSONValue?
    var decoder: JSONValue?
    var model: Model

    /// Reads a file.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and, where the tokenizer uses something this module
    ///   does not compute, the option.
    static func read(_ url: URL) throws -> TokenizerContents {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw TemperError(
                .data, "the tokenizer cannot be read", hint: "is the path right, and is it a folder of Hugging Face files?",
                place: url.path, boundary: .data, cause: error)
        }
        do {
            return try JSONDecoder().decode(TokenizerFile.self, from: data).contents()
        } catch let error as Unsupported {
            throw TemperError(
                .data, "the tokenizer's \(error.option) is not supported: \(error.value)",
                hint: "supported are byte-level BPE tokenizers in the manner of GPT-2, Llama 3, Qwen 2 and SmolLM",
                place: url.path, boundary: .data)
        } catch let error as Damaged {
            throw TemperError(.data, "the tokenizer is damaged: \(error.reason)", place: url.path, boundary: .data)
        } catch {
            throw TemperError(
                .data, "this is not a tokenizer.json of a BPE model: \(TemperError.describe(error))", place: url.path,
                boundary: .data, cause: error)
        }
    }

    /// Something this module does not compute.
    struct Unsupported: Error {
        var option: String
        var value: String

        init(_ option: String, _ value: JSONValue?) {
            self.option = option
            let text = (try? JSONEncoder.stable().encode(value ?? .null)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
            self.value = text.count > 200 ? text.prefix(200) + "…" : text
        }
    }

    /// Parts that contradict each other.
    struct Damaged: Error {
        var reason: String
    }

    private func contents() throws -> TokenizerContents {
        try refuseOptions()
        var contents = TokenizerContents(pattern: try preTokenizerPattern())
        contents.normalizesToNFC = try readNormalizer()
        contents.ignoresMerges = model.ignore_merges ?? false
        contents.postProcessor = post_processor
        try readVocabulary(into: &contents)
        return contents
    }

    private func refuseOptions() throws {
        if let type = model.type, type != "BPE" { throw Unsupported("model.type", .string(type)) }
        if let dropout = model.dropout, dropout != 0 { throw Unsupported("model.dropout", .number(dropout)) }
        if let text = model.continuing_subword_prefix, !text.isEmpty {
            throw Unsupported("model.continuing_subword_prefix", .string(text))
        }
        if let text = model.end_of_word_suffix, !text.isEmpty { throw Unsupported("model.end_of_word_suffix", .string(text)) }
        if model.byte_fallback == true { throw Unsupported("model.byte_fallback", .bool(true)) }
        if let truncation, truncation != .null { throw Unsupported("truncation", truncation) }
        if let padding, padding != .null { throw Unsupported("padding", padding) }
        guard decoder?["type"]?.string == "ByteLevel" else { throw Unsupported("decoder", decoder) }
    }

    private func readNormalizer() throws -> Bool {
        guard let normalizer, normalizer != .null else { return false }
        let parts = normalizer["type"]?.string == "Sequence" ? normalizer["normalizers"]?.array ?? [] : [normalizer]
        for part in parts where part["type"]?.string != "NFC" { throw Unsupported("normalizer", normalizer) }
        return !parts.isEmpty
    }

    private func preTokenizerPattern() throws -> Tokenizer.Pattern {
        let unsupported = Unsupported("pre_tokenizer", pre_tokenizer)
        guard let pre_tokenizer else { throw unsupported }
        let parts = pre_tokenizer["type"]?.string == "Sequence" ? pre_tokenizer["pretokenizers"]?.array ?? [] : [pre_tokenizer]
        guard let last = parts.last, last["type"]?.string == "ByteLevel" else { throw unsupported }
        if last["add_prefix_space"]?.bool ?? true { throw Unsupported("pre_tokenizer.add_prefix_space", .bool(true)) }
        let usesRegex = last["use_regex"]?.bool ?? true
        guard parts.count == 2 else {
            guard parts.count == 1, usesRegex else { throw unsupported }
            return .gpt2
        }
        if parts[0]["type"]?.string == "Digits", parts[0]["individual_digits"]?.bool == true, usesRegex { return .smol }
        guard parts[0]["type"]?.string == "Split", !usesRegex, parts[0]["behavior"]?.string == "Isolated",
            parts[0]["invert"]?.bool != true, let regex = parts[0]["pattern"]?["Regex"]?.string,
            let pattern = Tokenizer.Pattern.allCases.first(where: { $0.regex == regex && $0 != .smol })
        else { throw unsupported }
        return pattern
    }
}
