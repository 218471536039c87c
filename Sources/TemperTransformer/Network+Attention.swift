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

/// Causal grouped-query attention inside each document; with a window w, a row sees itself and the w − 1 rows before it.
///
/// For a head: P = softmax(Q·Kᵀ/√h), O = P·V. Only one tile of P exists at a time; the backward pass computes it again from
/// the stored logarithms of the denominators (Dao et al. 2022): dV = Pᵀ·dO, dP = dO·Vᵀ, dS = P∘(dP − rowsum(dO∘O))/√h,
/// dQ = dS·K, dK = dSᵀ·Q.
extension Network {
    func attention(_ layer: Activations.Layer, _ places: WeightLayout.Layer, _ batch: PackedBatch, window: Int) {
        let inputWidth = configuration.attentionInputWidth
        linears.forward(
            places.attentionInput, rows: batch.rows, operand(layer.normedInput, configuration.width),
            into: operand(layer.queriesKeysValues, inputWidth), keys: batch.rowKeys)
        if let norms = places.headNorms {
            headNorm.forward(layer.queriesKeysValues, norms, count: batch.rows, kept: layer.headNorm)
        }
        rotation.rotate(layer.queriesKeysValues, direction: 1)
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        let rows = operand(layer.queriesKeysValues, inputWidth), output = operand(layer.attended, configuration.queryWidth)
        let scale = 1 / Float(head).squareRoot()
        for span in batch.spans {
            for index in 0..<configuration.headCount {
                let keyColumn = configuration.queryWidth + index / group * head
                let keys = rows.offset(rows: span.start, columns: keyColumn)
                let values = rows.offset(rows: span.start, columns: keyColumn + configuration.keyValueWidth)
                forEachTile(of: span, window: window) { first, count, hidden, seen in
                    let logSums = layer.logSums.floats + index * activations.rows + span.start + first
                    let queries = rows.offset(rows: span.start + first, columns: index * head)
                    products.multiply(
                        count, head, seen, queries, keys.offset(rows: hidden).transposed,
                        into: floats(attentionScratch.scores, seen))
                    temper_attention_softmax(
                        element.half, attentionScratch.scores.floats, attentionScratch.probabilities.base, logSums, Int64(count),
                        Int64(seen), Int64(first + 1 - hidden), Int64(window), scale)
                    products.multiply(
                        count, seen, head, operand(attentionScratch.probabilities, seen), values.offset(rows: hidden),
                        into: output.offset(rows: span.start + first, columns: index * head))
                }
            }
        }
    }

    /// From `activations.attendedGradient` to the projections' gradient and, if wanted, `activations.normGradient`.
    func attentionBackward(
        _ layer: Activations.Layer, _ places: WeightLayout.Layer, _ batch: PackedBatch, window: Int, intoInput: Bool
    ) {
        let width = configuration.width, inputWidth = configuration.attentionInputWidth
        let gradient = operand(activations.queriesKeysValuesGradient, inputWidth)
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        for span in batch.spans {
            for keyHead in 0..<configuration.keyValueHeadCount {
                attentionScratch.keyGradient.floats.update(repeating: 0, count: span.count * head)
                attentionScratch.valueGradient.floats.update(repeating: 0, count: span.count * head)
                for index in keyHead * group..<(keyHead + 1) * group {
                    headBackward(index, layer, span, window: window)
                }
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
        rotation.rotate(activations.queriesKeysValuesGradient, direction: -1)
        if let norms = places.headNorms, let kept = layer.headNorm {
            headNorm.backward(
                activations.queriesKeysValuesGradient, norms, count: batch.rows, kept: kept, weightGradient)
        }
        linears.backward(
            places.attentionInput, rows: batch.rows, input: operand(layer.normedInput, width), gradient: gradient,
            into: intoInput ? floats(activations.normGradient, width) : nil, keys: batch.rowKeys)
    }

    private func headBackward(_ index: Int, _ layer: Activations.Layer, _ span: PackedBatch.Span, window: Int) {
        let head = configuration.headWidth, inputWidth = configuration.attentionInputWidth
        let queryWidth = configuration.queryWidth
        let group = configuration.headCount / configuration.keyValueHeadCount
        let scratch = attentionScratch
        let scale = 1 / Float(head).squareRoot()
        let rows = operand(layer.queriesKeysValues, inputWidth)
        let keys = rows.offset(rows: span.start, columns: queryWidth + index / group * head)
        let values = keys.offset(columns: configuration.keyValueWidth)
        forEachTile(of: span, window: window) { first, count, hidden, seen in
            let row = span.start + first
            let keys = keys.offset(rows: hidden), values = values.offset(rows: hidden)
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
                scratch.scoreGradient.base, Int64(count), Int64(seen), Int64(first + 1 - hidden), Int64(window), scale)
            let scoreGradient = operand(scratch.scoreGradient, seen)
            products.multiply(
                seen, count, head, operand(scratch.probabilities, seen).transposed, outputGradient,
                into: floats(scratch.valueGradient, head).offset(rows: hidden), accumulating: true)
            products.multiply(
                count, seen, head, scoreGradient, keys,
                into: operand(activations.queriesKeysValuesGradient, inputWidth).offset(rows: row, columns: index * head))
            products.multiply(
                seen, count, head, scoreGradient.transposed, queries,
                into: floats(scratch.keyGradient, head).offset(rows: hidden), accumulating: true)
        }
    }

    /// Calls `body` with each tile's first row, its row count, the first key that it needs and how many it needs from there
    /// to its last row.
    ///
    /// The first key is a multiple of ``PackedBatch/documentTile``, so that few shapes of products occur.
    private func forEachTile(
        of span: PackedBatch.Span, window: Int, _ body: (_ first: Int, _ count: Int, _ hidden: Int, _ seen: Int) -> Void
    ) {
        let step = PackedBatch.documentTile
        var first = 0
        while first < span.count {
            let count = min(AttentionScratch.tile, span.count - first)
            let hidden = first >= window ? (first + 1 - window) / step * step : 0
            body(first, count, hidden, first + count - hidden)
            first += count
        }
    }
}
