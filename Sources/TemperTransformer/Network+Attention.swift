import CTemperKernels

/// Scratch of one attention block: a tile of queries against all keys up to it.
final class AttentionScratch {
    /// Queries of one tile.
    static let tile = 64

    /// Rows of the longest document.
    let rows: Int

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
        self.rows = rows
        scores = Memory(floats: Self.tile * rows)
        probabilityGradient = Memory(floats: Self.tile * rows)
        probabilities = Memory(element, count: Self.tile * rows)
        scoreGradient = Memory(element, count: Self.tile * rows)
        keyGradient = Memory(floats: rows * configuration.headWidth)
        valueGradient = Memory(floats: rows * configuration.headWidth)
        deltas = Memory(floats: Self.tile)
    }
}

/// One head of one document.
struct AttentionUnit {
    var span: PackedBatch.Span
    var head: Int
}

/// Causal grouped-query attention inside each document; with a window w, a row sees itself and the w − 1 rows before it.
///
/// For a head: P = softmax(Q·Kᵀ/√h), O = P·V. Only one tile of P exists at a time; the backward pass computes it again from
/// the stored logarithms of the denominators (Dao et al. 2022): dV = Pᵀ·dO, dP = dO·Vᵀ, dS = P∘(dP − rowsum(dO∘O))/√h,
/// dQ = dS·K, dK = dSᵀ·Q.
extension Network {
    /// This worker's documents and heads: each document, longest first, goes to the worker with the least to do.
    func attentionUnits(of batch: PackedBatch, heads: Int) -> [AttentionUnit] {
        var loads = Array(repeating: 0, count: team.count)
        var units: [AttentionUnit] = []
        for span in batch.spans.sorted(by: { ($1.count, $0.start) < ($0.count, $1.start) }) {
            for head in 0..<heads {
                let next = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
                loads[next] += span.count * (span.count + AttentionScratch.tile)
                if next == worker { units.append(AttentionUnit(span: span, head: head)) }
            }
        }
        return units
    }

    func attention(_ layer: Activations.Layer, _ places: WeightLayout.Layer, _ batch: PackedBatch, window: Int) {
        let inputWidth = configuration.attentionInputWidth
        let rows = operand(layer.queriesKeysValues, inputWidth), own = rows.offset(rows: share.rows.lowerBound)
        linears.forward(
            places.attentionInput, rows: share.rows.count,
            operand(layer.normedInput, configuration.width).offset(rows: share.rows.lowerBound), into: own, keys: share.keys)
        if let norms = places.headNorms {
            headNorm.forward(layer.queriesKeysValues, norms, rows: share.rows, kept: layer.headNorm)
        }
        rotation.rotate(own.base, direction: 1)
        team.wait()
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        let output = operand(layer.attended, configuration.queryWidth)
        let scale = 1 / Float(head).squareRoot()
        measured(share.heads, headsPerUnit: 1, productsPerHead: 2, window: window) { unit in
            let span = unit.span
            let keyColumn = configuration.queryWidth + unit.head / group * head
            let keys = rows.offset(rows: span.start, columns: keyColumn)
            let values = rows.offset(rows: span.start, columns: keyColumn + configuration.keyValueWidth)
            forEachTile(of: span, window: window) { first, count, hidden, seen in
                let logSums = layer.logSums.floats + unit.head * activations.rows + span.start + first
                let queries = rows.offset(rows: span.start + first, columns: unit.head * head)
                products.multiply(
                    count, head, seen, queries, keys.offset(rows: hidden).transposed,
                    into: floats(attentionScratch.scores, seen))
                temper_attention_softmax(
                    element.half, attentionScratch.scores.floats, attentionScratch.probabilities.base, logSums, Int64(count),
                    Int64(seen), Int64(first + 1 - hidden), Int64(window), scale)
                products.multiply(
                    count, seen, head, operand(attentionScratch.probabilities, seen), values.offset(rows: hidden),
                    into: output.offset(rows: span.start + first, columns: unit.head * head))
            }
        }
        team.wait()
    }

    /// From `activations.attendedGradient` of all rows to this worker's heads of `activations.queriesKeysValuesGradient`.
    func attentionHeadsBackward(_ layer: Activations.Layer, window: Int) {
        let inputWidth = configuration.attentionInputWidth
        let gradient = operand(activations.queriesKeysValuesGradient, inputWidth)
        let head = configuration.headWidth, group = configuration.headCount / configuration.keyValueHeadCount
        measured(share.keyHeads, headsPerUnit: group, productsPerHead: 5, window: window) { unit in
            let span = unit.span
            attentionScratch.keyGradient.floats.update(repeating: 0, count: span.count * head)
            attentionScratch.valueGradient.floats.update(repeating: 0, count: span.count * head)
            for index in unit.head * group..<(unit.head + 1) * group { headBackward(index, layer, span, window: window) }
            let column = configuration.queryWidth + unit.head * head
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

    /// From the gradient of rotated queries and keys to the projections' gradient and, if wanted, `activations.normGradient`,
    /// for this worker's rows.
    func attentionInputBackward(_ layer: Activations.Layer, _ places: WeightLayout.Layer, intoInput: Bool) {
        let width = configuration.width, first = share.rows.lowerBound
        let gradient = operand(activations.queriesKeysValuesGradient, configuration.attentionInputWidth).offset(rows: first)
        rotation.rotate(gradient.base, direction: -1)
        if let norms = places.headNorms, let kept = layer.headNorm {
            headNorm.backward(activations.queriesKeysValuesGradient, norms, rows: share.rows, kept: kept, normGradients)
        }
        linears.backward(
            places.attentionInput, rows: share.rows.count, input: operand(layer.normedInput, width).offset(rows: first),
            gradient: gradient, into: intoInput ? floats(activations.normGradient, width).offset(rows: first) : nil,
            keys: share.keys)
    }

    /// Calls `body` with each unit; counts only what rows see, not what tiles compute beyond.
    private func measured(
        _ units: [AttentionUnit], headsPerUnit: Int, productsPerHead: Int, window: Int, _ body: (AttentionUnit) -> Void
    ) {
        guard let times = linears.times else { return units.forEach(body) }
        let seen = units.reduce(0) { $0 + (0..<$1.span.count).reduce(0) { $0 + min($1 + 1, window) } }
        let operations = 2 * Double(seen) * Double(configuration.headWidth * headsPerUnit * productsPerHead)
        times.measure(.attention, operations: operations) { units.forEach(body) }
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
