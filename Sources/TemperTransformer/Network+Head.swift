import CTemperKernels

/// Scratch of the head, shared by the team: the logits of a chunk of rows, never those of all.
final class HeadScratch {
    /// Rows of a chunk.
    let rows: Int
    /// fp32 [rows, V].
    let logits: Memory
    /// T [rows, V].
    let logitGradient: Memory
    /// fp32 [rows].
    let losses: Memory

    /// A chunk's logits should stay in the caches; a large vocabulary's cannot, and there a chunk has as many rows as make it
    /// worth going through the head's weights and their gradient, up to 24 M logits.
    init(_ configuration: ModelConfiguration, _ element: Element, workers: Int) {
        let vocabulary = configuration.vocabularySize
        let cached = min((1 << 18) / vocabulary, 256) * workers, worthwhile = min((24 << 20) / vocabulary, 512)
        rows = max(vocabulary > 1 << 14 ? worthwhile : cached, 16) / 16 * 16
        logits = Memory(floats: rows * vocabulary)
        logitGradient = Memory(element, count: rows * vocabulary)
        losses = Memory(floats: rows)
    }
}

/// The output head and the cross entropy, at selected rows only.
extension Network {
    /// The summed loss in nats of this worker's rows of the batch, each times its weight, after ``forward(_:)``.
    ///
    /// With a gradient it also leaves the gradient of `scale` × loss in `activations.normGradient` and in the head's weights.
    func loss(_ batch: PackedBatch, gradientScale scale: Float?) -> Double {
        let width = configuration.width, vocabulary = configuration.vocabularySize
        var sum = 0.0
        team.wait()
        forEachChunk(of: batch.selected.count) { chunk in
            let input = operand(activations.normedOutput, width).offset(rows: chunk.lowerBound)
            let rows = (0..<chunk.count).share(of: worker, among: team.count)
            let logits = floats(headScratch.logits, vocabulary).offset(rows: rows.lowerBound)
            let logitGradient = operand(headScratch.logitGradient, vocabulary).offset(rows: rows.lowerBound)
            let losses = headScratch.losses.floats + rows.lowerBound
            linears.forward(layout.head, rows: rows.count, input.offset(rows: rows.lowerBound), into: logits)
            let first = chunk.lowerBound + rows.lowerBound
            for run in batch.runs(of: first..<first + rows.count) {
                let row = run.first - first
                batch.targets.withUnsafeBufferPointer { targets in
                    temper_cross_entropy(
                        element.half, logits.offset(rows: row).base.assumingMemoryBound(to: Float.self),
                        targets.baseAddress.map { $0 + run.first }, losses + row,
                        scale == nil ? nil : logitGradient.offset(rows: row).base, Int64(run.count), Int64(vocabulary),
                        (scale ?? 0) * run.weight)
                }
                for row in row..<row + run.count { sum += Double(losses[row]) * Double(run.weight) }
            }
            if scale != nil {
                linears.backward(
                    layout.head, rows: rows.count, input: input.offset(rows: rows.lowerBound), gradient: logitGradient,
                    into: floats(activations.normGradient, width).offset(rows: first))
                team.wait()
                addWeightGradient(layout.head, rows: chunk.count, input, headScratch.logitGradient)
            }
            team.wait()
        }
        return sum
    }

    /// The logits of all selected rows, [R, V], after ``forward(_:)`` of the whole team; for one worker.
    func logits(_ batch: PackedBatch) -> [Float] {
        let width = configuration.width, vocabulary = configuration.vocabularySize
        var all: [Float] = []
        forEachChunk(of: batch.selected.count) { chunk in
            linears.forward(
                layout.head, rows: chunk.count, operand(activations.normedOutput, width).offset(rows: chunk.lowerBound),
                into: floats(headScratch.logits, vocabulary))
            all += UnsafeBufferPointer(start: headScratch.logits.floats, count: chunk.count * vocabulary)
        }
        return all
    }

    private func forEachChunk(of rows: Int, _ body: (Range<Int>) -> Void) {
        for first in stride(from: 0, to: rows, by: headScratch.rows) { body(first..<min(first + headScratch.rows, rows)) }
    }
}
