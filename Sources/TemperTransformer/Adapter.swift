import CTemperKernels
import Foundation
package import TemperCore

/// A low-rank change of a model's linear layers (LoRA, Hu et al. 2021), kept as fp32.
///
/// It is not `Sendable`: the training loop or the sampling engine that holds it is its owner.
package final class Adapter {
    package let options: AdapterOptions
    let layout: AdapterLayout
    let weights: Memory

    init(_ options: AdapterOptions, _ layout: AdapterLayout) {
        self.options = options
        self.layout = layout
        weights = Memory(floats: layout.count)
    }

    /// A fresh adapter, which changes nothing yet: A uniform in ±1/√inputs (Kaiming with a = √5, as peft draws it), B zero.
    ///
    /// - Parameter seed: each matrix draws from a generator of its own.
    /// - Throws: ``TemperError`` with code `data` for impossible options or a target that the model does not have.
    package convenience init(for model: TransformerModel, _ options: AdapterOptions, seed: UInt64) throws {
        if let problem = options.problem { throw TemperError(.data, problem, boundary: .recipe) }
        self.init(options, AdapterLayout(model.layout, parts: try options.parts(of: model.layout), rank: options.rank))
        for entry in layout.entries where entry.name.hasSuffix("lora_A.weight") {
            var random = RandomSource(seed: seed, entry.name)
            let bound = 1 / Double(entry.shape[1]).squareRoot()
            for index in 0..<entry.count { weights.floats[entry.offset + index] = Float((2 * random.unit() - 1) * bound) }
        }
    }

    package var parameterCount: Int { layout.entries.reduce(0) { $0 + $1.count } }

    /// Names, such as `model.layers.0.self_attn.q_proj.lora_A.weight`, and shapes, in the order of the arena.
    package var tensors: [(name: String, shape: [Int])] { layout.entries.map { ($0.name, $0.shape) } }

    /// A copy of one matrix, row-major; nil when there is none of that name.
    package func weights(of name: String) -> [Float]? {
        layout.entry(name).map { Array(UnsafeBufferPointer(start: weights.floats + $0.offset, count: $0.count)) }
    }

    /// Replaces one matrix; engines made before must be told (``GradientEngine/weightsChanged()``).
    package func setWeights(_ values: [Float], of name: String) {
        guard let entry = layout.entry(name) else { preconditionFailure("there is no tensor '\(name)'") }
        precondition(values.count == entry.count, "tensor '\(name)' has \(entry.count) values, not \(values.count)")
        values.withUnsafeBufferPointer { source in
            if let source = source.baseAddress { (weights.floats + entry.offset).update(from: source, count: entry.count) }
        }
    }

    /// A hash of all numbers.
    package var fingerprint: String { String(weights.fingerprint, radix: 16) }

    /// Adds s·B·A to the model's weights, or takes it away again. What was rounded is not undone: unmerging gives back the weights
    /// to within rounding of fp32.
    package func merge(into model: TransformerModel, sign: Float = 1) {
        precondition(model.storage == .fp32, "only fp32 weights can take an adapter in")
        let scale = Float(options.scale) * sign, rank = layout.rank
        for linear in model.layout.linears {
            guard let group = layout.groups[linear.weight] else { continue }
            for part in group.parts {
                let a = weights.floats + group.a + part.column * linear.inputs, b = weights.floats + part.b
                for row in 0..<part.count {
                    let target = model.weights.floats + linear.weight + (part.first + row) * linear.inputs
                    for index in 0..<rank {
                        temper_add_scaled(target, a + index * linear.inputs, b[row * rank + index] * scale, Int64(linear.inputs))
                    }
                }
            }
        }
    }
}

/// An adapter's matrices as operands of products.
final class AdapterOperands {
    let adapter: Adapter
    let element: Element
    /// Nil in fp32.
    let rounded: Memory?

    init(_ adapter: Adapter, _ element: Element) {
        self.adapter = adapter
        self.element = element
        rounded = element == .bfloat16 ? Memory(.bfloat16, count: adapter.layout.count) : nil
        refresh()
    }

    func refresh() {
        if let rounded { temper_convert(1, adapter.weights.floats, rounded.base, Int64(adapter.layout.count)) }
    }

    var scale: Float { Float(adapter.options.scale) }

    /// The dense matrix at an offset of the arena.
    func matrix(_ offset: Int, columns: Int) -> Matrix {
        Matrix(
            base: (rounded?.base ?? adapter.weights.base) + offset * element.byteCount, rowStride: columns, element: element)
    }
}
