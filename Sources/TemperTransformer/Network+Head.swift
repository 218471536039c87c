import CTemperKernels

/// Scratch of the head: the logits of a chunk of rows, never those of all.
final class HeadScratch {
    /// Rows of a chunk; about 256 K logits, so that a chunk stays in the cache.
    let rows: Int
    /// fp32 [rows, V].
    let logits: Memory
    /// T [rows, V].
    let logitGradient: Memory
    /// fp32 [rows].
    let losses: Memory

    init(_ configuration: ModelConfiguration, _ element: Element) {
        rows = min(max((1 << 18) / configuration.vocabularySize / 16 * 16, 16), 256)
        logits = Memory(floats: rows * configuration.vocabularySize)
        logitGradient = Memory(element, count: rows * configuration.vocabularySize)
        losses = Memory(floats: rows)
    }
}

/// The output head and the cross entropy, at selected rows only.
extension Network {
    /// The summed loss in nats of the batch's targets, each times its weight, after ``forward(_:)``.
    ///
    /// With a gradient it also leaves the gradient of `scale` × loss in `activations.normGradient` and in the head's weights.
    func loss(_ batch: PackedBatch, gradientScale scale: Float?) -> Double {
        let width = configuration.width, vocabulary = configuration.vocabularySize
        let head = weights.matrix(layout.head, inputs: width)
        var sum = 0.0
        forEachChunk(of: batch.selected.count) { first, count in
            let input = operand(activations.normedOutput, width).offset(rows: first)
            let logits = floats(headScratch.logits, vocabulary)
            products.multiply(count, width, vocabulary, input, head.transposed, into: logits)
            for run in batch.runs(of: first..<first + count) {
                let row = run.first - first
                batch.targets.withUnsafeBufferPointer { targets in
                    temper_cross_entropy(
                        element.half, headScratch.logits.floats + row * vocabulary, targets.baseAddress.map { $0 + run.first },
                        headScratch.losses.floats + row,
                        scale == nil ? nil : headScratch.logitGradient.base + row * vocabulary * element.byteCount,
                        Int64(run.count), Int64(vocabulary), (scale ?? 0) * run.weight)
                }
                for row in row..<row + run.count { sum += Double(headScratch.losses.floats[row]) * Double(run.weight) }
            }
            guard scale != nil else { return }
            let gradient = operand(headScratch.logitGradient, vocabulary)
            products.multiply(
                count, vocabulary, width, gradient, head, into: floats(activations.normGradient, width).offset(rows: first))
            products.multiply(
                vocabulary, count, width, gradient.transposed, input, into: gradientMatrix(layout.head, inputs: width),
                accumulating: true)
        }
        return sum
    }

    /// The logits of all selected rows, [R, V], after ``forward(_:)``.
    func logits(_ batch: PackedBatch) -> [Float] {
        let width = configuration.width, vocabulary = configuration.vocabularySize
        var all: [Float] = []
        forEachChunk(of: batch.selected.count) { first, count in
            products.multiply(
                count, width, vocabulary, operand(activations.normedOutput, width).offset(rows: first),
                weights.matrix(layout.head, inputs: width).transposed, into: floats(headScratch.logits, vocabulary))
            all += UnsafeBufferPointer(start: headScratch.logits.floats, count: count * vocabulary)
        }
        return all
    }

    private func forEachChunk(of rows: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        var first = 0
        while first < rows {
            let count = min(headScratch.rows, rows - first)
            body(first, count)
            first += count
        }
    }
}
