import CTemperKernels

/// Scratch of one attention block: a tile of queries against all keys up to it.
final class AttentionScratch {
    /// Queries of one tile.
    static let tile = 64

    /// fp32 [tile, keys].
    let scores: Memory
    let probabilityGradient: Memory
    /// T [tile, keys].
    let probabilities: Memory
    let scoreGradient: Memory
    /// fp32 [keys, h], summed over the queries of a group.
    let keyGradient: Memory
    let valueGradient: Memory
    /// fp32 [tile].
    let deltas: Memory

    init(_ configuration: ModelConfiguration, _ element: Element, rows: Int) {
        scores = Memory(floats: Self.tile * rows)
        probabilityGradient = Memory(floats: Self.tile * rows)
        probabilities = Memory(element, count: Self.tile * rows)
        scoreGradient = Memory(element, count: Self.tile * rows)
        keyGradient = Memory(floats: rows * configuration.headWidth)
        valueGradient = Memory(floats: rows * configuration.headWidth)
        deltas = Memory(floats: Self.tile)
    }
}

/// Causal grouped-query attention inside each document.
///
/// For a head: P = softmax(Q·Kᵀ/√h), O = P·V. Only one tile of P exists at a time; the backward pass computes it again from
/// the stored logarithms of the denominators (Dao et al. 2022): dV = Pᵀ·dO, dP = dO·Vᵀ, dS = P∘(dP − rowsum(dO∘O))/√h,
/// dQ = dS·K, dK = dSᵀ·Q.
extension Network {
    func attention(_ layer: Activations.Layer, _ places: WeightLayout.Layer, _ batch: PackedBatch) {
        let inputWidth = configuration.attentionInputWidth
        linears.forward(
            places.attentionInput, rows: batch.rows, operand(layer.normedInput, configuration.width),
            into: operand(layer.queriesKeysValues, inputWidth), keys: batch.rowKeys)
        rotate(layer.queriesKeysValues, batch, direction: 1)
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        let rows = operand(layer.queriesKeysValues, inputWidth), output = operand(layer.attended, configuration.queryWidth)
        let scale = 1 / Float(head).squareRoot()
        for span in batch.spans {
            for index in 0..<configuration.headCount {
                let keyColumn = configuration.queryWidth + index / group * head
                let keys = rows.offset(rows: span.start, columns: keyColumn)
                let values = rows.offset(rows: span.start, columns: keyColumn + configuration.keyValueWidth)
                forEachTile(of: span) { first, count, seen in
                    let logSums = layer.logSums.floats + index * activations.rows + span.start + first
                    let queries = rows.offset(rows: span.start + first, columns: index * head)
                    products.multiply(
                        count, head, seen, queries, keys.transposed, into: floats(attentionScratch.scores, seen))
                    temper_attention_softmax(
                        element.half, attentionScratch.scores.floats, attentionScratch.probabilities.base, logSums, Int64(count),
                        Int64(seen), Int64(first + 1), scale)
                    products.multiply(
                        count, seen, head, operand(attentionScratch.probabilities, seen), values,
                        into: output.offset(rows: span.start + first, columns: index * head))
                }
            }
        }
    }

    /// From `activations.attendedGradient` to the projections' gradient and, if wanted, `activations.normGradient`.
    func attentionBackward(
        _ layer: Activations.Layer, _ places: WeightLayout.Layer, _ batch: PackedBatch, intoInput: Bool
    ) {
        let width = configuration.width, inputWidth = configuration.attentionInputWidth
        let gradient = operand(activations.queriesKeysValuesGradient, inputWidth)
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        for span in batch.spans {
            for keyHead in 0..<configuration.keyValueHeadCount {
                attentionScratch.keyGradient.floats.update(repeating: 0, count: span.count * head)
                attentionScratch.valueGradient.floats.update(repeating: 0, count: span.count * head)
                for index in keyHead * group..<(keyHead + 1) * group { headBackward(index, layer, span) }
                let column = configuration.queryWidth + keyHead * head
                for (source, column) in [
                    (attentionScratch.keyGradient, column),
                    (attentionScratch.valueGradient, column + configuration.keyValueWidth),
                ] {
                    temper_store_rows(
                        element.half, source.floats, gradient.offset(rows: span.start, columns: column).base, Int64(span.count),
                        Int64(head), Int64(inputWidth))
                }
            }
        }
        rotate(activations.queriesKeysValuesGradient, batch, direction: -1)
        linears.backward(
            places.attentionInput, rows: batch.rows, input: operand(layer.normedInput, width), gradient: gradient,
            into: intoInput ? floats(activations.normGradient, width) : nil, keys: batch.rowKeys)
    }

    private func headBackward(_ index: Int, _ layer: Activations.Layer, _ span: PackedBatch.Span) {
        let head = configuration.headWidth, inputWidth = configuration.attentionInputWidth
        let queryWidth = configuration.queryWidth
        let group = configuration.headCount / configuration.keyValueHeadCount
        let scratch = attentionScratch
        let scale = 1 / Float(head).squareRoot()
        let rows = operand(layer.queriesKeysValues, inputWidth)
        let keys = rows.offset(rows: span.start, columns: queryWidth + index / group * head)
        let values = keys.offset(columns: configuration.keyValueWidth)
        forEachTile(of: span) { first, count, seen in
            let row = span.start + first
            let queries = rows.offset(rows: row, columns: index * head)
            let output = operand(layer.attended, queryWidth).offset(rows: row, columns: index * head)
            let outputGradient = operand(activations.attendedGradient, queryWidth).offset(rows: row, columns: index * head)
            products.multiply(count, head, seen, queries, keys.transposed, into: floats(scratch.scores, seen))
            products.multiply(
                count, head, seen, outputGradient, values.transposed, into: floats(scratch.probabilityGradient, seen))
            temper_row_products(
                element.half, outputGradient.base, output.base, scratch.deltas.floats, Int64(count), Int64(head),
                Int64(queryWidth))
            temper_attention_softmax_backward(
                element.half, scratch.scores.floats, scratch.probabilityGradient.floats,
                layer.logSums.floats + index * activations.rows + row, scratch.deltas.floats, scratch.probabilities.base,
                scratch.scoreGradient.base, Int64(count), Int64(seen), Int64(first + 1), scale)
            let scoreGradient = operand(scratch.scoreGradient, seen)
            products.multiply(
                seen, count, head, operand(scratch.probabilities, seen).transposed, outputGradient,
                into: floats(scratch.valueGradient, head), accumulating: true)
            products.multiply(
                count, seen, head, scoreGradient, keys,
                into: operand(activations.queriesKeysValuesGradient, inputWidth).offset(rows: row, columns: index * head))
            products.multiply(
                seen, count, head, scoreGradient.transposed, queries, into: floats(scratch.keyGradient, head),
                accumulating: true)
        }
    }

    /// Calls `body` with each tile's first row, its row count and the number of keys its last row sees.
    private func forEachTile(of span: PackedBatch.Span, _ body: (_ first: Int, _ count: Int, _ seen: Int) -> Void) {
        var first = 0
        while first < span.count {
            let count = min(AttentionScratch.tile, span.count - first)
            body(first, count, first + count)
            first += count
        }
    }

    /// Rotates queries and keys, neighbours in a row, in place.
    private func rotate(_ rows: Memory, _ batch: PackedBatch, direction: Float) {
        temper_rotate(
            element.half, rows.base, Int64(configuration.attentionInputWidth), batch.positions, rotary.cosines.floats,
            rotary.sines.floats, Int64(batch.rows), Int64(configuration.headCount + configuration.keyValueHeadCount),
            Int64(configuration.headWidth), direction)
    }
}
