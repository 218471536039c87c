import CTemperKernels
import Foundation

/// The decoder's forward and backward pass on one thread, over a packed batch of documents.
///
/// The mathematics of each part stands in its own extension: attention, feed-forward, head. A network owns its activations
/// and its gradient; several networks share weights, and each serves one worker.
final class Network {
    let configuration: ModelConfiguration
    let layout: WeightLayout
    let weights: OperandWeights
    let rotary: RotaryTable
    let products = Products()
    let linears: LinearProducts
    let element: Element
    /// fp32, laid out like the weights; nil in a network that only computes losses.
    var weightGradient: Memory? { linears.weightGradient }
    private(set) var activations: Activations
    private(set) var attentionScratch: AttentionScratch
    let headScratch: HeadScratch

    /// The dropout of what a layer adds to the residual stream, in this pass.
    private var hiddenDropout: Dropout?
    private let recomputes: Bool

    /// - Parameters:
    ///   - adapter: what trains in the place of the weights, or only takes part when there is no gradient.
    ///   - recomputes: keeps only what enters each layer and computes the rest again in the backward pass.
    init(
        _ weights: OperandWeights, rotary: RotaryTable, rows: Int, computesGradient: Bool, adapter: AdapterOperands? = nil,
        recomputes: Bool = false
    ) {
        self.weights = weights
        self.rotary = rotary
        self.recomputes = recomputes
        configuration = weights.model.configuration
        layout = weights.model.layout
        element = weights.element
        linears = LinearProducts(
            weights, products, weightGradient: computesGradient && adapter == nil ? Memory(floats: layout.count) : nil,
            training: adapter,
            adapterGradient: computesGradient ? adapter.map { Memory(floats: $0.adapter.layout.count) } : nil)
        let rows = PackedBatch.roundedUp(rows, to: PackedBatch.rowTile)
        activations = Activations(configuration, element, rows: rows, recomputes: recomputes)
        attentionScratch = AttentionScratch(configuration, element, rows: rows)
        headScratch = HeadScratch(configuration, element)
    }

    /// The gradient of what trains.
    var gradient: Memory? { linears.weightGradient ?? linears.adapterGradient }

    /// What the next passes drop; nil for nothing.
    func drop(_ hidden: Dropout?, ofAdapters adapters: Dropout?) {
        hiddenDropout = hidden
        linears.dropout = adapters
    }

    /// Makes room for a document longer than planned for.
    private func reserve(rows: Int) {
        guard rows > activations.rows else { return }
        activations = Activations(configuration, element, rows: rows, recomputes: recomputes)
        attentionScratch = AttentionScratch(configuration, element, rows: rows)
    }

    /// The residual stream after the last layer at the batch's selected rows, normed: `activations.normedOutput`.
    func forward(_ batch: PackedBatch) {
        reserve(rows: batch.rows)
        weights.gatherEmbeddings(batch.ids, into: activations.layers[0].input)
        for index in 0..<configuration.layerCount {
            let layer = activations.layers[index], places = layout.layers[index]
            enter(index, batch, movesOn: true)
            addToStream(
                places.down, rows: isLast(index) ? batch.selected.count : batch.rows,
                operand(layer.hidden, configuration.feedForwardWidth), stream: output(of: index), keys: keys(index, batch))
        }
        norm(
            activations.output, layout.finalNorm, into: activations.normedOutput, scale: activations.outputScale, copy: nil,
            rows: batch.selected.count)
    }

    private func isLast(_ index: Int) -> Bool { index + 1 == configuration.layerCount }

    /// Where the residual stream goes after a layer.
    private func output(of index: Int) -> Memory {
        isLast(index) ? activations.output : activations.layers[index + 1].input
    }

    private func keys(_ index: Int, _ batch: PackedBatch) -> [UInt64] { isLast(index) ? batch.selectedKeys : batch.rowKeys }

    /// A layer up to the feed-forward part's hidden activations.
    ///
    /// - Parameter movesOn: also copies the residual stream on to where the layer's result will be added to it.
    private func enter(_ index: Int, _ batch: PackedBatch, movesOn: Bool) {
        let width = configuration.width, selected = batch.selected.count, isLast = isLast(index)
        let layer = activations.layers[index], places = layout.layers[index]
        // The residual stream moves on to a buffer of its own, since the backward pass of the norm needs what entered it.
        norm(
            layer.input, places.attentionNorm, into: layer.normedInput, scale: layer.inputScale,
            copy: isLast ? nil : layer.middle, rows: batch.rows)
        attention(layer, places, batch)
        if isLast {
            let operandBytes = configuration.queryWidth * element.byteCount
            temper_gather_rows(
                layer.attended.base, batch.selected, activations.attendedSelected.base, Int64(selected), Int64(operandBytes))
            temper_gather_rows(layer.input.base, batch.selected, layer.middle.base, Int64(selected), Int64(4 * width))
        }
        let rows = isLast ? selected : batch.rows
        addToStream(
            places.attentionOutput, rows: rows,
            operand(isLast ? activations.attendedSelected : layer.attended, configuration.queryWidth), stream: layer.middle,
            keys: keys(index, batch))
        norm(
            layer.middle, places.feedForwardNorm, into: layer.normedMiddle, scale: layer.middleScale,
            copy: movesOn ? output(of: index) : nil, rows: rows)
        feedForward(layer, places, rows: rows, keys: keys(index, batch))
    }

    /// Adds a projection, or what dropout leaves of it, to the residual stream.
    private func addToStream(_ linear: Linear, rows: Int, _ input: Matrix, stream: Memory, keys: [UInt64]) {
        let width = configuration.width
        guard let hiddenDropout else {
            return linears.forward(linear, rows: rows, input, into: floats(stream, width), accumulating: true, keys: keys)
        }
        // Free until the next norm's backward pass.
        let branch = activations.normGradient
        linears.forward(linear, rows: rows, input, into: floats(branch, width), keys: keys)
        temper_add_dropout(
            0, branch.floats, stream.base, keys, Int64(rows), Int64(width), Int64(width), hiddenDropout.settings(at: linear.weight))
    }

    /// Adds the gradient of the weights or of the adapter, given the gradient of the head's input in
    /// `activations.normGradient`.
    ///
    /// To be called after ``forward(_:)`` and the head's backward pass on the same batch.
    func backward(_ batch: PackedBatch) {
        precondition(gradient != nil, "this network was made without a gradient")
        let width = configuration.width, selected = batch.selected.count
        let compact = activations.gradientSelected
        compact.floats.update(repeating: 0, count: selected * width)
        normBackward(
            activations.output, layout.finalNorm, scale: activations.outputScale, into: compact, rows: selected)
        for index in (0..<configuration.layerCount).reversed() {
            let isLast = isLast(index)
            // The last layer's activations are still there.
            if recomputes, !isLast { enter(index, batch, movesOn: false) }
            let layer = activations.layers[index], places = layout.layers[index]
            let gradient = isLast ? compact : activations.gradient
            let rows = isLast ? selected : batch.rows, keys = keys(index, batch)
            dropBranchGradient(places.down, rows: rows, keys)
            feedForwardBackward(layer, places, rows: rows, keys: keys)
            normBackward(layer.middle, places.feedForwardNorm, scale: layer.middleScale, into: gradient, rows: rows)

            let attended = operand(isLast ? activations.attendedSelected : layer.attended, configuration.queryWidth)
            let attendedGradient = isLast ? activations.attendedSelectedGradient : activations.attendedGradient
            dropBranchGradient(places.attentionOutput, rows: rows, keys)
            linears.backward(
                places.attentionOutput, rows: rows, input: attended, gradient: operand(activations.gradientOperand, width),
                into: operand(attendedGradient, configuration.queryWidth), keys: keys)
            if isLast { spreadSelectedGradient(batch) }
            // Nothing below the first layer trains beside an adapter.
            let isNeeded = weightGradient != nil || index > 0
            attentionBackward(layer, places, batch, intoInput: isNeeded)
            guard isNeeded else { return }
            normBackward(
                layer.input, places.attentionNorm, scale: layer.inputScale, into: activations.gradient, rows: batch.rows)
        }
        guard let weightGradient else { return }
        temper_scatter_embeddings(
            weightGradient.floats + layout.embedding, batch.ids, activations.gradient.floats, Int64(batch.rows), Int64(width))
    }

    /// The gradient of a projection that dropout followed, from that of the residual stream; in place.
    private func dropBranchGradient(_ linear: Linear, rows: Int, _ keys: [UInt64]) {
        guard let hiddenDropout else { return }
        let operand = activations.gradientOperand.base, width = Int64(configuration.width)
        temper_dropout(element.half, operand, operand, keys, Int64(rows), width, width, hiddenDropout.settings(at: linear.weight))
    }

    /// From selected rows to all rows; the others do not touch the loss after the last attention.
    private func spreadSelectedGradient(_ batch: PackedBatch) {
        let width = configuration.width, operandBytes = configuration.queryWidth * element.byteCount
        memset(activations.gradient.base, 0, 4 * batch.rows * width)
        memset(activations.attendedGradient.base, 0, batch.rows * operandBytes)
        temper_scatter_rows(
            activations.gradientSelected.base, batch.selected, activations.gradient.base, Int64(batch.selected.count),
            Int64(4 * width))
        temper_scatter_rows(
            activations.attendedSelectedGradient.base, batch.selected, activations.attendedGradient.base,
            Int64(batch.selected.count), Int64(operandBytes))
    }

    // MARK: RMSNorm (Zhang and Sennrich 2019)

    private func norm(_ input: Memory, _ place: Int, into output: Memory, scale: Memory, copy: Memory?, rows: Int) {
        temper_rms_norm(
            element.half, input.floats, weights.floats(place), output.base, scale.floats, copy?.floats, Int64(rows),
            Int64(configuration.width), Float(configuration.normEpsilon))
    }

    /// Adds to the residual stream's gradient what flows back through the norm, and keeps a copy of it as an operand.
    private func normBackward(_ input: Memory, _ place: Int, scale: Memory, into gradient: Memory, rows: Int) {
        temper_rms_norm_backward(
            element.half, activations.normGradient.floats, input.floats, scale.floats, weights.floats(place), gradient.floats,
            weightGradient.map { $0.floats + place }, activations.gradientOperand.base, Int64(rows), Int64(configuration.width))
    }

    // MARK: Matrices

    /// A dense activation of the operand type.
    func operand(_ memory: Memory, _ width: Int) -> Matrix { Matrix(base: memory.base, rowStride: width, element: element) }

    /// A dense fp32 activation.
    func floats(_ memory: Memory, _ width: Int) -> Matrix { Matrix(base: memory.base, rowStride: width, element: .float32) }
}
