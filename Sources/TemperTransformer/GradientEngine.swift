import CTemperKernels
package import TemperCore

/// Losses and gradients of documents on all cores.
///
/// Documents are packed into passes, and a team of workers goes through each pass together, with one set of activations and
/// one gradient of the weights (see ``Network``). For a given number of workers the result is the same bit for bit.
package final class GradientEngine {
    /// What a step does beyond the plain forward and backward pass.
    package struct Settings: Sendable, Hashable {
        /// Threads; the machine's cores when nil.
        package var workers: Int?
        /// Rows of one pass; longer documents get a pass of their own. Nil: as many as keep what is remembered of a pass within
        /// 256 MiB for each worker, up to 2048 for each.
        package var rowsPerPass: Int?
        /// False saves the gradients' memory where only losses are wanted.
        package var computesGradient = true
        /// Keeps only what enters each layer for the backward pass and computes the rest again: the same gradient bit for bit for a
        /// third more time and a fraction of the activations.
        package var recomputesActivations = false
        /// The part of what attention and feed-forward add to the residual stream that training drops, 0 ..< 1.
        package var hiddenDropout = 0.0
        /// The seed of dropout.
        package var seed: UInt64 = 0

        package init() {}
    }

    package let model: TransformerModel
    /// What trains in place of the model's weights, if anything.
    package let adapter: Adapter?
    package let settings: Settings
    let weights: OperandWeights
    let adapterOperands: AdapterOperands?
    let team: WorkerTeam
    let networks: [Network]
    private let adapterGradients: [Memory]
    private var activations: Activations
    private let rotary: RotaryTable
    /// fp32, laid out like what trains: the gradient of the mean loss of the last step, unclipped.
    let gradient: Memory?

    /// - Parameters:
    ///   - workers: threads; the machine's cores when nil.
    ///   - computesGradient: false saves the gradients' memory where only losses are wanted.
    package convenience init(
        model: TransformerModel, precision: Precision = .auto, workers: Int? = nil, rowsPerPass: Int? = nil,
        computesGradient: Bool = true
    ) {
        var settings = Settings()
        settings.workers = workers
        settings.rowsPerPass = rowsPerPass
        settings.computesGradient = computesGradient
        self.init(model: model, adapter: nil, precision: precision, settings)
    }

    /// - Parameter adapter: an adapter of this model; it trains and the model is frozen. A frozen model has no gradient without one.
    package init(model: TransformerModel, adapter: Adapter?, precision: Precision = .auto, _ settings: Settings) {
        precondition(
            model.packed == nil || adapter != nil || !settings.computesGradient, "packed weights do not train without an adapter")
        self.model = model
        self.adapter = adapter
        self.settings = settings
        let weights = OperandWeights(model, precision.element)
        let operands = adapter.map { AdapterOperands($0, precision.element) }
        let rotary = RotaryTable(model.configuration)
        let team = WorkerTeam(settings.workers ?? WorkerTeam.defaultCount)
        let configuration = model.configuration, element = weights.element
        rowsPerPass =
            settings.rowsPerPass
            ?? Activations.rows(of: configuration, element, within: team.count * 256 << 20, atMost: team.count * 2048)
        let rows = PackedBatch.roundedUp(rowsPerPass, to: PackedBatch.rowTile)
        let activations = Activations(configuration, element, rows: rows, recomputes: settings.recomputesActivations)
        let headScratch = HeadScratch(configuration, element, workers: team.count)
        let trainsWeights = settings.computesGradient && adapter == nil
        let weightGradient = trainsWeights ? Memory(floats: model.layout.count) : nil
        // An adapter is small: each worker's rows have a gradient of their own.
        let adapterGradients = (0..<(settings.computesGradient && adapter != nil ? team.count : 0)).compactMap { _ in
            adapter.map { Memory(floats: $0.layout.count) }
        }
        self.weights = weights
        self.rotary = rotary
        self.team = team
        self.activations = activations
        self.adapterGradients = adapterGradients
        gradient = weightGradient ?? adapterGradients.first
        adapterOperands = operands
        networks = (0..<team.count).map { worker in
            Network(
                weights, team, worker: worker, rotary: rotary, activations, headScratch, gradient: weightGradient,
                adapter: operands, adapterGradient: adapterGradients.isEmpty ? nil : adapterGradients[worker],
                recomputes: settings.recomputesActivations)
        }
    }

    /// Rows of one pass; longer documents get a pass of their own.
    package let rowsPerPass: Int
    package var workerCount: Int { team.count }
    /// What products are computed in, `auto` resolved.
    package var precision: Precision { weights.element == .bfloat16 ? .bf16 : .fp32 }

    /// Call this after anything but ``AdamW`` has changed the weights of model or adapter.
    package func weightsChanged() {
        weights.refresh()
        adapterOperands?.refresh()
    }

    /// The loss of the documents' trained tokens; documents without one count nothing.
    ///
    /// - Throws: ``TemperError`` with code `data` for an id outside the vocabulary or a document longer than the context.
    package func loss(of documents: [TokenDocument]) throws -> LossSum {
        try check(documents)
        return run(documents, gradientScale: nil)
    }

    /// The same with dropout, and the gradient of the weighted mean over all these trained tokens, however many passes they take.
    ///
    /// - Parameter step: with the seed and the documents' order it decides what is dropped.
    package func lossAndGradient(of documents: [TokenDocument], step: Int = 0) throws -> LossSum {
        try check(documents)
        let weight = documents.reduce(0) { $0 + $1.weightSum }
        let rates = DropoutRates(hidden: settings.hiddenDropout, adapter: adapter?.options.dropout ?? 0)
        let dropout = rates.at(step: step, seed: settings.seed)
        for network in networks { network.drop(dropout.hidden, ofAdapters: dropout.adapter) }
        defer { for network in networks { network.drop(nil, ofAdapters: nil) } }
        return run(documents, gradientScale: 1 / Float(weight > 0 ? weight : 1))
    }

    /// The part of the last gradient that belongs to one tensor of the model, or of the adapter when there is one.
    package func gradient(of name: String) -> [Float]? {
        guard let entry = trained.entries.first(where: { $0.name == name }), let gradient else { return nil }
        return Array(UnsafeBufferPointer(start: gradient.floats + entry.offset, count: entry.count))
    }

    /// The logits after each token of one sequence, [T, V]; for tests and inspection.
    package func logits(of ids: [Int32]) throws -> [Float] {
        try check([TokenDocument(ids: ids, mask: [])])
        rotary.reserve(ids.count)
        var batch = PackedBatch()
        batch.appendAllSelected(ids)
        batch.close()
        reserve(rows: batch.rows)
        team.run { networks[$0].forward(batch) }
        return Array(networks[0].logits(batch).prefix(ids.count * model.configuration.vocabularySize))
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
        let batches = pack(documents)
        rotary.reserve(documents.map(\.ids.count).max() ?? 0)
        reserve(rows: batches.map(\.rows).max() ?? 0)
        var losses = Array(repeating: 0.0, count: team.count)
        losses.withUnsafeMutableBufferPointer { losses in
            // Each worker writes its own place alone.
            nonisolated(unsafe) let losses = losses
            team.run { worker in
                if gradientScale != nil { clearGradient(worker) }
                for batch in batches {
                    networks[worker].forward(batch)
                    losses[worker] += networks[worker].loss(batch, gradientScale: gradientScale)
                    if gradientScale != nil { networks[worker].backward(batch) }
                }
            }
        }
        if gradientScale != nil { addGradients() }
        return LossSum(
            lossSum: losses.reduce(0, +), tokenCount: batches.reduce(0) { $0 + $1.trainedCount },
            weightSum: batches.reduce(0) { $0 + $1.weightSum })
    }

    /// As few passes as hold the documents, about equally long: the longest first to the pass with the fewest rows.
    private func pack(_ documents: [TokenDocument]) -> [PackedBatch] {
        let rows = documents.map(PackedBatch.rows(for:))
        let order = documents.indices.filter { rows[$0] > 0 }.sorted { (rows[$1], $0) < (rows[$0], $1) }
        var count = max(1, (rows.reduce(0, +) + rowsPerPass - 1) / rowsPerPass)
        while true {
            var passes = Array(repeating: [Int](), count: min(count, order.count)), loads = passes.map { _ in 0 }
            for index in order {
                let pass = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
                passes[pass].append(index)
                loads[pass] += rows[index]
            }
            if zip(passes, loads).allSatisfy({ $0.count <= 1 || $1 <= rowsPerPass }) {
                return passes.map { pass in
                    var batch = PackedBatch()
                    for index in pass { batch.append(documents[index], key: index) }
                    batch.close()
                    return batch
                }
            }
            count += 1
        }
    }

    /// Makes room for a document longer than planned for.
    private func reserve(rows: Int) {
        guard rows > activations.rows else { return }
        activations = Activations(
            model.configuration, weights.element, rows: rows, recomputes: settings.recomputesActivations)
        for network in networks { network.activations = activations }
    }

    /// A worker's part of all that gradients are added to; the team meets before anything is.
    private func clearGradient(_ worker: Int) {
        networks[worker].normGradients?.clear()
        if !adapterGradients.isEmpty { return adapterGradients[worker].clear() }
        guard let gradient else { return }
        let part = (0..<gradient.byteCount / 4).share(of: worker, among: team.count)
        (gradient.floats + part.lowerBound).update(repeating: 0, count: part.count)
    }

    /// Adds what each worker has of its own, in the order of the workers.
    private func addGradients() {
        guard let gradient else { return }
        for network in networks { network.normGradients?.add(to: gradient) }
        for other in adapterGradients.dropFirst() { temper_add(gradient.floats, other.floats, Int64(gradient.byteCount / 4)) }
    }
}
