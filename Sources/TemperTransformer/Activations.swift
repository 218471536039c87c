/// What one pass keeps for its backward pass, and scratch; planned for a number of rows and then reused.
///
/// N rows, R selected rows (see ``PackedBatch``); D width, F feed-forward width, V vocabulary, H heads. "T" is the element type of
/// products. Everything after the last layer's attention exists for selected rows only.
final class Activations {
    /// What the norms of query and key heads need backward.
    final class HeadNorm {
        /// The most rows.
        let rows: Int
        /// T [N, (H + K)·h]: queries and keys as they entered.
        let inputs: Memory
        /// fp32 [N, H], then [N, K]: 1 / root mean square of each head.
        let scales: Memory

        init(_ configuration: ModelConfiguration, _ element: Element, rows: Int) {
            self.rows = rows
            inputs = Memory(element, count: rows * (configuration.queryWidth + configuration.keyValueWidth))
            scales = Memory(floats: rows * (configuration.headCount + configuration.keyValueHeadCount))
        }
    }

    final class Layer {
        /// fp32 [N, D]: the residual stream as it enters.
        let input: Memory
        /// fp32 [N]: 1 / root mean square of `input`.
        let inputScale: Memory
        /// T [N, D].
        let normedInput: Memory
        /// T [N, (H + 2K)·h]: rotated queries, rotated keys, values.
        let queriesKeysValues: Memory
        /// Nil without norms of heads.
        let headNorm: HeadNorm?
        /// fp32 [H, N]: logarithms of the softmax denominators.
        let logSums: Memory
        /// T [N, H·h].
        let attended: Memory
        /// fp32 [N, D]: the residual stream after attention.
        let middle: Memory
        let middleScale: Memory
        /// T [N, D].
        let normedMiddle: Memory
        /// T [N, 2·F].
        let gateUp: Memory
        /// T [N, F].
        let hidden: Memory

        /// - Parameter other: a layer whose memory is used also for this one, but for `input`.
        init(_ configuration: ModelConfiguration, _ element: Element, rows: Int, sharing other: Layer? = nil) {
            let width = configuration.width
            input = Memory(floats: rows * width)
            if let other {
                inputScale = other.inputScale
                normedInput = other.normedInput
                queriesKeysValues = other.queriesKeysValues
                headNorm = other.headNorm
                logSums = other.logSums
                attended = other.attended
                middle = other.middle
                middleScale = other.middleScale
                normedMiddle = other.normedMiddle
                gateUp = other.gateUp
                hidden = other.hidden
                return
            }
            inputScale = Memory(floats: rows)
            normedInput = Memory(element, count: rows * width)
            queriesKeysValues = Memory(element, count: rows * configuration.attentionInputWidth)
            headNorm = configuration.normsHeads ? HeadNorm(configuration, element, rows: rows) : nil
            logSums = Memory(floats: rows * configuration.headCount)
            attended = Memory(element, count: rows * configuration.queryWidth)
            middle = Memory(floats: rows * width)
            middleScale = Memory(floats: rows)
            normedMiddle = Memory(element, count: rows * width)
            gateUp = Memory(element, count: rows * 2 * configuration.feedForwardWidth)
            hidden = Memory(element, count: rows * configuration.feedForwardWidth)
        }
    }

    /// The most rows it holds.
    let rows: Int
    let layers: [Layer]
    /// T [R, H·h]: the last layer's attention at selected rows.
    let attendedSelected: Memory
    /// fp32 [R, D]: the residual stream after the last layer.
    let output: Memory
    let outputScale: Memory
    /// T [R, D].
    let normedOutput: Memory

    // Backward.

    /// fp32 [N, D]: the gradient of the residual stream.
    let gradient: Memory
    /// T [N, D]: its copies, as it enters a layer's feed-forward part and its attention.
    let feedForwardOperand: Memory
    let attentionOperand: Memory
    /// fp32 [R, D]: the same at selected rows, until it enters the last attention.
    let gradientSelected: Memory
    /// fp32 [N, D]: the gradient of a norm's output.
    let normGradient: Memory
    /// T [N, F] and T [N, 2·F].
    let hiddenGradient: Memory
    let gateUpGradient: Memory
    /// T [N, H·h], T [R, H·h] and T [N, (H + 2K)·h].
    let attendedGradient: Memory
    let attendedSelectedGradient: Memory
    let queriesKeysValuesGradient: Memory

    /// How many rows' layers fit into a number of bytes: at least 256, at most the given limit, in whole tiles.
    static func rows(of configuration: ModelConfiguration, _ element: Element, within bytes: Int, atMost: Int) -> Int {
        let operands =
            2 * configuration.width + configuration.attentionInputWidth + configuration.queryWidth
            + 3 * configuration.feedForwardWidth
        let row = configuration.layerCount * (8 * configuration.width + element.byteCount * operands)
        return min(max(bytes / row / PackedBatch.rowTile * PackedBatch.rowTile, 256), atMost)
    }

    /// - Parameter recomputes: keeps only what enters each layer; all layers share the rest.
    init(_ configuration: ModelConfiguration, _ element: Element, rows: Int, recomputes: Bool = false) {
        self.rows = rows
        let width = configuration.width
        var layers: [Layer] = []
        for _ in 0..<configuration.layerCount {
            layers.append(Layer(configuration, element, rows: rows, sharing: recomputes ? layers.first : nil))
        }
        self.layers = layers
        attendedSelected = Memory(element, count: rows * configuration.queryWidth)
        output = Memory(floats: rows * width)
        outputScale = Memory(floats: rows)
        normedOutput = Memory(element, count: rows * width)
        gradient = Memory(floats: rows * width)
        feedForwardOperand = Memory(element, count: rows * width)
        attentionOperand = Memory(element, count: rows * width)
        gradientSelected = Memory(floats: rows * width)
        normGradient = Memory(floats: rows * width)
        hiddenGradient = Memory(element, count: rows * configuration.feedForwardWidth)
        gateUpGradient = Memory(element, count: rows * 2 * configuration.feedForwardWidth)
        attendedGradient = Memory(element, count: rows * configuration.queryWidth)
        attendedSelectedGradient = Memory(element, count: rows * configuration.queryWidth)
        queriesKeysValuesGradient = Memory(element, count: rows * configuration.attentionInputWidth)
    }
}
