import CTemperKernels
public import TemperCore

/// The summed loss of some documents and how many tokens it is over.
public struct LossSum: Sendable, Hashable {
    /// Nats; each token's loss times its weight, which is 1 unless the dataset says otherwise.
    public var lossSum: Double
    public var tokenCount: Int
    /// The weights of these tokens together.
    public var weightSum: Double

    public init(lossSum: Double = 0, tokenCount: Int = 0, weightSum: Double? = nil) {
        self.lossSum = lossSum
        self.tokenCount = tokenCount
        self.weightSum = weightSum ?? Double(tokenCount)
    }

    /// Nats per trained token of weight 1; 0 when there is none.
    public var mean: Double { weightSum == 0 ? 0 : lossSum / weightSum }
}

/// What one worker owns.
private final class Worker {
    let network: Network
    var batch = PackedBatch()
    var sum = LossSum()

    init(_ network: Network) { self.network = network }

    /// Takes its passes one by one through the network.
    func run(_ passes: [[Int]], of documents: [TokenDocument], gradientScale: Float?) {
        if gradientScale != nil { network.weightGradient?.clear() }
        sum = LossSum()
        for pass in passes {
            batch.clear()
            for index in pass { batch.append(documents[index]) }
            batch.close()
            network.forward(batch)
            sum.lossSum += network.loss(batch, gradientScale: gradientScale)
            sum.tokenCount += batch.trainedCount
            sum.weightSum += batch.weightSum
            if gradientScale != nil { network.backward(batch) }
        }
    }
}

/// Losses and gradients of documents on all cores.
///
/// Each worker takes a share of the documents through the whole network, forward and backward, with activations and a
/// gradient of its own; the gradients are then added in a fixed order. There is nothing to wait for in between, and for a
/// given number of workers the result is the same bit for bit.
public final class GradientEngine {
    public let model: TransformerModel
    /// Rows of one pass of a worker; longer documents get a pass of their own.
    public let rowsPerPass: Int
    let weights: OperandWeights
    private let workers: [Worker]
    /// fp32, laid out like the weights: the gradient of the mean loss of the last step, unclipped.
    var gradient: Memory? { workers[0].network.weightGradient }

    /// - Parameters:
    ///   - workers: threads; the machine's cores when nil.
    ///   - computesGradient: false saves the gradients' memory where only losses are wanted.
    public init(
        model: TransformerModel, precision: Precision = .auto, workers: Int? = nil, rowsPerPass: Int = 2048,
        computesGradient: Bool = true
    ) {
        self.model = model
        self.rowsPerPass = rowsPerPass
        let weights = OperandWeights(model, precision.element)
        let rotary = RotaryTable(model.configuration)
        let count = max(1, workers ?? Workers.defaultCount)
        self.weights = weights
        self.workers = (0..<count).map { _ in
            Worker(Network(weights, rotary: rotary, rows: rowsPerPass, computesGradient: computesGradient))
        }
    }

    public var workerCount: Int { workers.count }
    /// What products are computed in, `auto` resolved.
    public var precision: Precision { weights.element == .bfloat16 ? .bf16 : .fp32 }

    /// To be called after the model's weights were changed by anything but ``AdamW``.
    public func weightsChanged() { weights.refresh() }

    /// The loss of the documents' trained tokens; documents without one count nothing.
    ///
    /// - Throws: ``TemperError`` with code `data` for an id outside the vocabulary or a document longer than the context.
    public func loss(of documents: [TokenDocument]) throws -> LossSum {
        try check(documents)
        return run(documents, gradientScale: nil)
    }

    /// The same, and the gradient of the weighted mean over all these trained tokens, however many passes they take.
    public func lossAndGradient(of documents: [TokenDocument]) throws -> LossSum {
        try check(documents)
        let weight = documents.reduce(0) { $0 + $1.weightSum }
        return run(documents, gradientScale: 1 / Float(weight > 0 ? weight : 1))
    }

    /// One tensor's part of the last gradient.
    public func gradient(of name: String) -> [Float]? {
        guard let entry = model.layout.entry(name), let gradient else { return nil }
        return Array(UnsafeBufferPointer(start: gradient.floats + entry.offset, count: entry.count))
    }

    /// The logits after each token of one sequence, [T, V]; for tests and inspection.
    public func logits(of ids: [Int32]) throws -> [Float] {
        try check([TokenDocument(ids: ids, mask: [])])
        var batch = PackedBatch()
        batch.appendAllSelected(ids)
        batch.close()
        workers[0].network.forward(batch)
        return Array(workers[0].network.logits(batch).prefix(ids.count * model.configuration.vocabularySize))
    }

    private func check(_ documents: [TokenDocument]) throws {
        for (index, document) in documents.enumerated() {
            try TokenDataset.requireFits(document.ids, named: "document \(index) of a step", model.configuration)
        }
    }

    private func run(_ documents: [TokenDocument], gradientScale: Float?) -> LossSum {
        let passes = plan(documents)
        Workers.run(workers.count) { index in
            workers[index].run(passes[index], of: documents, gradientScale: gradientScale)
        }
        if gradientScale != nil { addGradients() }
        return workers.reduce(into: LossSum()) {
            $0.lossSum += $1.sum.lossSum
            $0.tokenCount += $1.sum.tokenCount
            $0.weightSum += $1.sum.weightSum
        }
    }

    /// For each worker the documents of each of its passes: the longest first to the worker with the fewest rows, then packed
    /// in that order.
    private func plan(_ documents: [TokenDocument]) -> [[[Int]]] {
        let rows = documents.map(PackedBatch.rows(for:))
        let order = documents.indices.filter { rows[$0] > 0 }.sorted { (rows[$1], $0) < (rows[$0], $1) }
        var loads = Array(repeating: 0, count: workers.count)
        var passes = Array(repeating: [[Int]](), count: workers.count)
        var free = Array(repeating: 0, count: workers.count)
        for index in order {
            let worker = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            if rows[index] > free[worker] {
                passes[worker].append([])
                free[worker] = rowsPerPass
            }
            passes[worker][passes[worker].count - 1].append(index)
            free[worker] -= rows[index]
            loads[worker] += rows[index]
        }
        return passes
    }

    private func addGradients() {
        guard workers.count > 1, let total = gradient else { return }
        let count = model.layout.count, slice = (count / workers.count + 16) / 16 * 16
        Workers.run(workers.count) { worker in
            let start = min(worker * slice, count), end = min(start + slice, count)
            for other in workers.dropFirst() {
                guard let source = other.network.weightGradient, end > start else { continue }
                temper_add(total.floats + start, source.floats + start, Int64(end - start))
            }
        }
    }
}
