/// What takes time in a training step.
package enum LayerKind: String, Codable, Sendable, Hashable, CaseIterable {
    /// The linear layers: queries, keys and values; attention's output; gate and up; down; the output head.
    case attentionInput = "attention input"
    case attentionOutput = "attention output"
    case gateUp = "gate and up"
    case down
    case head
    /// Scores, softmax and weighted values.
    case attention
    /// Norms, rotations, activations, losses, waiting.
    case rest
    /// AdamW, clipping included.
    case optimiser
}

/// The time that one worker spends in each kind of layer, and what it computes there.
final class LayerTimes {
    private(set) var seconds: [LayerKind: Double] = [:]
    /// Multiplications and additions of products.
    private(set) var operations: [LayerKind: Double] = [:]
    private let kinds: [Int: LayerKind]

    init(_ layout: WeightLayout) {
        var kinds: [Int: LayerKind] = [layout.head.weight: .head]
        for layer in layout.layers {
            kinds[layer.attentionInput.weight] = .attentionInput
            kinds[layer.attentionOutput.weight] = .attentionOutput
            kinds[layer.gateUp.weight] = .gateUp
            kinds[layer.down.weight] = .down
        }
        self.kinds = kinds
    }

    /// Calls `body`, which is all or a part of a product with a linear layer over this many rows.
    func measure(_ linear: Linear, rows: Int, outputs: Int, _ body: () -> Void) {
        measure(kinds[linear.weight] ?? .rest, operations: 2 * Double(rows) * Double(outputs) * Double(linear.inputs), body)
    }

    func measure(_ kind: LayerKind, operations count: Double, _ body: () -> Void) {
        let started = ContinuousClock.now
        body()
        seconds[kind, default: 0] += (ContinuousClock.now - started) / .seconds(1)
        operations[kind, default: 0] += count
    }
}

/// A training step by kind of layer.
package struct LayerShare: Codable, Sendable, Hashable {
    package var kind: LayerKind
    /// The mean of the workers.
    package var seconds: Double
    /// Multiplications and additions of products, of all workers.
    package var operations: Double
}
