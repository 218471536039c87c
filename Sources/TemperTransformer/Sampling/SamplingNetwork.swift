import CTemperKernels

/// The decoder's forward pass over rows of several sequences with caches, on one thread.
///
/// Every product runs on tiles of ``tile`` rows, filled up where there are fewer, so that one shape of product serves every
/// batch and a row's result is the same bit for bit whatever stands beside it, whether it is part of a prompt or decoded.
final class SamplingNetwork {
    /// Rows of one product.
    static let tile = 16

    /// Consecutive tokens of one sequence that are computed now; its cache already has room for them.
    struct Slice {
        var cache: KeyValueCache
        /// The position of the first of them.
        var start: Int
        /// Tokens of the prompt, for positions that depend on how long a text is.
        var promptCount: Int
        /// How many of the last of them have their logits wanted.
        var logitRows: Int

        var count: Int { cache.count - start }
    }

    private let configuration: ModelConfiguration
    private let layout: WeightLayout
    private let weights: OperandWeights
    private let rotation: RowRotation
    private let headNorm: HeadNorm
    private let shape: CacheShape
    private let linears: LinearProducts
    private let element: Element

    private var rows = 0
    private var ids: [Int32] = []
    private var positions: [Int32] = []
    private var lengths: [Int32] = []
    private var lastRows: [Int32] = []
    private var buffers: Buffers

    /// [wanted rows of all slices, V] after ``run(_:)``, in the slices' order.
    private(set) var logits: Memory

    init(_ weights: OperandWeights, _ rotary: RotaryTable, _ shape: CacheShape) {
        self.weights = weights
        self.shape = shape
        configuration = weights.model.configuration
        layout = weights.model.layout
        element = weights.element
        rotation = RowRotation(rotary, configuration, element)
        headNorm = HeadNorm(configuration: configuration, element: element, weights: weights)
        linears = LinearProducts(weights, Products())
        buffers = Buffers(configuration, element, rows: Self.tile)
        logits = Memory(floats: Self.tile * configuration.vocabularySize)
    }

    /// Activations of one pass; nothing is kept from layer to layer but the residual stream.
    private struct Buffers {
        let rows: Int
        /// fp32 [rows, D] and [rows].
        let stream: Memory
        let scale: Memory
        /// T [rows, D], [rows, (H + 2K)·h], [rows, H·h], [rows, 2F], [rows, F].
        let normed: Memory
        let queriesKeysValues: Memory
        let attended: Memory
        let gateUp: Memory
        let hidden: Memory
        /// fp32 [context rounded up]: the scores of one query.
        let scores: Memory

        init(_ configuration: ModelConfiguration, _ element: Element, rows: Int) {
            self.rows = rows
            stream = Memory(floats: rows * configuration.width)
            scale = Memory(floats: rows)
            normed = Memory(element, count: rows * configuration.width)
            queriesKeysValues = Memory(element, count: rows * configuration.attentionInputWidth)
            attended = Memory(element, count: rows * configuration.queryWidth)
            gateUp = Memory(element, count: rows * 2 * configuration.feedForwardWidth)
            hidden = Memory(element, count: rows * configuration.feedForwardWidth)
            scores = Memory(floats: configuration.contextLength + 2 * CacheBlock.positions)
        }
    }

    /// Computes keys and values of the slices' tokens into their caches, and the wanted logits.
    func run(_ slices: [Slice]) {
        gather(slices)
        linears.uses = AdapterUse.of(slices)
        weights.gatherEmbeddings(ids, into: buffers.stream.floats)
        for (index, places) in layout.layers.enumerated() {
            norm(places.attentionNorm)
            attention(slices, layer: index, places)
            norm(places.feedForwardNorm)
            product(buffers.normed, places.gateUp, into: buffers.gateUp)
            temper_swiglu(
                element.half, buffers.gateUp.base, buffers.hidden.base, Int64(rows), Int64(configuration.feedForwardWidth))
            productIntoStream(buffers.hidden, places.down)
        }
        head()
    }

    private func gather(_ slices: [Slice]) {
        ids.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        lastRows.removeAll(keepingCapacity: true)
        for slice in slices {
            for position in slice.start..<slice.cache.count {
                ids.append(slice.cache.ids[position])
                positions.append(Int32(position))
                lengths.append(Int32(max(slice.promptCount, position + 1)))
            }
            lastRows += (ids.count - slice.logitRows..<ids.count).map { Int32($0) }
        }
        while ids.count % Self.tile != 0 {
            ids.append(0)
            positions.append(0)
            lengths.append(0)
        }
        rotation.prepare(positions: positions, lengths: lengths)
        while lastRows.count % Self.tile != 0 { lastRows.append(-1) }
        rows = ids.count
        if rows > buffers.rows { buffers = Buffers(configuration, element, rows: rows) }
        let logitBytes = 4 * lastRows.count * configuration.vocabularySize
        if logitBytes > logits.byteCount { logits = Memory(byteCount: logitBytes) }
    }

    private func attention(_ slices: [Slice], layer: Int, _ places: WeightLayout.Layer) {
        let head = configuration.headWidth, inputWidth = configuration.attentionInputWidth, size = element.byteCount
        let queryWidth = configuration.queryWidth
        product(buffers.normed, places.attentionInput, into: buffers.queriesKeysValues)
        if let norms = places.headNorms { headNorm.forward(buffers.queriesKeysValues, norms, rows: 0..<rows) }
        rotation.rotate(buffers.queriesKeysValues.base, direction: 1)
        let group = configuration.headCount / configuration.keyValueHeadCount
        let scale = 1 / Float(head).squareRoot(), window = configuration.window(ofLayer: layer)
        var row = 0
        for slice in slices {
            for position in slice.start..<slice.cache.count {
                let input = buffers.queriesKeysValues.base + row * inputWidth * size
                let block = slice.cache.blocks[position / CacheBlock.positions].memory.base
                for index in 0..<configuration.keyValueHeadCount {
                    let key = input + (queryWidth + index * head) * size
                    temper_cache_store(
                        element.half, key, key + configuration.keyValueWidth * size,
                        block + shape.keyOffset(layer: layer, head: index), block + shape.valueOffset(layer: layer, head: index),
                        Int64(position % CacheBlock.positions), Int64(head))
                }
                for index in 0..<configuration.headCount {
                    temper_cache_attention(
                        element.half, input + index * head * size, slice.cache.addresses,
                        Int64(shape.keyOffset(layer: layer, head: index / group)),
                        Int64(shape.valueOffset(layer: layer, head: index / group)), Int64(max(position + 1 - window, 0)),
                        Int64(position + 1), Int64(head), scale,
                        buffers.scores.floats, buffers.attended.base + (row * queryWidth + index * head) * size)
                }
                row += 1
            }
        }
        productIntoStream(buffers.attended, places.attentionOutput)
    }

    /// Final norm and head at the rows whose logits are wanted.
    private func head() {
        let width = configuration.width, vocabulary = configuration.vocabularySize
        guard !lastRows.isEmpty else { return }
        norm(layout.finalNorm)
        // The wanted rows move to the front; the stream is not needed any more and lends its memory.
        temper_gather_rows(
            buffers.normed.base, lastRows, buffers.stream.base, Int64(lastRows.count), Int64(width * element.byteCount))
        let input = Matrix(base: buffers.stream.base, rowStride: width, element: element)
        linears.forward(
            layout.head, rows: lastRows.count, tile: Self.tile, input,
            into: Matrix(base: logits.base, rowStride: vocabulary, element: .float32))
    }

    private func norm(_ place: Int) {
        temper_rms_norm(
            element.half, buffers.stream.floats, weights.floats(place), buffers.normed.base, buffers.scale.floats, nil,
            Int64(rows), Int64(configuration.width), Float(configuration.normEpsilon))
    }

    private func product(_ input: Memory, _ linear: Linear, into output: Memory) {
        linears.forward(
            linear, rows: rows, tile: Self.tile, Matrix(base: input.base, rowStride: linear.inputs, element: element),
            into: Matrix(base: output.base, rowStride: linear.outputs, element: element))
    }

    /// Adds a projection to the residual stream.
    private func productIntoStream(_ input: Memory, _ linear: Linear) {
        linears.forward(
            linear, rows: rows, tile: Self.tile, Matrix(base: input.base, rowStride: linear.inputs, element: element),
            into: Matrix(base: buffers.stream.base, rowStride: linear.outputs, element: .float32), accumulating: true)
    }
}
