import CTemperKernels

/// A model's weights as operands of products: where they lie as such, a rounded copy with the same offsets, or expanded a
/// panel at a time.
final class OperandWeights {
    let model: TransformerModel
    let element: Element
    /// A bfloat16 copy of an fp32 model's weights; nil where none is needed.
    let rounded: Memory?

    init(_ model: TransformerModel, _ element: Element) {
        self.model = model
        self.element = element
        rounded = element == .bfloat16 && model.packed == nil ? Memory(.bfloat16, count: model.layout.count) : nil
        refresh()
    }

    /// Rounds the fp32 weights anew.
    func refresh() {
        if let rounded { temper_convert(1, model.weights.floats, rounded.base, Int64(model.layout.count)) }
    }

    /// The [outputs, inputs] matrix of a linear layer; nil when it has to be expanded.
    func matrix(_ linear: Linear) -> Matrix? {
        guard let packed = model.packed else {
            let base = rounded?.base ?? model.weights.base
            return Matrix(base: base + linear.weight * element.byteCount, rowStride: linear.inputs, element: element)
        }
        guard element == .bfloat16, case .bfloat16(let start) = packed.place(linear.weight) else { return nil }
        return Matrix(base: packed.halves.base + 2 * start, rowStride: linear.inputs, element: element)
    }

    /// A part of a linear layer's packed matrix as the element type, without gaps.
    ///
    /// - Parameters:
    ///   - inputs: begin at a multiple of ``PackedWeights/group``.
    ///   - scratch: holds as many elements.
    func expand(_ linear: Linear, outputs: Range<Int>, inputs: Range<Int>, into scratch: Memory) -> Matrix {
        guard let packed = model.packed else { preconditionFailure("weights that are not packed need no expanding") }
        packed.expand(
            linear.weight, rows: outputs, columns: inputs, inputs: linear.inputs, element, into: scratch.base)
        return Matrix(base: scratch.base, rowStride: inputs.count, element: element)
    }

    /// fp32 values of the norm or bias at an offset of the arena.
    func floats(_ offset: Int) -> UnsafeMutablePointer<Float> {
        guard let packed = model.packed else { return model.weights.floats + offset }
        guard case .floats(let start) = packed.place(offset) else { preconditionFailure("a packed matrix is not fp32") }
        return packed.floats.floats + start
    }

    /// The embeddings of tokens, fp32 [ids, D].
    func gatherEmbeddings(_ ids: [Int32], into target: UnsafeMutablePointer<Float>) {
        let width = Int64(model.configuration.width), place = model.layout.embedding
        guard let packed = model.packed else {
            return temper_gather_embeddings(model.weights.floats + place, ids, target, Int64(ids.count), width)
        }
        guard case .bfloat16(let start) = packed.place(place) else { preconditionFailure("embeddings are packed as bfloat16") }
        temper_gather_bfloat16_embeddings(packed.halfPointer + start, ids, target, Int64(ids.count), width)
    }
}
