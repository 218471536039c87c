import CTemperKernels

/// SwiGLU (Shazeer 2020): down(silu(gate(x)) ∘ up(x)), added to the residual stream.
extension Network {
    /// Up to the hidden activations, silu(gate(x)) ∘ up(x).
    func feedForward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, rows: Range<Int>, keys: [UInt64]) {
        let inner = configuration.feedForwardWidth, first = rows.lowerBound
        let gateUp = operand(layer.gateUp, 2 * inner).offset(rows: first)
        linears.forward(
            places.gateUp, rows: rows.count, operand(layer.normedMiddle, configuration.width).offset(rows: first), into: gateUp,
            keys: keys)
        temper_swiglu(
            element.half, gateUp.base, operand(layer.hidden, inner).offset(rows: first).base, Int64(rows.count), Int64(inner),
            Int64(inner))
    }

    /// From `activations.feedForwardOperand` to `activations.normGradient` and what the weight gradients need.
    func feedForwardBackward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, rows: Range<Int>, keys: [UInt64]) {
        let width = configuration.width, inner = configuration.feedForwardWidth, first = rows.lowerBound
        let hiddenGradient = operand(activations.hiddenGradient, inner).offset(rows: first)
        let gateUpGradient = operand(activations.gateUpGradient, 2 * inner).offset(rows: first)
        linears.backward(
            places.down, rows: rows.count, input: operand(layer.hidden, inner).offset(rows: first),
            gradient: operand(activations.feedForwardOperand, width).offset(rows: first), into: hiddenGradient, keys: keys)
        temper_swiglu_backward(
            element.half, operand(layer.gateUp, 2 * inner).offset(rows: first).base, hiddenGradient.base, gateUpGradient.base,
            Int64(rows.count), Int64(inner))
        linears.backward(
            places.gateUp, rows: rows.count, input: operand(layer.normedMiddle, width).offset(rows: first),
            gradient: gateUpGradient, into: floats(activations.normGradient, width).offset(rows: first), keys: keys)
    }
}
