import CTemperKernels

/// RMSNorm of each query head and each key head before rotation (Qwen3), in place in rows of queries, keys and values.
struct HeadNorm {
    let configuration: ModelConfiguration
    let element: Element
    let weights: OperandWeights

    private var stride: Int64 { Int64(configuration.attentionInputWidth) }
    private var headWidth: Int64 { Int64(configuration.headWidth) }
    /// Queries and keys of a row without the values.
    private var copyStride: Int { configuration.queryWidth + configuration.keyValueWidth }

    /// Where queries and keys begin in a row, how many heads they are, and their norm's place.
    private func parts(_ places: WeightLayout.HeadNorms) -> [(column: Int, heads: Int, place: Int)] {
        [
            (0, configuration.headCount, places.queries),
            (configuration.queryWidth, configuration.keyValueHeadCount, places.keys),
        ]
    }

    /// - Parameter kept: what the backward pass needs; nil when there is none.
    func forward(
        _ memory: Memory, _ places: WeightLayout.HeadNorms, rows: Range<Int>, kept: Activations.HeadNorm?
    ) {
        for (column, heads, place) in parts(places) {
            temper_head_norm(
                element.half, start(memory, rows, column), stride, weights.floats(place),
                kept.map { scales($0, rows, column, heads) }, kept.map { inputs($0, rows, column) }, Int64(copyStride),
                Int64(rows.count), Int64(heads), headWidth, Float(configuration.normEpsilon))
        }
    }

    /// The heads of rows that begin at an address, without keeping anything.
    ///
    /// - Parameter place: the norm's place.
    func apply(_ base: UnsafeMutableRawPointer, heads: Int, _ place: Int, rows: Int) {
        temper_head_norm(
            element.half, base, stride, weights.floats(place), nil, nil, 0, Int64(rows), Int64(heads), headWidth,
            Float(configuration.normEpsilon))
    }

    private func start(_ memory: Memory, _ rows: Range<Int>, _ column: Int) -> UnsafeMutableRawPointer {
        memory.base + (rows.lowerBound * configuration.attentionInputWidth + column) * element.byteCount
    }

    private func inputs(_ kept: Activations.HeadNorm, _ rows: Range<Int>, _ column: Int) -> UnsafeMutableRawPointer {
        kept.inputs.base + (rows.lowerBound * copyStride + column) * element.byteCount
    }

    private func scales(
        _ kept: Activations.HeadNorm, _ rows: Range<Int>, _ column: Int, _ heads: Int
    ) -> UnsafeMutablePointer<Float> {
        kept.scales.floats + column / configuration.headWidth * kept.rows + rows.lowerBound * heads
    }

    /// - Parameter weightGradient: nil where the norms do not train.
    func backward(
        _ gradient: Memory, _ places: WeightLayout.HeadNorms, rows: Range<Int>, kept: Activations.HeadNorm,
        _ weightGradient: NormGradients?
    ) {
        for (column, heads, place) in parts(places) {
            temper_head_norm_backward(
                element.half, start(gradient, rows, column), stride, inputs(kept, rows, column), Int64(copyStride),
                scales(kept, rows, column, heads), weights.floats(place), weightGradient?.floats(place), Int64(rows.count),
                Int64(heads), headWidth)
        }
    }
}
