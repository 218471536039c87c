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

    /// - Parameters:
    ///   - kept: what the backward pass needs; nil when there is none.
    func forward(_ rows: Memory, _ places: WeightLayout.HeadNorms, count: Int, kept: Activations.HeadNorm? = nil) {
        for (column, heads, place) in parts(places) {
            temper_head_norm(
                element.half, rows.base + column * element.byteCount, stride, weights.floats(place),
                kept.map { $0.scales.floats + column / configuration.headWidth * $0.rows },
                kept.map { $0.inputs.base + column * element.byteCount }, Int64(copyStride), Int64(count), Int64(heads),
                headWidth, Float(configuration.normEpsilon))
        }
    }

    /// - Parameter weightGradient: the arena of gradients; nil where the norms do not train.
    func backward(
        _ gradient: Memory, _ places: WeightLayout.HeadNorms, count: Int, kept: Activations.HeadNorm, _ weightGradient: Memory?
    ) {
        for (column, heads, place) in parts(places) {
            temper_head_norm_backward(
                element.half, gradient.base + column * element.byteCount, stride,
                kept.inputs.base + column * element.byteCount, Int64(copyStride),
                kept.scales.floats + column / configuration.headWidth * kept.rows, weights.floats(place),
                weightGradient.map { $0.floats + place }, Int64(count), Int64(heads), headWidth)
        }
    }
}
