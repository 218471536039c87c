import CTemperKernels

/// A model's weights as operands of products: where they lie as such, a rounded copy with the same offsets, or expanded a
/// panel at a time.
final class OperandWeights {
    let model: TransformerModel
    let element: Element
    /// A bfloat16 copy of an fp32 model's weights; nil where none is needed.
    let rounded: Memory?
    /// The linear layers of the copy that lie in panels, by their weights' place.
    private var panelled: Set<Int> = []

    /// - Parameter inPanels: rearranges bfloat16 matrices for ``panels(_:)``; a model that keeps its matrices as bfloat16 has them
    ///   rearranged in place.
    init(_ model: TransformerModel, _ element: Element, inPanels: Bool = false) {
        self.model = model
        self.element = element
        rounded = element == .bfloat16 && model.packed == nil ? Memory(.bfloat16, count: model.layout.count) : nil
        refresh()
        guard inPanels, element == .bfloat16 else { return }
        for linear in model.layout.linears + [model.layout.head] where linear.fitsPanels {
            if let packed = model.packed {
                packed.rearrange(linear)
            } else if let rounded {
                linear.rearrange(rounded.base.assumingMemoryBound(to: UInt16.self) + linear.weight)
                panelled.insert(linear.weight)
            }
        }
    }

    /// Whether all linear layers lie in panels.
    var isAllInPanels: Bool { (model.layout.linears + [model.layout.head]).allSatisfy { panels($0) != nil } }

    /// The matrix of a linear layer in panels (see `temper_to_panels`); nil when it does not lie so.
    func panels(_ linear: Linear) -> UnsafePointer<UInt16>? {
        if let packed = model.packed { return packed.panels(linear) }
        guard panelled.contains(linear.weight), let rounded else { return nil }
        return UnsafePointer(rounded.base.assumingMemoryBound(to: UInt16.self)) + linear.weight
    }

    /// Rounds the fp32 weights again.
    func refresh() {
        if let rounded { temper_convert(1, model.weights.floats, rounded.base, Int64(model.layout.count)) }
    }

    /// The [outputs, inputs] matrix of a linear layer; nil when it has to be expanded.
    func matrix(_ linear: Linear) -> Matrix? {
        guard let packed = model.packed else {
            precondition(!panelled.contains(linear.weight), "a matrix in panels is read as such")
            let base = rounded?.base ?? model.weights.base
            return Matrix(base: base + linear.weight * element.byteCount, rowStride: linear.inputs, element: element)
        }
        guard element == .bfloat16, packed.panels(linear) == nil, case .bfloat16(let start) = packed.place(linear.weight) else {
            return nil
        }
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
        packed.gather(ids, place, width: Int(width), into: target)
    }
}
