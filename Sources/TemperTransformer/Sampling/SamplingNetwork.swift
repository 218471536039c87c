import CTemperKernels

/// The decoder's forward pass over rows of several sequences with caches, as one worker of a team goes through it.
///
/// Each worker computes its share of the outputs of every matrix, so that the team reads the weights once, and attention of its
/// share of sequences and key heads. A row's result is the same bit for bit whatever is computed beside it, whether it is part of
/// a prompt or decoded: matrices in panels sum each row by itself, and where there are none, every product runs on a tile of
/// ``SamplingPass/tile`` rows.
final class SamplingNetwork {
    private let configuration: ModelConfiguration
    private let layout: WeightLayout
    private let weights: OperandWeights
    private let rotation: RowRotation
    private let headNorm: HeadNorm
    private let shape: CacheShape
    private let linears: LinearProducts
    private let element: Element
    private let team: WorkerTeam
    private let worker: Int
    private let scratch: Memory
    /// The team's; with room for the pass.
    var buffers: SamplingBuffers

    init(
        _ weights: OperandWeights, _ rotary: RotaryTable, _ shape: CacheShape, _ team: WorkerTeam, worker: Int,
        _ buffers: SamplingBuffers
    ) {
        self.weights = weights
        self.shape = shape
        self.team = team
        self.worker = worker
        self.buffers = buffers
        configuration = weights.model.configuration
        layout = weights.model.layout
        element = weights.element
        rotation = RowRotation(rotary, configuration, element)
        headNorm = HeadNorm(configuration: configuration, element: element, weights: weights)
        linears = LinearProducts(weights, Products())
        // The longest text, in whole blocks, and what a chunk of a prompt may exceed it by.
        let positions = configuration.contextLength + 2 * CacheBlock.positions
        scratch = Memory(byteCount: Int(temper_attention_scratch(Int64(positions), Int64(configuration.headWidth))))
    }

    /// Computes keys and values of the slices' tokens into their caches, and the wanted logits; to be called by the whole team, which
    /// then has to wait for one another.
    func run(_ pass: SamplingPass) {
        linears.uses = AdapterUse.of(pass.slices)
        rotation.prepare(positions: pass.positions, lengths: pass.lengths)
        let own = (0..<pass.rows).share(of: worker, among: team.count, tile: 1)
        weights.gatherEmbeddings(Array(pass.ids[own]), into: buffers.stream.floats + own.lowerBound * configuration.width)
        let units = attentionUnits(of: pass)
        for (index, places) in layout.layers.enumerated() {
            norm(places.attentionNorm, rows: own)
            product(pass, buffers.normed, places.attentionInput, into: buffers.queriesKeysValues)
            for unit in units { attention(unit, pass, layer: index, places) }
            team.wait()
            productIntoStream(pass, buffers.attended, places.attentionOutput)
            norm(places.feedForwardNorm, rows: own)
            feedForward(pass, places)
            productIntoStream(pass, buffers.hidden, places.down)
        }
        head(pass, own)
    }

    // MARK: Attention

    /// One slice and one key head with its query heads.
    private struct Unit {
        var slice: Int
        var head: Int
    }

    /// This worker's units: each slice, longest first, goes to the worker with the least to do.
    private func attentionUnits(of pass: SamplingPass) -> [Unit] {
        func cost(_ slice: SamplingPass.Slice) -> Int { slice.count * (slice.cache.count + CacheBlock.positions) }
        var loads = Array(repeating: 0, count: team.count)
        var units: [Unit] = []
        let order = pass.slices.indices.sorted { (cost(pass.slices[$1]), $0) < (cost(pass.slices[$0]), $1) }
        for slice in order {
            for head in 0..<configuration.keyValueHeadCount {
                let next = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
                loads[next] += cost(pass.slices[slice])
                if next == worker { units.append(Unit(slice: slice, head: head)) }
            }
        }
        return units
    }

    private func attention(_ unit: Unit, _ pass: SamplingPass, layer: Int, _ places: WeightLayout.Layer) {
        let slice = pass.slices[unit.slice], first = pass.firstRows[unit.slice], rows = first..<first + slice.count
        let head = configuration.headWidth, size = element.byteCount, stride = configuration.attentionInputWidth
        let group = configuration.headCount / configuration.keyValueHeadCount, queryWidth = configuration.queryWidth
        let base = buffers.queriesKeysValues.base + first * stride * size
        let queries = base + unit.head * group * head * size, key = base + (queryWidth + unit.head * head) * size
        if let norms = places.headNorms {
            headNorm.apply(queries, heads: group, norms.queries, rows: rows.count)
            headNorm.apply(key, heads: 1, norms.keys, rows: rows.count)
        }
        rotation.rotate(queries, rows, heads: group, direction: 1)
        rotation.rotate(key, rows, heads: 1, direction: 1)
        let keyOffset = shape.keyOffset(layer: layer, head: unit.head)
        let valueOffset = shape.valueOffset(layer: layer, head: unit.head)
        for row in 0..<rows.count {
            let position = slice.start + row, slot = Int64(position % CacheBlock.positions)
            let block = slice.cache.blocks[position / CacheBlock.positions].memory.base
            store(
                key + row * stride * size, configuration.keyValueWidth * size, block + keyOffset, block + valueOffset, slot)
        }
        let scale = 1 / Float(head).squareRoot(), window = configuration.window(ofLayer: layer)
        let output = buffers.attended.base + (first * queryWidth + unit.head * group * head) * size
        if element == .bfloat16 {
            return temper_panel_attention(
                queries.assumingMemoryBound(to: UInt16.self), Int64(stride), Int64(rows.count), Int64(group),
                slice.cache.addresses, Int64(keyOffset), Int64(valueOffset), Int64(slice.start), Int64(window), Int64(head),
                scale,
                scratch.base, output.assumingMemoryBound(to: UInt16.self), Int64(queryWidth))
        }
        temper_cache_attention(
            queries.assumingMemoryBound(to: Float.self), Int64(stride), Int64(rows.count), Int64(group), slice.cache.addresses,
            Int64(keyOffset), Int64(valueOffset), Int64(slice.start), Int64(window), Int64(head), scale, scratch.base,
            output.assumingMemoryBound(to: Float.self), Int64(queryWidth))
    }

    /// - Parameter distance: bytes from a key to its value.
    private func store(
        _ key: UnsafeMutableRawPointer, _ distance: Int, _ keys: UnsafeMutableRawPointer, _ values: UnsafeMutableRawPointer,
        _ slot: Int64
    ) {
        let head = Int64(configuration.headWidth), value = key + distance
        if element == .bfloat16 {
            temper_panel_cache_store(
                key.assumingMemoryBound(to: UInt16.self), value.assumingMemoryBound(to: UInt16.self),
                keys.assumingMemoryBound(to: UInt16.self), values.assumingMemoryBound(to: UInt16.self), slot, head)
        } else {
            temper_cache_store(
                key.assumingMemoryBound(to: Float.self), value.assumingMemoryBound(to: Float.self),
                keys.assumingMemoryBound(to: Float.self), values.assumingMemoryBound(to: Float.self), slot, head)
        }
    }

    // MARK: Feed-forward and head

    private func feedForward(_ pass: SamplingPass, _ places: WeightLayout.Layer) {
        let inner = configuration.feedForwardWidth, size = element.byteCount
        let columns = (0..<inner).share(of: worker, among: team.count)
        let input = operand(buffers.normed, places.gateUp.inputs), output = operand(buffers.gateUp, 2 * inner)
        for part in [columns, inner + columns.lowerBound..<inner + columns.upperBound] {
            linears.base(places.gateUp, outputs: part, rows: pass.rows, tile: SamplingPass.tile, input, into: output)
        }
        addAdapters(pass, places.gateUp, input, into: output)
        temper_swiglu(
            element.half, buffers.gateUp.base + columns.lowerBound * size, buffers.hidden.base + columns.lowerBound * size,
            Int64(pass.rows), Int64(inner), Int64(columns.count))
        team.wait()
    }

    /// Final norm and head at the rows whose logits are wanted.
    private func head(_ pass: SamplingPass, _ own: Range<Int>) {
        guard !pass.wanted.isEmpty else { return }
        let width = configuration.width
        norm(layout.finalNorm, rows: own)
        // The wanted rows move to the front; the stream is not needed any more and lends its memory.
        let wanted = (0..<pass.wanted.count).share(of: worker, among: team.count, tile: 1)
        pass.wanted.withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return }
            temper_gather_rows(
                buffers.normed.base, first + wanted.lowerBound,
                buffers.stream.base + wanted.lowerBound * width * element.byteCount, Int64(wanted.count),
                Int64(width * element.byteCount))
        }
        team.wait()
        linears.base(
            layout.head, outputs: (0..<layout.head.outputs).share(of: worker, among: team.count), rows: pass.wanted.count,
            tile: SamplingPass.tile, operand(buffers.stream, width),
            into: Matrix(base: buffers.logits.base, rowStride: configuration.vocabularySize, element: .float32))
    }

    private func norm(_ place: Int, rows: Range<Int>) {
        let width = configuration.width, first = rows.lowerBound
        temper_rms_norm(
            element.half, buffers.stream.floats + first * width, weights.floats(place),
            buffers.normed.base + first * width * element.byteCount, buffers.scale.floats + first, nil, Int64(rows.count),
            Int64(width), Float(configuration.normEpsilon))
        team.wait()
    }

    // MARK: Matrices

    private func operand(_ memory: Memory, _ width: Int) -> Matrix {
        Matrix(base: memory.base, rowStride: width, element: element)
    }

    private func product(_ pass: SamplingPass, _ input: Memory, _ linear: Linear, into output: Memory) {
        product(pass, operand(input, linear.inputs), linear, into: operand(output, linear.outputs), accumulating: false)
    }

    /// Adds a projection to the residual stream.
    private func productIntoStream(_ pass: SamplingPass, _ input: Memory, _ linear: Linear) {
        product(
            pass, operand(input, linear.inputs), linear,
            into: Matrix(base: buffers.stream.base, rowStride: linear.outputs, element: .float32), accumulating: true)
    }

    private func product(
        _ pass: SamplingPass, _ input: Matrix, _ linear: Linear, into output: Matrix, accumulating: Bool
    ) {
        linears.base(
            linear, outputs: (0..<linear.outputs).share(of: worker, among: team.count), rows: pass.rows,
            tile: SamplingPass.tile, input, into: output, accumulating: accumulating)
        addAdapters(pass, linear, input, into: output)
        team.wait()
    }

    /// Every worker comes here; the outputs of all of them must be there before an adapter adds to a row.
    private func addAdapters(_ pass: SamplingPass, _ linear: Linear, _ input: Matrix, into output: Matrix) {
        guard !linears.uses.isEmpty else { return }
        team.wait()
        linears.addAdapters(
            linear, rows: pass.rows, tile: SamplingPass.tile, input, into: output, worker: worker, among: team.count)
        team.wait()
    }
}
