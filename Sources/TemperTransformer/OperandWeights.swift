import CTemperKernels

/// A model's weights as operands of products: the fp32 arena itself, or a rounded copy with the same offsets.
final class OperandWeights {
    let model: TransformerModel
    let element: Element
    /// Nil in fp32.
    let rounded: Memory?

    init(_ model: TransformerModel, _ element: Element) {
        self.model = model
        self.element = element
        rounded = element == .bfloat16 ? Memory(.bfloat16, count: model.layout.count) : nil
        refresh()
    }

    /// Rounds the fp32 weights anew.
    func refresh() {
        if let rounded { temper_convert(1, model.weights.floats, rounded.base, Int64(model.layout.count)) }
    }

    /// The [outputs, inputs] matrix at an offset of the arena.
    func matrix(_ offset: Int, inputs: Int) -> Matrix {
        let base = rounded?.base ?? model.weights.base
        return Matrix(base: base + offset * element.byteCount, rowStride: inputs, element: element)
    }

    /// fp32 values at an offset of the arena, for norms and embeddings.
    func floats(_ offset: Int) -> UnsafeMutablePointer<Float> { model.weights.floats + offset }
}
