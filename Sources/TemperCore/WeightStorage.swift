/// How a model's weights lie in memory.
package enum WeightStorage: String, Codable, Sendable, Hashable, ConfigurationChoice {
    /// Every number as fp32: what full tuning changes.
    case fp32
    /// Frozen: matrices as bfloat16, norms and biases as fp32.
    case bf16
    /// Frozen: linear layers as 8-bit integers with a scale per group, embeddings and head as bfloat16,
    /// norms and biases as fp32.
    case int8
}
