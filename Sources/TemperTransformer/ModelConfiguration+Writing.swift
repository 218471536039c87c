import Foundation
import TemperCore

extension ModelConfiguration {
    /// The text of `config.json`, for weights stored in the given type (`float32` or `bfloat16`); both generations of
    /// `transformers` read it.
    func text(storedAs type: String) throws -> Data {
        let text = String(decoding: try JSONEncoder.stable(pretty: true).encode(json(storedAs: type)), as: UTF8.self)
        // `transformers` wants these to be written as floating-point numbers.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let field = line.drop { $0 == " " }
            guard ["\"factor\"", "\"low_freq_factor\"", "\"high_freq_factor\""].contains(where: { field.hasPrefix($0) }),
                !field.contains(".")
            else { return String(line) }
            return line.hasSuffix(",") ? line.dropLast() + ".0," : line + ".0"
        }
        return Data(lines.joined(separator: "\n").utf8)
    }

    func json(storedAs type: String) -> JSONValue {
        var fields: [String: JSONValue] = [
            "architectures": .array([.string(family.architecture)]), "model_type": .string(family.rawValue),
            "hidden_act": .string("silu"), "vocab_size": .number(Double(vocabularySize)), "hidden_size": .number(Double(width)),
            "intermediate_size": .number(Double(feedForwardWidth)), "num_hidden_layers": .number(Double(layerCount)),
            "num_attention_heads": .number(Double(headCount)), "num_key_value_heads": .number(Double(keyValueHeadCount)),
            "head_dim": .number(Double(headWidth)), "max_position_embeddings": .number(Double(contextLength)),
            "rms_norm_eps": .number(normEpsilon), "rope_theta": .number(rotaryBase),
            "tie_word_embeddings": .bool(tiesEmbeddings), "torch_dtype": .string(type),
        ]
        writeScaling(into: &fields)
        switch family {
        case .llama: fields.merge(["attention_bias": .bool(attentionBias), "mlp_bias": .bool(feedForwardBias)]) { $1 }
        case .mistral: fields["sliding_window"] = slidingWindow.map { .number(Double($0)) } ?? .null
        case .qwen2: writeWindow(into: &fields)
        case .qwen3:
            fields["attention_bias"] = .bool(attentionBias)
            writeWindow(into: &fields)
        }
        if let beginningOfTextID { fields["bos_token_id"] = .number(Double(beginningOfTextID)) }
        if endOfTextIDs.count == 1 { fields["eos_token_id"] = .number(Double(endOfTextIDs[0])) }
        if endOfTextIDs.count > 1 { fields["eos_token_id"] = .array(endOfTextIDs.map { .number(Double($0)) }) }
        if let paddingID { fields["pad_token_id"] = .number(Double(paddingID)) }
        return .object(fields)
    }

    private func writeScaling(into fields: inout [String: JSONValue]) {
        switch rotaryScaling {
        case .none: return
        case .linear(let factor, let original):
            fields["rope_scaling"] = .object(["type": .string("linear"), "factor": .number(factor)])
            fields["max_position_embeddings"] = .number(Double(original))
        case .dynamic(let factor, let original):
            fields["rope_scaling"] = .object(["type": .string("dynamic"), "factor": .number(factor)])
            fields["max_position_embeddings"] = .number(Double(original))
        case .llama3(let factor, let low, let high, let original):
            fields["rope_scaling"] = .object([
                "rope_type": .string("llama3"), "factor": .number(factor), "low_freq_factor": .number(low),
                "high_freq_factor": .number(high), "original_max_position_embeddings": .number(Double(original)),
            ])
        }
    }

    /// Qwen's words: the first layer with a window, and each layer's kind where that does not say it.
    private func writeWindow(into fields: inout [String: JSONValue]) {
        let first = slidingLayers.min() ?? layerCount
        fields["use_sliding_window"] = .bool(slidingWindow != nil)
        fields["sliding_window"] = slidingWindow.map { .number(Double($0)) } ?? .null
        fields["max_window_layers"] = .number(Double(first))
        guard slidingLayers != Set(first..<layerCount) else { return }
        fields["layer_types"] = .array(
            (0..<layerCount).map { .string(slidingLayers.contains($0) ? "sliding_attention" : "full_attention") })
    }
}
