import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperPocketText
import TemperTokenizers
import TemperTraining
import TemperTransformer

/// Trains a base model from scratch on generated general text.
enum PretrainStage {
    static func run(_ context: RunContext) async throws -> StageResult {
        guard let pretrain = context.recipe.pretrain else { return StageResult("") }
        let seed = context.recipe.seed
        context.observer(.stageStarted(.pretrain, "\(pretrain.tokens) tokens of generated general text"))
        let template = ChatTemplate.chatML
        let tokenizer = try tokenizer(pretrain, template: template, seed: seed)
        let model = context.folder.model
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        try tokenizer.save(to: model)

        let configuration = ModelConfiguration(
            vocabularySize: tokenizer.vocabularySize, width: pretrain.width, feedForwardWidth: pretrain.feedForwardWidth,
            layerCount: pretrain.layers, headCount: pretrain.heads, keyValueHeadCount: pretrain.keyValueHeads,
            contextLength: pretrain.context)
        // Documents 0 ..< heldOutDocuments are never trained on; the tokenizer may see them.
        let heldOut = GeneralTextSource(
            seed: seed, first: 0, tokenizer: tokenizer, template: template, longest: pretrain.context)
        let source = GeneralTextSource(
            seed: seed, first: pretrain.heldOutDocuments, tokenizer: tokenizer, template: template, longest: pretrain.context)
        var plan = pretrain.plan
        plan.seed = seed
        plan.maximumSteps = plan.maximumSteps ?? max(1, pretrain.tokens / plan.tokensPerStep)
        var job = NativeJob(
            base: .fresh(configuration, seed: seed), output: model, plan: plan,
            heldOut: TokenDataset(documents: try (0..<pretrain.heldOutDocuments).map { try heldOut.document(at: $0) }))
        job.options = pretrain.native
        job.storedPrecision = .bf16
        let result = try TrainLoop.run(job, source: source, onEvent: TrainLogger(context, file: context.folder.metrics).handle)
        let summary = String(
            format: "%d steps, %d tokens, held-out loss %.3f", result.steps, result.tokensSeen, result.heldOutLossAfter ?? .nan)
        return StageResult(summary, model: .folder("model"))
    }

    private static func tokenizer(_ pretrain: Recipe.Pretrain, template: ChatTemplate, seed: UInt64) throws -> Tokenizer {
        try Tokenizer.train(
            GeneralText.sample(count: pretrain.tokenizerDocuments, seed: seed), vocabularySize: pretrain.vocabularySize,
            specialTokens: template.specialTokens, chatTemplate: template)
    }
}
