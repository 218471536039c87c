import Foundation
import TemperCore
import TemperData
import TemperTokenizers
import TemperTraining
import TemperTransformer

/// Tunes the base on the dataset.
enum TrainStage {
    static func run(_ context: RunContext) async throws -> String {
        guard let train = context.recipe.train else { return "" }
        let tokens = context.folder.dataset.appendingPathComponent("tokens.safetensors")
        guard FileManager.default.fileExists(atPath: tokens.path) else {
            throw TemperError(
                .data, "there is no dataset to train on", hint: "run the stages collect and curate first",
                place: tokens.path, boundary: .data)
        }
        let dataset = try TokenDataset(contentsOf: tokens)
        context.observer(
            .stageStarted(.train, "\(train.base), \(dataset.documentCount) documents, \(dataset.trainedCount) trained tokens"))
        let heldOut = context.folder.dataset.appendingPathComponent("held_out.safetensors")
        var plan = train.plan
        plan.seed = context.recipe.seed
        var job = TrainingJob(
            base: .folder(try ModelLocator.folder(for: train.base)), output: context.folder.model, plan: plan,
            heldOut: FileManager.default.fileExists(atPath: heldOut.path) ? try TokenDataset(contentsOf: heldOut) : nil)
        job.checkpointInterval = .seconds(train.checkpointSeconds)
        job.tuning = train.tuning
        // A shipped model's place differs from installation to installation, its name does not.
        if ModelLocator.shipped.contains(train.base) { job.baseName = train.base }
        let result = try TrainLogger(context).run { try TrainLoop.run(job, dataset: dataset, onEvent: $0) }
        try saveTemplate(context)
        var summary = "\(result.steps) steps, \(result.tokensSeen) tokens"
        if let before = result.heldOutLossBefore, let after = result.heldOutLossAfter {
            summary += String(format: ", held-out loss %.3f to %.3f", before, after)
        }
        return summary
    }
}

extension TrainStage {
    /// The tuned model answers in the template it was trained in.
    private static func saveTemplate(_ context: RunContext) throws {
        let tokenizer = try Tokenizer(folder: context.folder.model)
        let template = try Curation.template(context.recipe.curate, tokenizer)
        guard tokenizer.chatTemplate != template else { return }
        for name in ["chat_template.jinja", "chat_template.json"] {
            let other = context.folder.model.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: other.path) { try FileManager.default.removeItem(at: other) }
        }
        try tokenizer.with(chatTemplate: template).save(to: context.folder.model)
    }
}

/// Passes training events on and keeps them in `metrics.jsonl`.
struct TrainLogger {
    private let context: RunContext

    init(_ context: RunContext) {
        self.context = context
    }

    func run(_ train: ((TrainingEvent) throws -> Void) throws -> TrainingResult) throws -> TrainingResult {
        // Opened by the first event that says where training stands: what an interrupted run wrote beyond it is dropped.
        var log: MetricsLog?
        return try train { event in
            switch event {
            case .started: break
            case .resumed(let step): log = try MetricsLog(context.folder.metrics, resumingAfter: step)
            default: if log == nil { log = try MetricsLog(context.folder.metrics, resumingAfter: 0) }
            }
            switch event {
            case .step(let step):
                try log?.append(
                    .init(
                        kind: .step, step: step.step, loss: step.loss, learningRate: step.learningRate,
                        gradientNorm: step.gradientNorm, tokensSeen: step.tokensSeen, tokensPerSecond: step.tokensPerSecond))
            case .evaluation(let step, let loss):
                try log?.append(.init(kind: .heldOut, step: step, loss: loss.mean))
            case .started, .resumed, .checkpoint: break
            }
            context.observer(.training(event))
        }
    }
}
