/// A product with a matrix of weights: one linear layer of the model, or several that read the same input, side by side.
///
/// ``LinearProducts`` is all that computes with it.
struct Linear: Sendable {
    /// One of the model's own linear layers: a stretch of the outputs.
    struct Part: Sendable {
        /// The name of its tensors without `.weight` and `.bias`, such as `model.layers.0.self_attn.q_proj`.
        var name: String
        /// Its first output.
        var first: Int
        /// Its outputs.
        var count: Int
    }

    /// Numbers of a row that enters.
    var inputs: Int
    /// Numbers of a row that leaves.
    var outputs: Int
    /// Where the [outputs, inputs] weights lie in the arena.
    var weight: Int
    /// Where the [outputs] biases lie in the arena; nil when there are none.
    var bias: Int?
    var parts: [Part]

    init() {
        (inputs, outputs, weight, bias, parts) = (0, 0, 0, nil, [])
    }

    init(inputs: Int, outputs: Int, weight: Int, bias: Int? = nil, parts: [Part]) {
        self.inputs = inputs
        self.outputs = outputs
        self.weight = weight
        self.bias = bias
        self.parts = parts
    }
}
