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
        if gradientScale != nil { network.gradient?.clear() }
        sum = LossSum()
        for pass in passes {
            batch.clear()
            for index in pass { batch.append(documents[index], key: index) }
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
    /// What a step does beyond the plain forward and backward pass.
    public struct Settings: Sendable, Hashable {
        /// Threads; the machine's cores when nil.
        public var workers: Int?
        /// Rows of one pass of a worker; longer documents get a pass of their own. Nil: up to 2048, as many as keep what a worker
        /// remembers of a pass within 256 MiB.
        public var rowsPerPass: Int?
        /// False saves the gradients' memory where only losses are wanted.
        public var computesGradient = true
        /// Keeps only what enters each layer for the backward pass and computes the rest again: the same gradient bit for bit for a
        /// third more time and a fraction of the activations.
        public var recomputesActivations = false
        /// The part of what attention and feed-forward add to the residual stream that training drops, 0 ..< 1.
        public var hiddenDropout = 0.0
        /// Of dropout.
        public var seed: UInt64 = 0

        public init() {}
    }

    public let model: TransformerModel
    /// What trains in the place of the model's weights, if anything.
    public let adapter: Adapter?
    public let settings: Settings
    let weights: OperandWeights
    let adapterOperands: AdapterOperands?
    private let workers: [Worker]
    private let rotary: RotaryTable
    /// fp32, laid out like what trains: the gradient of the mean loss of the last step, unclipped.
    var gradient: Memory? { workers[0].network.gradient }

    /// - Parameters:
    ///   - workers: threads; the machine's cores when nil.
    ///   - computesGradient: false saves the gradients' memory where only losses are wanted.
    public convenience init(
        model: TransformerModel, precision: Precision = .auto, workers: Int? = nil, rowsPerPass: Int? = nil,
        computesGradient: Bool = true
    ) {
        var settings = Settings()
        settings.workers = workers
        settings.rowsPerPass = rowsPerPass
        settings.computesGradient = computesGradient
        self.init(model: model, adapter: nil, precision: precision, settings)
    }

    /// - Parameter adapter: of this model; it trains and the model is frozen. A frozen model has no gradient without one.
    public init(model: TransformerModel, adapter: Adapter?, precision: Precision = .auto, _ settings: Settings) {
        precondition(
            model.packed == nil || adapter != nil || !settings.computesGradient, "packed weights do not train without an adapter")
        self.model = model
        self.adapter = adapter
        self.settings = settings
        let weights = OperandWeights(model, precision.element)
        let operands = adapter.map { AdapterOperands($0, precision.element) }
        let rotary = RotaryTable(model.configuration)
        let count = max(1, settings.workers ?? Workers.defaultCount)
        let rows = settings.rowsPerPass ?? Activations.rows(of: model.configuration, precision.element, within: 256 << 20)
        rowsPerPass = rows
        self.weights = weights
        self.rotary = rotary
        adapterOperands = operands
        workers = (0..<count).map { _ in
            Worker(
                Network(
                    weights, rotary: rotary, rows: rows, computesGradient: settings.computesGradient,
                    adapter: operands, recomputes: settings.recomputesActivations))
        }
    }

    /// Rows of one pass of a worker; longer documents get a pass of their own.
    public let rowsPerPass: Int
    public var workerCount: Int { workers.count }
    /// What products are computed in, `auto` resolved.
    public var precision: Precision { weights.element == .bfloat16 ? .bf16 : .fp32 }

    /// To be called after the weights of model or adapter were changed by anything but ``AdamW``.
    public func weightsChanged() {
        weights.refresh()
        adapterOperands?.refresh()
    }

    /// The loss of the documents' trained tokens; documents without one count nothing.
    ///
    /// - Throws: ``TemperError`` with code `data` for an id outside the vocabulary or a document longer than the context.
    public func loss(of documents: [TokenDocument]) throws -> LossSum {
        try check(documents)
        return run(documents, gradientScale: nil)
    }

    /// The same with dropout, and the gradient of the weighted mean over all these trained tokens, however many passes they take.
    ///
    /// - Parameter step: with the seed and the documents' order it decides what is dropped.
    public func lossAndGradient(of documents: [TokenDocument], step: Int = 0) throws -> LossSum {
        try check(documents)
        let weight = documents.reduce(0) { $0 + $1.weightSum }
        let rates = DropoutRates(hidden: settings.hiddenDropout, adapter: adapter?.options.dropout ?? 0)
        let dropout = rates.at(step: step, seed: settings.seed)
        for worker in workers { worker.network.drop(dropout.hidden, ofAdapters: dropout.adapter) }
        defer { for worker in workers { worker.network.drop(nil, ofAdapters: nil) } }
        return run(documents, gradientScale: 1 / Float(weight > 0 ? weight : 1))
    }

    /// The part of the last gradient that belongs to one tensor of the model, or of the adapter when there is one.
    public func gradient(of name: String) -> [Float]? {
        guard let entry = trained.entries.first(where: { $0.name == name }), let gradient else { return nil }
        return Array(UnsafeBufferPointer(start: gradient.floats + entry.offset, count: entry.count))
    }

    /// The logits after each token of one sequence, [T, V]; for tests and inspection.
    public func logits(of ids: [Int32]) throws -> [Float] {
        try check([TokenDocument(ids: ids, mask: [])])
        rotary.reserve(ids.count)
        var batch = PackedBatch()
        batch.appendAllSelected(ids)
        batch.close()
        workers[0].network.forward(batch)
        return Array(workers[0].network.logits(batch).prefix(ids.count * model.configuration.vocabularySize))
    }

    /// What the gradient belongs to.
    var trained: TrainedWeights {
        guard let adapter else { return TrainedWeights(model, rounded: weights.rounded) }
        return TrainedWeights(adapter, rounded: adapterOperands?.rounded)
    }

    private func check(_ documents: [TokenDocument]) throws {
        for (index, document) in documents.enumerated() {
            try TokenDataset.requireFits(document.ids, named: "document \(index) of a step", model.configuration)
        }
    }

    private func run(_ documents: [TokenDocument], gradientScale: Float?) -> LossSum {
        let passes = plan(documents)
        rotary.reserve(documents.map(\.ids.count).max() ?? 0)
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
        let count = trained.count, slice = (count / workers.count + 16) / 16 * 16
        Workers.run(workers.count) { worker in
            let start = min(worker * slice, count), end = min(start + slice, count)
            for other in workers.dropFirst() {
                guard let source = other.network.gradient, end > start else { continue }
                temper_add(total.floats + start, source.floats + start, Int64(end - start))
            }
        }
    }
}
