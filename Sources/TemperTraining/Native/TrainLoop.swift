package import Foundation
package import TemperCore
import TemperTransformer

/// Trains a model: the one loop behind pretraining and fine-tuning.
package enum TrainLoop {
    /// Throws away how far an unfinished training has come, so that the next one in the folder starts anew.
    package static func discardCheckpoint(in folder: URL) throws { try TrainingCheckpoint.discard(in: folder) }

    /// Trains on a dataset for the plan's epochs.
    @discardableResult
    package static func run(
        _ job: NativeJob, dataset: TokenDataset, onEvent: (TrainingEvent) throws -> Void = { _ in }
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
        _ job: NativeJob, source: Source, onEvent: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        let plan = job.plan, clock = ContinuousClock(), begin = clock.now
        if let problem = plan.problem ?? job.tuning.problem ?? job.options.problem {
            throw TemperError(.data, problem, boundary: .recipe)
        }
        try job.options.precision.requireAvailable()
        let model = try job.loadModel()
        try source.requireFits(model.configuration)
        let adapter = try job.makeAdapter(for: model)
        let engine = GradientEngine(model: model, adapter: adapter, precision: job.options.precision, job.engineSettings)
        let optimiser =
            adapter.map { AdamW(adapter: $0, settings: plan.optimiser) } ?? AdamW(model: model, settings: plan.optimiser)
        var source = source
        let totalSteps = try stepCount(plan, &source)
        let schedule = LearningRateSchedule(plan, totalSteps: totalSteps)
        try onEvent(
            .started(
                totalSteps: totalSteps, parameters: adapter?.parameterCount ?? model.parameterCount,
                device: "\(engine.workerCount) threads, \(engine.precision.rawValue)"))

        try createFolder(job.output)
        let file = job.output.appendingPathComponent(TrainingCheckpoint.fileName)
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
            if state.step < totalSteps, clock.now - lastCheckpoint >= .seconds(job.options.checkpointSeconds) {
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
        try TrainingCheckpoint.discard(in: job.output)
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
        _ engine: GradientEngine, _ job: NativeJob, step: Int, _ onEvent: (TrainingEvent) throws -> Void
    ) throws -> LossSum? {
        guard let heldOut = job.heldOut, heldOut.trainedCount > 0 else { return nil }
        let loss = try SequenceLoss.evaluate(engine, heldOut)
        try onEvent(.evaluation(step: step, loss))
        return loss
    }

    private static func fingerprint(_ job: NativeJob, _ model: TransformerModel, _ source: some DocumentSource) throws
        -> String
    {
        var text = String(decoding: try JSONEncoder.stable().encode(identity(of: job)), as: UTF8.self)
        if job.tuning != .full { text += String(decoding: try JSONEncoder.stable().encode(job.tuning), as: UTF8.self) }
        return String(
            StableHash.fnv1a("\(text) \(model.configuration) \(model.fingerprint) \(source.fingerprint)"), radix: 16)
    }

    /// What of plan and options decides the weights, in one object.
    private static func identity(of job: NativeJob) -> JSONValue {
        var fields = job.plan.configuration.object ?? [:]
        var options = job.options.configuration.object ?? [:]
        options["checkpoint_seconds"] = nil
        fields.merge(options) { $1 }
        return .object(fields)
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
