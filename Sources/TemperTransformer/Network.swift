import CTemperKernels
import Foundation

/// The decoder's forward and backward pass over a packed batch of documents, as one worker of a team goes through it.
///
/// The team shares activations and the gradient of the weights. Each worker computes its share of the rows; attention it
/// computes for its share of documents and heads, and gradients of matrices for its share of their outputs, over all rows. So
/// there is one gradient whatever the number of workers, and only what crosses rows has to be waited for. The mathematics of
/// each part has its own extension: attention, feed-forward, head.
final class Network {
    let configuration: ModelConfiguration
    let layout: WeightLayout
    let weights: OperandWeights
    let rotation: RowRotation
    let headNorm: HeadNorm
    let products = Products()
    let linears: LinearProducts
    let element: Element
    /// The gradient of the norms, which every row adds to; nil where the weights do not train.
    let normGradients: NormGradients?
    /// The team's.
    var activations: Activations
    let headScratch: HeadScratch
    let team: WorkerTeam
    let worker: Int
    var attentionScratch: AttentionScratch

    /// The dropout of what a layer adds to the residual stream, in this pass.
    private var hiddenDropout: Dropout?
    private let recomputes: Bool
    /// What this worker computes of the pass.
    private(set) var share = Share()

    /// - Parameters:
    ///   - gradient: the team's, laid out like the weights; nil where they do not train.
    ///   - adapter: what trains in place of the weights, or only takes part when there is no gradient.
    ///   - recomputes: keeps only what enters each layer and computes the rest again in the backward pass.
    init(
        _ weights: OperandWeights, _ team: WorkerTeam, worker: Int, rotary: RotaryTable, _ activations: Activations,
        _ headScratch: HeadScratch, gradient: Memory?, adapter: AdapterOperands?, adapterGradient: Memory?, recomputes: Bool
    ) {
        self.weights = weights
        self.team = team
        self.worker = worker
        self.activations = activations
        self.headScratch = headScratch
        self.recomputes = recomputes
        configuration = weights.model.configuration
        layout = weights.model.layout
        element = weights.element
        rotation = RowRotation(rotary, configuration, element)
        headNorm = HeadNorm(configuration: configuration, element: element, weights: weights)
        linears = LinearProducts(
            weights, products, weightGradient: gradient, training: adapter, adapterGradient: adapterGradient)
        normGradients = gradient.map { _ in NormGradients(weights.model.layout) }
        attentionScratch = AttentionScratch(configuration, element, rows: PackedBatch.rowTile)
    }

    /// What the next passes drop; nil for nothing.
    func drop(_ hidden: Dropout?, ofAdapters adapters: Dropout?) {
        hiddenDropout = hidden
        linears.dropout = adapters
    }

    /// What one worker computes of a pass.
    struct Share {
        /// Its part of all rows, and of the selected ones.
        var rows = 0..<0
        var selected = 0..<0
        /// The dropout keys of these rows.
        var keys: [UInt64] = []
        var selectedKeys: [UInt64] = []
        /// Documents and query heads, and documents and key heads with all their query heads, to compute attention for.
        var heads: [AttentionUnit] = []
        var keyHeads: [AttentionUnit] = []
    }

    /// The residual stream after the last layer at the batch's selected rows, normed: `activations.normedOutput`.
    ///
    /// To be called by the whole team. The activations have room for the batch.
    func forward(_ batch: PackedBatch) {
        begin(batch)
        let rows = share.rows
        weights.gatherEmbeddings(
            Array(batch.ids[rows]), into: activations.layers[0].input.floats + rows.lowerBound * configuration.width)
        for index in 0..<configuration.layerCount {
            let layer = activations.layers[index], places = layout.layers[index]
            enter(index, batch, movesOn: true)
            addToStream(
                places.down, rows: rowsAfterAttention(index), operand(layer.hidden, configuration.feedForwardWidth),
                stream: output(of: index), keys: keysAfterAttention(index))
        }
        norm(
            activations.output, layout.finalNorm, into: activations.normedOutput, scale: activations.outputScale, copy: nil,
            rows: share.selected)
    }

    private func begin(_ batch: PackedBatch) {
        share.rows = (0..<batch.rows).share(of: worker, among: team.count)
        share.selected = (0..<batch.selected.count).share(of: worker, among: team.count)
        share.keys = Array(batch.rowKeys[share.rows])
        share.selectedKeys = Array(batch.selectedKeys[share.selected])
        share.heads = attentionUnits(of: batch, heads: configuration.headCount)
        share.keyHeads = attentionUnits(of: batch, heads: configuration.keyValueHeadCount)
        rotation.prepare(positions: batch.positions[share.rows], lengths: batch.lengths[share.rows])
        let longest = batch.spans.map(\.count).max() ?? 0
        if longest > attentionScratch.rows { attentionScratch = AttentionScratch(configuration, element, rows: longest) }
    }

    private func isLast(_ index: Int) -> Bool { index + 1 == configuration.layerCount }

    /// Where the residual stream goes after a layer.
    private func output(of index: Int) -> Memory {
        isLast(index) ? activations.output : activations.layers[index + 1].input
    }

    // After the last attention only selected rows go on.
    private func rowsAfterAttention(_ index: Int) -> Range<Int> { isLast(index) ? share.selected : share.rows }
    private func keysAfterAttention(_ index: Int) -> [UInt64] { isLast(index) ? share.selectedKeys : share.keys }
    private func countAfterAttention(_ index: Int, _ batch: PackedBatch) -> Int {
        isLast(index) ? batch.selected.count : batch.rows
    }

    /// A layer up to the feed-forward part's hidden activations.
    ///
    /// - Parameter movesOn: also copies the residual stream on to where the layer's result will be added to it.
    private func enter(_ index: Int, _ batch: PackedBatch, movesOn: Bool) {
        let width = configuration.width, isLast = isLast(index)
        let layer = activations.layers[index], places = layout.layers[index]
        // The residual stream moves on to a buffer of its own, since the backward pass of the norm needs what entered it.
        norm(
            layer.input, places.attentionNorm, into: layer.normedInput, scale: layer.inputScale,
            copy: isLast ? nil : layer.middle, rows: share.rows)
        attention(layer, places, batch, window: configuration.window(ofLayer: index))
        if isLast {
            gatherSelected(
                layer.attended, into: activations.attendedSelected, batch, configuration.queryWidth * element.byteCount)
            gatherSelected(layer.input, into: layer.middle, batch, 4 * width)
        }
        let rows = rowsAfterAttention(index), keys = keysAfterAttention(index)
        addToStream(
            places.attentionOutput, rows: rows, attended(index), stream: layer.middle, keys: keys)
        norm(
            layer.middle, places.feedForwardNorm, into: layer.normedMiddle, scale: layer.middleScale,
            copy: movesOn ? output(of: index) : nil, rows: rows)
        feedForward(layer, places, rows: rows, keys: keys)
    }

    /// What attention gave to the rows that go on.
    private func attended(_ index: Int) -> Matrix {
        operand(isLast(index) ? activations.attendedSelected : activations.layers[index].attended, configuration.queryWidth)
    }

    private func gatherSelected(_ source: Memory, into target: Memory, _ batch: PackedBatch, _ rowBytes: Int) {
        batch.selected.withUnsafeBufferPointer { selected in
            guard let first = selected.baseAddress else { return }
            temper_gather_rows(
                source.base, first + share.selected.lowerBound, target.base + share.selected.lowerBound * rowBytes,
                Int64(share.selected.count), Int64(rowBytes))
        }
    }

    /// Adds a projection, or what dropout leaves of it, to the residual stream.
    private func addToStream(_ linear: Linear, rows: Range<Int>, _ input: Matrix, stream: Memory, keys: [UInt64]) {
        let width = configuration.width, first = rows.lowerBound
        let input = input.offset(rows: first), stream = floats(stream, width).offset(rows: first)
        guard let hiddenDropout else {
            return linears.forward(linear, rows: rows.count, input, into: stream, accumulating: true, keys: keys)
        }
        // Free until the next norm's backward pass.
        let branch = floats(activations.normGradient, width).offset(rows: first)
        linears.forward(linear, rows: rows.count, input, into: branch, keys: keys)
        temper_add_dropout(
            0, branch.base.assumingMemoryBound(to: Float.self), stream.base, keys, Int64(rows.count), Int64(width), Int64(width),
            hiddenDropout.settings(at: linear.weight))
    }

    /// Adds the gradient of the weights or of the adapter, given the gradient of the head's input in
    /// `activations.normGradient`.
    ///
    /// The whole team calls it after ``forward(_:)`` and the head's backward pass on the same batch.
    func backward(_ batch: PackedBatch) {
        let width = configuration.width
        let compact = activations.gradientSelected, feedForwardGradient = activations.feedForwardOperand
        (compact.floats + share.selected.lowerBound * width).update(repeating: 0, count: share.selected.count * width)
        normBackward(
            activations.output, layout.finalNorm, scale: activations.outputScale, into: compact, operand: feedForwardGradient,
            rows: share.selected)
        for index in (0..<configuration.layerCount).reversed() {
            let isLast = isLast(index)
            // The last layer's activations are still there. The memory of all others is one: nobody may still read the next's.
            if recomputes, !isLast {
                team.wait()
                enter(index, batch, movesOn: false)
            }
            let layer = activations.layers[index], places = layout.layers[index]
            let gradient = isLast ? compact : activations.gradient
            let rows = rowsAfterAttention(index), keys = keysAfterAttention(index)
            dropBranchGradient(feedForwardGradient, places.down, rows: rows, keys)
            feedForwardBackward(layer, places, rows: rows, keys: keys)
            normBackward(
                layer.middle, places.feedForwardNorm, scale: layer.middleScale, into: gradient,
                operand: activations.attentionOperand, rows: rows)

            dropBranchGradient(activations.attentionOperand, places.attentionOutput, rows: rows, keys)
            let attendedGradient = isLast ? activations.attendedSelectedGradient : activations.attendedGradient
            linears.backward(
                places.attentionOutput, rows: rows.count, input: attended(index).offset(rows: rows.lowerBound),
                gradient: operand(activations.attentionOperand, width).offset(rows: rows.lowerBound),
                into: operand(attendedGradient, configuration.queryWidth).offset(rows: rows.lowerBound), keys: keys)
            if isLast { spreadSelectedGradient(batch) }
            team.wait()
            // Nothing below the first layer trains beside an adapter.
            let isNeeded = linears.weightGradient != nil || index > 0
            attentionHeadsBackward(layer, window: configuration.window(ofLayer: index))
            let count = countAfterAttention(index, batch)
            addWeightGradient(places.attentionOutput, rows: count, attended(index), activations.attentionOperand)
            addWeightGradient(
                places.gateUp, rows: count, operand(layer.normedMiddle, width), activations.gateUpGradient)
            addWeightGradient(
                places.down, rows: count, operand(layer.hidden, configuration.feedForwardWidth), feedForwardGradient)
            team.wait()
            attentionInputBackward(layer, places, intoInput: isNeeded)
            if isNeeded {
                normBackward(
                    layer.input, places.attentionNorm, scale: layer.inputScale, into: activations.gradient,
                    operand: feedForwardGradient, rows: share.rows)
            }
            team.wait()
            addWeightGradient(
                places.attentionInput, rows: batch.rows, operand(layer.normedInput, width), activations.queriesKeysValuesGradient)
        }
        if let weightGradient = linears.weightGradient {
            let columns = (0..<width).share(of: worker, among: team.count)
            temper_scatter_embeddings(
                weightGradient.floats + layout.embedding, batch.ids, activations.gradient.floats, Int64(batch.rows), Int64(width),
                Int64(columns.lowerBound), Int64(columns.count))
        }
        // The next pass writes over what these gradients were made from.
        team.wait()
    }

    /// This worker's part of a matrix's gradient, over all rows.
    func addWeightGradient(_ linear: Linear, rows: Int, _ input: Matrix, _ gradient: Memory) {
        linears.addWeightGradient(
            linear, outputs: (0..<linear.outputs).share(of: worker, among: team.count), rows: rows, input: input,
            gradient: operand(gradient, linear.outputs))
    }

    /// The gradient of a projection that dropout followed, from that of the residual stream; in place.
    private func dropBranchGradient(_ gradient: Memory, _ linear: Linear, rows: Range<Int>, _ keys: [UInt64]) {
        guard let hiddenDropout else { return }
        let width = Int64(configuration.width)
        let operand = operand(gradient, configuration.width).offset(rows: rows.lowerBound).base
        temper_dropout(
            element.half, operand, operand, keys, Int64(rows.count), width, width, hiddenDropout.settings(at: linear.weight))
    }

    /// Copies selected rows to their places among all rows; the others do not touch the loss after the last attention.
    private func spreadSelectedGradient(_ batch: PackedBatch) {
        let streamBytes = 4 * configuration.width, operandBytes = configuration.queryWidth * element.byteCount
        let rows = share.rows, selected = share.selected
        memset(activations.gradient.base + rows.lowerBound * streamBytes, 0, rows.count * streamBytes)
        memset(activations.attendedGradient.base + rows.lowerBound * operandBytes, 0, rows.count * operandBytes)
        team.wait()
        batch.selected.withUnsafeBufferPointer { indices in
            guard let first = indices.baseAddress else { return }
            for (source, target, bytes) in [
                (activations.gradientSelected, activations.gradient, streamBytes),
                (activations.attendedSelectedGradient, activations.attendedGradient, operandBytes),
            ] {
                temper_scatter_rows(
                    source.base + selected.lowerBound * bytes, first + selected.lowerBound, target.base, Int64(selected.count),
                    Int64(bytes))
            }
        }
    }

    // MARK: RMSNorm (Zhang and Sennrich 2019)

    private func norm(_ input: Memory, _ place: Int, into output: Memory, scale: Memory, copy: Memory?, rows: Range<Int>) {
        let width = configuration.width, first = rows.lowerBound
        temper_rms_norm(
            element.half, input.floats + first * width, weights.floats(place),
            output.base + first * width * element.byteCount, scale.floats + first, copy.map { $0.floats + first * width },
            Int64(rows.count), Int64(width), Float(configuration.normEpsilon))
    }

    /// Adds to the residual stream's gradient what flows back through the norm, and keeps a copy of it as an operand.
    private func normBackward(
        _ input: Memory, _ place: Int, scale: Memory, into gradient: Memory, operand: Memory, rows: Range<Int>
    ) {
        let width = configuration.width, first = rows.lowerBound
        temper_rms_norm_backward(
            element.half, activations.normGradient.floats + first * width, input.floats + first * width, scale.floats + first,
            weights.floats(place), gradient.floats + first * width, normGradients?.floats(place),
            operand.base + first * width * element.byteCount, Int64(rows.count), Int64(width))
    }

    // MARK: Matrices

    /// A dense activation of the operand type.
    func operand(_ memory: Memory, _ width: Int) -> Matrix { Matrix(base: memory.base, rowStride: width, element: element) }

    /// A dense fp32 activation.
    func floats(_ memory: Memory, _ width: Int) -> Matrix { Matrix(base: memory.base, rowStride: width, element: .float32) }
}
