package import Foundation
import TemperCore

extension ModelConfiguration {
    /// Reads `config.json`, as `transformers` 4 or 5 writes it.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and the key.
    package init(contentsOf url: URL) throws {
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
        guard let object = json.object else {
            throw TemperError(.data, "the configuration is not a JSON object", place: place, boundary: .engine)
        }
        var fields = ConfigurationFields(object, place: place)
        let family = try Self.family(&fields)
        let layerCount = try fields.requiredCount("num_hidden_layers")
        let headCount = try fields.requiredCount("num_attention_heads"), width = try fields.requiredCount("hidden_size")
        let headWidth = try fields.count("head_dim") ?? family.defaultHeadWidth
        if headWidth == nil, width % headCount != 0 {
            throw fields.problem("hidden_size \(width) is not a multiple of num_attention_heads \(headCount)")
        }
        let (window, slidingLayers) = try Self.sliding(&fields, family, layerCount)
        let positions = try fields.count("max_position_embeddings") ?? family.defaultContextLength
        let (base, scaling, context) = try Self.rotary(&fields, positions: positions, place: place)
        self.init(
            family: family, vocabularySize: try fields.requiredCount("vocab_size"), width: width,
            feedForwardWidth: try fields.requiredCount("intermediate_size"), layerCount: layerCount, headCount: headCount,
            keyValueHeadCount: try fields.count("num_key_value_heads")
                ?? (fields.isNull("num_key_value_heads") ? nil : family.defaultKeyValueHeadCount) ?? headCount,
            headWidth: headWidth, contextLength: context, normEpsilon: try fields.number("rms_norm_eps") ?? 1e-6,
            rotaryBase: base, rotaryScaling: scaling, tiesEmbeddings: try fields.flag("tie_word_embeddings") ?? false,
            slidingWindow: window, slidingLayers: slidingLayers, endOfTextIDs: try fields.tokenIDs("eos_token_id"))
        // The other families have no such options.
        if family == .llama || family == .qwen3 { attentionBias = try fields.flag("attention_bias") ?? false }
        if family == .llama { feedForwardBias = try fields.flag("mlp_bias") ?? false }
        beginningOfTextID = try fields.tokenIDs("bos_token_id").first
        paddingID = try fields.tokenIDs("pad_token_id").first
        for (key, value) in Self.neutral { try fields.require(key, value) }
        try fields.refuseOthers(harmless: Self.harmless)
        if let text = problem { throw fields.problem(text) }
    }

    private static func family(_ fields: inout ConfigurationFields) throws -> ModelFamily {
        let name = try fields.string("model_type") ?? "llama"
        guard let family = ModelFamily(rawValue: name) else { throw fields.refusal("model_type", .string(name)) }
        if let architectures = fields.value("architectures"), let names = architectures.array, !names.isEmpty,
            !names.contains(.string(family.architecture))
        {
            throw fields.refusal("architectures", names[0])
        }
        return family
    }

    /// The window and the layers that have it.
    private static func sliding(
        _ fields: inout ConfigurationFields, _ family: ModelFamily, _ layerCount: Int
    ) throws -> (window: Int?, layers: Set<Int>) {
        var window: Int?
        var layers: Set<Int> = []
        switch family {
        case .llama: try fields.require("sliding_window", .null)
        case .mistral:
            window = try fields.count("sliding_window") ?? (fields.isNull("sliding_window") ? nil : 4096)
            if window != nil { layers = Set(0..<layerCount) }
        case .qwen2, .qwen3:
            let first = try fields.number("max_window_layers") ?? 28
            let stated = try fields.count("sliding_window") ?? (fields.isNull("sliding_window") ? nil : 4096)
            if try fields.flag("use_sliding_window") ?? false { window = stated }
            if window != nil { layers = Set((0..<layerCount).filter { Double($0) >= first }) }
        }
        guard let types = fields.value("layer_types") else { return (layers.isEmpty ? nil : window, layers) }
        guard let names = types.array, names.count == layerCount else {
            throw fields.problem("'layer_types' does not name the kind of each of the \(layerCount) layers")
        }
        var named: Set<Int> = []
        for (index, name) in names.enumerated() {
            if name == .string("sliding_attention") {
                named.insert(index)
            } else if name != .string("full_attention") {
                throw fields.refusal("layer_types", name)
            }
        }
        let mayDiffer = family == .qwen2 || family == .qwen3
        guard named.isEmpty || window != nil, mayDiffer || named == layers else {
            throw fields.problem("'layer_types' contradicts 'sliding_window'")
        }
        return (named.isEmpty ? nil : window, named)
    }

    /// Base, scaling and the most tokens of a sequence, from `rope_theta` with `rope_scaling` or from `rope_parameters`.
    private static func rotary(
        _ fields: inout ConfigurationFields, positions: Int, place: String
    ) throws -> (base: Double, scaling: RotaryScaling, context: Int) {
        let stated = try fields.number("rope_theta")
        let old = fields.value("rope_scaling"), new = fields.value("rope_parameters")
        if let old, let new, old != new { throw fields.problem("'rope_scaling' and 'rope_parameters' contradict each other") }
        guard let value = old ?? new else { return (stated ?? 10_000, .none, positions) }
        let name = old == nil ? "rope_parameters" : "rope_scaling"
        guard let object = value.object else { throw fields.problem("'\(name)' is not an object") }
        var rope = ConfigurationFields(object, prefix: name + ".", place: place)
        let inner = try rope.number("rope_theta")
        if let inner, let stated, inner != stated { throw fields.problem("'rope_theta' is given twice, with two values") }
        let base = inner ?? stated ?? 10_000
        let type = try rope.string("type")
        let kind = try rope.string("rope_type") ?? type ?? "default"
        try rope.require("partial_rotary_factor", .number(1))
        func required(_ key: String, _ value: Double?) throws -> Double {
            guard let value else { throw rope.problem("'\(name).\(key)' is missing") }
            return value
        }
        var scaling = RotaryScaling.none, context = Double(positions)
        switch kind {
        // Other kinds' numbers may be given beside it; `transformers` does not read them either.
        case "default": try rope.require("factor", .number(1))
        case "linear", "dynamic":
            let factor = try required("factor", rope.number("factor"))
            // `transformers` takes max_position_embeddings as the context before scaling.
            try rope.require("original_max_position_embeddings", .number(Double(positions)))
            scaling =
                kind == "linear"
                ? .linear(factor: factor, original: positions) : .dynamic(factor: factor, original: positions)
            context = (context * max(factor, 1)).rounded(.down)
        case "llama3":
            scaling = .llama3(
                factor: try required("factor", rope.number("factor")),
                lowFrequencyFactor: try required("low_freq_factor", rope.number("low_freq_factor")),
                highFrequencyFactor: try required("high_freq_factor", rope.number("high_freq_factor")),
                original: try rope.count("original_max_position_embeddings") ?? positions)
        default: throw fields.refusal(name, .string(kind))
        }
        try rope.refuseOthers()
        guard context <= 1e9 else { throw rope.problem("'\(name).factor' makes the context \(context) tokens long") }
        return (base, scaling, Int(context))
    }

    /// Options that are computed at this value only.
    private static let neutral: [(String, JSONValue)] = [
        ("hidden_act", .string("silu")), ("pretraining_tp", .number(1)), ("partial_rotary_factor", .number(1)),
        ("attention_dropout", .number(0)), ("hidden_dropout", .number(0)), ("rope_interleaved", .bool(false)),
        ("use_mrope", .bool(false)), ("is_llama_config", .bool(true)), ("attention_bias", .bool(false)),
        ("mlp_bias", .bool(false)), ("use_sliding_window", .bool(false)), ("is_encoder_decoder", .bool(false)),
        ("is_decoder", .bool(false)), ("add_cross_attention", .bool(false)), ("tie_encoder_decoder", .bool(false)),
        ("chunk_size_feed_forward", .number(0)), ("pruned_heads", .object([:])), ("neftune_noise_alpha", .number(0)),
        ("use_qk_norm", .bool(false)), ("quantization_config", .null), ("auto_map", .null),
    ]

    /// Fields that change nothing in what the model computes from its weights.
    private static let harmless: Set<String> = [
        // Where it comes from and how it is stored.
        "_name_or_path", "_commit_hash", "transformers_version", "torch_dtype", "dtype", "tokenizer_class", "initializer_range",
        "unsloth_version", "unsloth_fixed", "unsloth_optimized", "transformers.js_config", "finetuning_task", "prefix",
        "task_specific_params", "max_sequence_length", "model_max_length",
        // How a program runs it and what it returns.
        "use_cache", "output_attentions", "output_hidden_states", "return_dict", "return_dict_in_generate", "output_scores",
        "torchscript", "use_bfloat16", "gradient_checkpointing", "attn_implementation", "_attn_implementation",
        "_attn_implementation_autoset", "_flash_attn_2_enabled", "_experts_implementation", "use_flash_attn",
        // Heads for other tasks.
        "id2label", "label2id", "num_labels", "problem_type",
        // Defaults of generation, which requests state themselves.
        "max_length", "max_new_tokens", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
        "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty",
        "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "forced_bos_token_id",
        "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens",
        "begin_suppress_tokens", "sep_token_id", "decoder_start_token_id", "tf_legacy_loss",
        // Of a window that is not used.
        "max_window_layers",
    ]
}
