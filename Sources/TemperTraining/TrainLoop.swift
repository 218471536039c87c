package import Foundation
package import TemperCore
package import TemperTransformer

/// One training run: where it starts, what it does, where it writes.
package struct TrainingJob: Sendable {
    /// The weights to start from.
    package enum Base: Sendable, Hashable {
        /// A Hugging Face folder; its tokenizer files are copied to the output.
        case folder(URL)
        /// Random weights.
        case fresh(ModelConfiguration, seed: UInt64)
    }

    package var base: Base
    /// What an adapter's folder calls its base; the base's path when nil.
    package var baseName: String?
    /// Receives `config.json` and `model.safetensors`, or `adapter_config.json` and `adapter_model.safetensors`, and
    /// `checkpoint.safetensors` while the run goes.
    package var output: URL
    package var plan: TrainingPlan
    package var tuning = Tuning.full
    /// Documents whose loss is reported and never trained on.
    package var heldOut: TokenDataset?
    package var storedPrecision = TransformerModel.StoredPrecision.fp32
    package var checkpointInterval = Duration.seconds(60)
    /// Threads; the machine's cores when nil. The final weights are the same bit for bit for the same number.
    package var workers: Int?

    package init(base: Base, output: URL, plan: TrainingPlan, heldOut: TokenDataset? = nil) {
        self.base = base
        self.output = output
        self.plan = plan
        self.heldOut = heldOut
    }
}

/// Trains a model: the one loop behind pretraining and fine-tuning.
package enum TrainLoop {
    /// Trains on a dataset for the plan's epochs.
    @discardableResult
    package static func run(
        _ job: TrainingJob, dataset: TokenDataset, onEvent: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        try run(job, source: ShuffledDataset(dataset, epochs: job.plan.epochs, seed: job.plan.seed), onEvent: onEvent)
    }

    /// Trains on documents as they come.
    ///
    /// Synchronous; it owns its model. When the output folder holds a checkpoint of this very run it goes on from there and
    /// ends with the same bytes as a run that was never stopped.
    ///
    /// - Parameter onEvent: an error thrown here stops the run; the last checkpoint stays.
    /// - Throws: ``TemperError``: `data` for an impossible plan, a document that does not fit or a damaged file (named),
    ///   `unavailable` when a file cannot be written, `checkFailed` when the loss is no longer finite.
    @discardableResult
    package static func run<Source: DocumentSource>(
        _ job: TrainingJob, source: Source, onEvent: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        let plan = job.plan, clock = ContinuousClock(), begin = clock.now
        if let problem = plan.problem ?? job.tuning.problem { throw TemperError(.data, problem, boundary: .recipe) }
        try plan.precision.requireAvailable()
        let model = try job.loadModel()
        try source.requireFits(model.configuration)
        let adapter = try job.makeAdapter(for: model)
        let engine = GradientEngine(model: model, adapter: adapter, precision: plan.precision, job.engineSettings)
        let optimiser =
            adapter.map { AdamW(adapter: $0, settings: plan.optimiser) } ?? AdamW(model: model, settings: plan.optimiser)
        var source = source
        let totalSteps = try stepCount(plan, &source)
        let schedule = LearningRateSchedule(plan, totalSteps: totalSteps)
        try onEvent(
            .started(
                totalSteps: totalSteps, parameters: adapter?.parameterCount ?? model.parameterCount, workers: engine.workerCount,
                precision: engine.precision))

        try createFolder(job.output)
        let file = job.output.appendingPathComponent("checkpoint.safetensors")
        let fingerprint = try fingerprint(job, model, source)
        var state = TrainingCheckpoint(fingerprint: fingerprint)
        if let stored = try TrainingCheckpoint.load(file, into: engine, optimiser, fingerprint: fingerprint) {
            state = stored
            try onEvent(.resumed(step: state.step))
        } else {
            state.heldOutLossBefore = try evaluate(engine, job, step: 0, onEvent)?.mean
        }

        var batcher = Batcher(source, tokensPerStep: plan.tokensPerStep, position: state.position)
        var lastCheckpoint = clock.now
        var heldOutLossAfter = state.heldOutLossBefore
        while state.step < totalSteps {
            let stepBegin = clock.now
            let documents = try batcher.next()
            guard !documents.isEmpty else { break }
            let loss = try engine.lossAndGradient(of: documents, step: state.step)
            let rate = schedule.rate(at: state.step)
            let norm = optimiser.update(engine, learningRate: rate)
            guard norm.isFinite, loss.lossSum.isFinite else {
                throw TemperError(
                    .checkFailed, "the loss is no longer finite at step \(state.step + 1)", hint: "lower 'learning_rate'",
                    boundary: .engine)
            }
            let tokens = documents.reduce(0) { $0 + $1.ids.count }
            state.step += 1
            state.position = batcher.position
            state.tokensSeen += tokens
            state.trainedTokens += loss.tokenCount
            try onEvent(
                .step(
                    TrainingEvent.Step(
                        step: state.step, totalSteps: totalSteps, loss: loss.mean, learningRate: rate, gradientNorm: norm,
                        tokensSeen: state.tokensSeen, trainedTokens: state.trainedTokens,
                        tokensPerSecond: Double(tokens) / seconds(clock.now - stepBegin))))
            if state.step == totalSteps || plan.evaluateEvery.map({ state.step % $0 == 0 }) ?? false {
                heldOutLossAfter = try evaluate(engine, job, step: state.step, onEvent)?.mean
            }
            if state.step < totalSteps, clock.now - lastCheckpoint >= job.checkpointInterval {
                try state.save(engine, optimiser, to: file)
                lastCheckpoint = clock.now
                try onEvent(.checkpoint(step: state.step))
            }
        }

        if let adapter {
            try adapter.save(folder: job.output, base: job.nameOfBase, storage: model.storage)
        } else {
            try model.save(folder: job.output, precision: job.storedPrecision)
        }
        if case .folder(let base) = job.base { try TokenizerFiles.copy(from: base, to: job.output) }
        for leftover in [file, AtomicFile.temporary(for: file)] where FileManager.default.fileExists(atPath: leftover.path) {
            try FileManager.default.removeItem(at: leftover)
        }
        return TrainingResult(
            steps: state.step, tokensSeen: state.tokensSeen, trainedTokens: state.trainedTokens,
            heldOutLossBefore: state.heldOutLossBefore, heldOutLossAfter: heldOutLossAfter, seconds: seconds(clock.now - begin))
    }

    private static func stepCount<Source: DocumentSource>(_ plan: TrainingPlan, _ source: inout Source) throws -> Int {
        guard let count = source.count else {
            if let steps = plan.maximumSteps { return steps }
            throw TemperError(
                .data, "the documents have no end and the plan no 'maximum_steps'", hint: "set 'maximum_steps'",
                boundary: .recipe)
        }
        guard count > 0 else {
            throw TemperError(
                .data, "there is nothing to train on: no document has a trained token",
                hint: "were all trajectories filtered out?", boundary: .data)
        }
        let steps = try Batcher.stepCount(&source, count: count, tokensPerStep: plan.tokensPerStep)
        return min(steps, plan.maximumSteps ?? steps)
    }

    private static func evaluate(
        _ engine: GradientEngine, _ job: TrainingJob, step: Int, _ onEvent: (TrainingEvent) throws -> Void
    ) throws -> LossSum? {
        guard let heldOut = job.heldOut, heldOut.trainedCount > 0 else { return nil }
        let loss = try SequenceLoss.evaluate(engine, heldOut)
        try onEvent(.evaluation(step: step, loss))
        return loss
    }

    private static func fingerprint(_ job: TrainingJob, _ model: TransformerModel, _ source: some DocumentSource) throws
        -> String
    {
        var text = String(decoding: try JSONEncoder.stable().encode(job.plan), as: UTF8.self)
        if job.tuning != .full { text += String(decoding: try JSONEncoder.stable().encode(job.tuning), as: UTF8.self) }
        return String(
            StableHash.fnv1a("\(text) \(model.configuration) \(model.fingerprint) \(source.fingerprint)"), radix: 16)
    }

    private static func createFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw TemperError(
                .unavailable, "the folder cannot be made: \(error.localizedDescription)", place: folder.path, boundary: .data,
                cause: error)
        }
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
