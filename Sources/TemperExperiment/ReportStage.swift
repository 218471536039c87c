import Foundation
import TemperCore
import TemperData
import TemperEvaluation

/// Gathers what the stages left behind into one page.
enum ReportStage {
    static let sampleCount = 5

    static func run(_ context: RunContext, manifest: Manifest) throws -> String {
        let recipe = context.recipe
        let evaluation = try readIfPresent(Evaluation.self, context.folder.evaluation) ?? Evaluation()
        let card = try readIfPresent(DatasetCard.self, context.folder.dataset.appendingPathComponent("card.json"))
        let evaluate = recipe.evaluate ?? Recipe.Evaluate()
        let isPocket = evaluate.suites.allSatisfy { $0.id.hasPrefix("pocket/") }
        let data = ReportData(
            name: recipe.name,
            headline: headline(evaluation, evaluate),
            evaluation: evaluation,
            controls: evaluate.controls.compactMap(ControlPolicy.init).map {
                ReportData.Control(policy: $0.rawValue, explanation: $0.explanation, limit: isPocket ? $0.limit : nil)
            },
            errorTallies: try errorTallies(context, evaluate),
            loss: try lossCurve(context.folder.metrics),
            stages: try stages(context, manifest, card),
            dataset: card.map(counts),
            samples: try samples(context),
            recipe: context.source,
            facts: facts(manifest, paid: try context.store.callTotals().price))
        try Report.write(data, to: context.folder.url)
        return context.folder.report.relativePath
    }

    private static func readIfPresent<Value: Decodable>(_ type: Value.Type, _ url: URL) throws -> Value? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try ReadFile.json(type, from: url)
    }

    private static func headline(_ evaluation: Evaluation, _ evaluate: Recipe.Evaluate) -> ReportData.Headline {
        let suite = evaluate.suites.first?.id ?? ""
        let hasGroups = evaluation.results.contains { $0.group == "trained shapes" }
        return ReportData.Headline(
            policy: "tuned", baseline: "base", suite: suite, group: hasGroups ? "trained shapes" : Grouping.all,
            metric: evaluation.primaryMetrics[suite] ?? "exact_match",
            about: suite.hasPrefix("pocket/") ? "questions about unseen entities" : "tasks")
    }

    private static func errorTallies(_ context: RunContext, _ evaluate: Recipe.Evaluate) throws -> [ErrorTally] {
        try evaluate.policies.flatMap { policy -> [ErrorTally] in
            let trajectories = try context.store.trajectories(group: EvaluateStage.group(policy))
            return Dictionary(grouping: trajectories, by: \.task.suite).sorted { $0.key < $1.key }.map {
                ErrorTally(policy: policy, suite: $0.key, trajectories: $0.value)
            }
        }
    }

    private static func lossCurve(_ url: URL) throws -> ReportData.LossCurve? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        var curve = ReportData.LossCurve(training: [])
        for record in try MetricsLog.read(url) {
            switch record.kind {
            case .step:
                curve.training.append(.init(step: record.step, value: record.loss))
                if let rate = record.learningRate { curve.learningRate.append(.init(step: record.step, value: rate)) }
            case .heldOut: curve.heldOut.append(.init(step: record.step, value: record.loss))
            }
        }
        return curve.training.isEmpty ? nil : curve
    }

    private static func stages(_ context: RunContext, _ manifest: Manifest, _ card: DatasetCard?) throws -> [ReportData.StageCost]
    {
        let totals = try context.store.totals()
        let trainingTokens =
            FileManager.default.fileExists(atPath: context.folder.metrics.path)
            ? try MetricsLog.read(context.folder.metrics).last { $0.kind == .step }?.tokensSeen ?? 0 : 0
        return Stage.allCases.compactMap { stage in
            guard let record = manifest.stages[stage.rawValue], stage != .report else { return nil }
            let groups = totals.filter { $0.group == stage.rawValue || $0.group.hasPrefix(stage.rawValue + "/") }
            let usage = groups.reduce(TokenUsage()) { $0 + $1.usage }
            return ReportData.StageCost(
                name: stage.rawValue, seconds: record.seconds, promptTokens: usage.promptTokens,
                completionTokens: usage.completionTokens,
                trainingTokens: stage == .train || stage == .pretrain ? trainingTokens : 0,
                priceDollars: groups.reduce(0) { $0 + $1.price }, note: record.message ?? "")
        }
    }

    private static func counts(_ card: DatasetCard) -> ReportData.DatasetCounts {
        var dropped: [String: Int] = [:]
        for step in card.steps {
            for reason in step.dropped { dropped[reason.reason, default: 0] += reason.count }
        }
        let details = card.parts.map {
            ReportData.Fact(
                "\($0.suite), \($0.method?.rawValue ?? "conversations")",
                "\($0.kept) of \($0.episodes) kept, \(String(format: "%.1f", $0.averageTurns)) turns on average")
        }
        return ReportData.DatasetCounts(
            collected: card.parts.reduce(0) { $0 + $1.episodes }, kept: card.parts.reduce(0) { $0 + $1.kept }, dropped: dropped,
            documents: card.documents, tokens: card.tokens, trainedTokens: card.trainedTokens,
            details: [.init("kept out to measure the loss on", "\(card.heldOutDocuments) documents")] + details)
    }

    /// Training trajectories first, then what the tuned policy did. A finished episode always has a reply to mark.
    private static func samples(_ context: RunContext) throws -> [ReportData.SampleTrajectory] {
        let collected = try context.store.trajectories(group: CollectStage.group).filter {
            $0.outcome == .finished && $0.score?.reward == 1
        }
        let tuned = try context.store.trajectories(group: EvaluateStage.group("tuned")).filter { $0.outcome == .finished }
        let chosen = collected.prefix(sampleCount - min(3, tuned.count)) + tuned.prefix(3)
        return try chosen.compactMap { trajectory in
            let view: TokenView?
            do {
                view = try RunTokens.views(of: trajectory, recipe: context.recipe, context.registry).first
            } catch let error as TemperError where error.code == .data {
                return nil  // The recipe trains on nothing of it, or does not render it: no tokens to show.
            }
            guard let view else { return nil }
            return ReportData.SampleTrajectory(
                key: trajectory.key.text, question: trajectory.task.instruction, outcome: trajectory.outcome,
                reward: trajectory.score?.reward, answer: trajectory.answer, gold: trajectory.task.referenceAnswer,
                tokens: view.tokens.map { .init($0.text, trained: $0.trained, author: $0.author) })
        }
    }

    private static func facts(_ manifest: Manifest, paid: Double) -> [ReportData.Fact] {
        var facts = [ReportData.Fact("seed", "\(manifest.seed)")]
        if paid > 0 { facts.append(.init("paid in all", String(format: "$%.4f", paid))) }
        if case .endpoint(let word)? = manifest.model { facts.append(.init("tuned model", word)) }
        if let commit = manifest.commit {
            facts.append(.init("commit", commit + (manifest.isDirty == true ? " (with changes)" : "")))
        }
        facts += manifest.versions.sorted { $0.key < $1.key }.map { ReportData.Fact($0.key, $0.value) }
        facts += manifest.hashes.sorted { $0.key < $1.key }.map { ReportData.Fact("SHA-256 of \($0.key)", $0.value) }
        return facts
    }
}
