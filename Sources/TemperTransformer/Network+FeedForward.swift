import CTemperKernels

/// SwiGLU (Shazeer 2020): down(silu(gate(x)) ∘ up(x)), added to the residual stream.
extension Network {
    func feedForward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, into output: Memory, rows: Int) {
        let width = configuration.width, inner = configuration.feedForwardWidth
        products.multiply(
            rows, width, 2 * inner, operand(layer.normedMiddle, width), weights.matrix(places.gateUp, inputs: width).transposed,
            into: operand(layer.gateUp, 2 * inner))
        temper_swiglu(element.half, layer.gateUp.base, layer.hidden.base, Int64(rows), Int64(inner))
        products.multiply(
            rows, inner, width, operand(layer.hidden, inner), weights.matrix(places.down, inputs: inner).transposed,
            into: floats(output, width), accumulating: true)
    }

    /// From `activations.gradientOperand` to `activations.normGradient` and the weight gradients.
    func feedForwardBackward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, rows: Int) {
        let width = configuration.width, inner = configuration.feedForwardWidth
        let gradient = operand(activations.gradientOperand, width)
        products.multiply(
            width, rows, inner, gradient.transposed, operand(layer.hidden, inner),
            into: gradientMatrix(places.down, inputs: inner), accumulating: true)
        products.multiply(
            rows, width, inner, gradient, weights.matrix(places.down, inputs: inner),
            into: operand(activations.hiddenGradient, inner))
        temper_swiglu_backward(
            element.half, layer.gateUp.base, activations.hiddenGradient.base, activations.gateUpGradient.base, Int64(rows),
            Int64(inner))
        let gateUpGradient = operand(activations.gateUpGradient, 2 * inner)
        products.multiply(
            2 * inner, rows, width, gateUpGradient.transposed, operand(layer.normedMiddle, width),
            into: gradientMatrix(places.gateUp, inputs: width), accumulating: true)
        products.multiply(
            rows, 2 * inner, width, gateUpGradient, weights.matrix(places.gateUp, inputs: width),
            into: floats(activations.normGradient, width))
    }
}
