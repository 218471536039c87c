import CTemperKernels

/// The one place where activations meet matrices of weights, for training and for sampling; used by one thread at a time.
///
/// N rows, I inputs, O outputs; X [N, I], W [O, I], b [O]. "T" is the element type of products.
final class LinearProducts {
    private let weights: OperandWeights
    private let products: Products
    /// fp32, laid out like the weights; nil where the weights do not train: then nothing is computed for them.
    let weightGradient: Memory?

    init(_ weights: OperandWeights, _ products: Products, weightGradient: Memory? = nil) {
        self.weights = weights
        self.products = products
        self.weightGradient = weightGradient
    }

    /// Y = X·Wᵀ + b, or Y += X·Wᵀ + b.
    ///
    /// - Parameters:
    ///   - tile: rows of one product; all at once when nil.
    ///   - input: T [N, I].
    ///   - output: [N, O], T or fp32.
    func forward(
        _ linear: Linear, rows: Int, tile: Int? = nil, _ input: Matrix, into output: Matrix, accumulating: Bool = false
    ) {
        let matrix = weights.matrix(linear.weight, inputs: linear.inputs).transposed
        for first in stride(from: 0, to: rows, by: max(tile ?? rows, 1)) {
            products.multiply(
                min(tile ?? rows, rows - first), linear.inputs, linear.outputs, input.offset(rows: first), matrix,
                into: output.offset(rows: first), accumulating: accumulating)
        }
        if let bias = linear.bias {
            temper_add_bias(
                output.element.half, weights.floats(bias), output.base, Int64(rows), Int64(linear.outputs),
                Int64(output.rowStride))
        }
    }

    /// dW += dYᵀ·X and db += the sums of dY's columns where the weights train; dX = dY·W.
    ///
    /// - Parameters:
    ///   - input: X, what entered, T [N, I].
    ///   - gradient: dY, T [N, O].
    ///   - inputGradient: dX, [N, I], T or fp32.
    func backward(_ linear: Linear, rows: Int, input: Matrix, gradient: Matrix, into inputGradient: Matrix) {
        if let weightGradient {
            products.multiply(
                linear.outputs, rows, linear.inputs, gradient.transposed, input,
                into: Matrix(base: weightGradient.base + 4 * linear.weight, rowStride: linear.inputs, element: .float32),
                accumulating: true)
            if let bias = linear.bias {
                temper_add_column_sums(
                    gradient.element.half, gradient.base, weightGradient.floats + bias, Int64(rows), Int64(linear.outputs),
                    Int64(gradient.rowStride))
            }
        }
        products.multiply(
            rows, linear.outputs, linear.inputs, gradient, weights.matrix(linear.weight, inputs: linear.inputs),
            into: inputGradient)
    }
}
