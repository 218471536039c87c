import Foundation
import TemperCore
import TemperData
import TemperEndpoint
import TemperTokenizers
import TemperTraining

/// Tunes the base on the dataset with the recipe's engine.
enum TrainStage {
    static func run(_ context: RunContext) async throws -> StageResult {
        guard let train = context.recipe.train else { return StageResult("") }
        let tokens = context.folder.dataset.appendingPathComponent("tokens.safetensors")
        guard FileManager.default.fileExists(atPath: tokens.path) else {
            throw TemperError(
                .data, "there is no dataset to train on", hint: "run the stages collect and curate first",
                place: tokens.path, boundary: .data)
        }
        let dataset = try TokenDataset(contentsOf: tokens)
        context.observer(
            .stageStarted(.train, "\(train.base), \(dataset.documentCount) documents, \(dataset.trainedCount) trained tokens"))
        let engine = try context.registry.engine(train.engine)
        let first = TrainLogger(context, file: context.folder.metrics)
        let model = try await Self.train(context, train, engine, seed: context.recipe.seed, to: context.folder.model, first)
        let further = context.recipe.furtherSeeds
        let finished = further.isEmpty ? [:] : try SeedModels.all(in: context.folder)
        for seed in further where finished["\(seed)"] == nil {
            context.observer(.stageStarted(.train, "training seed \(seed)"))
            let folder = SeedModels.folder(of: seed, in: context.folder)
            let logger = TrainLogger(context, file: context.folder.url.appendingPathComponent("metrics-\(seed).jsonl"))
            let other = try await Self.train(context, train, engine, seed: seed, to: folder, logger)
            try SeedModels.record(other, of: seed, in: context.folder)
        }
        let text = summary(first.result, model) + (further.isEmpty ? "" : ", \(further.count + 1) training seeds")
        return StageResult(text, model: model)
    }

    /// One model from one seed.
    private static func train(
        _ context: RunContext, _ train: Recipe.Train, _ engine: any TrainingEngine, seed: UInt64, to output: URL,
        _ logger: TrainLogger
    ) async throws -> TrainedModel {
        let job = TrainingJob(
            try context.recipe.setup(of: train, seed: seed), dataset: context.folder.dataset, output: output)
        let model = try await engine.train(job, onEvent: logger.handle)
        switch model {
        case .folder(let path):
            let folder = URL(fileURLWithPath: path, isDirectory: true)
            try saveTemplate(context, in: folder)
            // The run folder may be moved, so what lies in it is named from there.
            let inRun = context.folder.url.path + "/"
            return folder.path.hasPrefix(inRun) ? .folder(String(folder.path.dropFirst(inRun.count))) : model
        case .endpoint(let word):
            try check(word, engine)
            return model
        }
    }

    private static func summary(_ result: TrainingResult?, _ model: TrainedModel) -> String {
        var parts: [String] = []
        if let result { parts.append("\(result.steps) steps, \(result.tokensSeen) tokens") }
        if let before = result?.heldOutLossBefore, let after = result?.heldOutLossAfter {
            parts.append(String(format: "held-out loss %.3f to %.3f", before, after))
        }
        if case .endpoint(let word) = model { parts.append("served at \(word)") }
        return parts.joined(separator: ", ")
    }

    /// A word that no policy could be is found before anything is evaluated with it.
    private static func check(_ word: String, _ engine: any TrainingEngine) throws {
        guard PolicyFactory.isEndpoint(word) else {
            throw TemperError(
                .checkFailed, "engine '\(engine.name)' names its model '\(word)', which is not an endpoint",
                hint: "an endpoint is http(s)://HOST/v1#MODEL or openai:MODEL", boundary: .engine)
        }
        try EndpointLanguageModel.checkAddress(word)
    }

    /// The tuned model answers in the template it was trained in.
    private static func saveTemplate(_ context: RunContext, in folder: URL) throws {
        let tokenizer = try Tokenizer(folder: folder)
        let template = try Curation.template(context.recipe.curate, tokenizer)
        guard tokenizer.chatTemplate != template else { return }
        for name in ["chat_template.jinja", "chat_template.json"] {
            let other = folder.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: other.path) { try FileManager.default.removeItem(at: other) }
        }
        try tokenizer.with(chatTemplate: template).save(to: folder)
    }
}

extension Recipe {
    /// What the recipe asks an engine to train.
    ///
    /// - Parameter seed: the training's; nil is the run's own.
    /// - Throws: ``TemperError`` with code `data` when there is no such base.
    func setup(of train: Train, seed: UInt64? = nil) throws -> TrainingSetup {
        var plan = train.plan
        plan.seed = seed ?? self.seed
        // A shipped model's place differs from installation to installation, its name does not.
        return TrainingSetup(
            base: try ModelLocator.folder(for: train.base),
            baseName: ModelLocator.shipped.contains(train.base) ? train.base : nil, tuning: train.tuning, plan: plan,
            options: train.options[train.engine] ?? [:])
    }
}

/// Passes training events on and keeps them in `metrics.jsonl`.
final class TrainLogger {
    private let context: RunContext
    /// Where metrics are kept.
    private let file: URL
    /// Opened by the first event that says how far training has come: what an interrupted run wrote beyond it is dropped.
    private var log: MetricsLog?
    /// What the engine said at its end.
    private(set) var result: TrainingResult?

    init(_ context: RunContext, file: URL) {
        self.context = context
        self.file = file
    }

    func handle(_ event: TrainingEvent) throws {
        switch event {
        case .started: break
        case .resumed(let step): log = try MetricsLog(file, resumingAfter: step)
        default: if log == nil { log = try MetricsLog(file, resumingAfter: 0) }
        }
        switch event {
        case .step(let step):
            try log?.append(
                .init(
                    kind: .step, step: step.step, loss: step.loss, learningRate: step.learningRate,
                    gradientNorm: step.gradientNorm, tokensSeen: step.tokensSeen, tokensPerSecond: step.tokensPerSecond))
        case .evaluation(let step, let loss):
            try log?.append(.init(kind: .heldOut, step: step, loss: loss.mean))
        case .finished(let result): self.result = result
        case .started, .resumed, .checkpoint: break
        }
        context.observer(.training(event))
    }
}
