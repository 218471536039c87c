import CTemperKernels

/// SwiGLU (Shazeer 2020): down(silu(gate(x)) ∘ up(x)), added to the residual stream.
extension Network {
    /// Up to the hidden activations, silu(gate(x)) ∘ up(x).
    func feedForward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, rows: Int, keys: [UInt64]) {
        let width = configuration.width, inner = configuration.feedForwardWidth
        linears.forward(
            places.gateUp, rows: rows, operand(layer.normedMiddle, width), into: operand(layer.gateUp, 2 * inner), keys: keys)
        temper_swiglu(element.half, layer.gateUp.base, layer.hidden.base, Int64(rows), Int64(inner))
    }

    /// From `activations.gradientOperand` to `activations.normGradient` and the weight gradients.
    func feedForwardBackward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, rows: Int, keys: [UInt64]) {
        let width = configuration.width, inner = configuration.feedForwardWidth
        linears.backward(
            places.down, rows: rows, input: operand(layer.hidden, inner), gradient: operand(activations.gradientOperand, width),
            into: operand(activations.hiddenGradient, inner), keys: keys)
        temper_swiglu_backward(
            element.half, layer.gateUp.base, activations.hiddenGradient.base, activations.gateUpGradient.base, Int64(rows),
            Int64(inner))
        linears.backward(
            places.gateUp, rows: rows, input: operand(layer.normedMiddle, width),
            gradient: operand(activations.gateUpGradient, 2 * inner), into: floats(activations.normGradient, width), keys: keys)
    }
}
