import CTemperKernels

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

extension Linear {
    /// Whether 16 outputs and 2 inputs at a time come out even, in each half of a matrix of two parts as well.
    var fitsPanels: Bool { inputs % 2 == 0 && outputs % 16 == 0 && parts.allSatisfy { $0.first % 16 == 0 } }

    /// Rearranges its bfloat16 matrix in place.
    func rearrange(_ matrix: UnsafeMutablePointer<UInt16>) {
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 16 * inputs) { scratch in
            temper_to_panels(matrix, Int64(outputs), Int64(inputs), scratch.baseAddress)
        }
    }
}
