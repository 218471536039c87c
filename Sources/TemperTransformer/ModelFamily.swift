/// A decoder architecture of `transformers` that is computed here; its raw value is `model_type`.
package enum ModelFamily: String, Sendable, Hashable, CaseIterable {
    /// Llama 1, 2 and 3, CodeLlama, TinyLlama, SmolLM2.
    case llama
    /// Llama with a sliding window.
    case mistral
    /// Qwen2 and 2.5: biases of queries, keys and values.
    case qwen2
    /// A norm of each query and key head.
    case qwen3

    /// What `architectures` says.
    var architecture: String {
        switch self {
        case .llama: return "LlamaForCausalLM"
        case .mistral: return "MistralForCausalLM"
        case .qwen2: return "Qwen2ForCausalLM"
        case .qwen3: return "Qwen3ForCausalLM"
        }
    }

    // What `transformers` takes where `config.json` says nothing.

    var defaultContextLength: Int {
        switch self {
        case .llama: return 2048
        case .mistral: return 4096 * 32
        case .qwen2, .qwen3: return 32768
        }
    }

    /// Nil: as many as there are query heads.
    var defaultKeyValueHeadCount: Int? {
        switch self {
        case .llama: return nil
        case .mistral: return 8
        case .qwen2, .qwen3: return 32
        }
    }

    /// Nil: the width divided by the heads.
    var defaultHeadWidth: Int? { self == .qwen3 ? 128 : nil }
}
