import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments
import TemperEvaluation

/// Runs a recipe's policies over its test tasks.
enum EvaluateStage {
    static func run(_ context: RunContext) async throws -> String {
        guard let evaluate = context.recipe.evaluate else { return "" }
        context.observer(.stageStarted(.evaluate, evaluate.contestants.joined(separator: ", ")))
        let entries = try evaluate.suites.map { id, kind in
            let suite = try context.suite(id)
            return SuiteRunner.Entry(
                suite: suite, kind: kind,
                tasks: try suite.tasks(split: evaluate.split, limit: evaluate.limit == 0 ? nil : evaluate.limit),
                methods: try evaluate.methods(of: suite))
        }
        let panels = try entries.flatMap { try frozenTasks(of: $0, evaluate, context) }
        let runner = SuiteRunner(
            entries: entries, policies: evaluate.contestants, comparisons: evaluate.comparisons, settings: evaluate.episodes,
            seed: context.recipe.seed, concurrency: evaluate.concurrency, sink: context.store,
            contestant: { try await contestant($0, on: $1, evaluate, context) },
            progress: { context.observer(.rollouts("evaluate \($0)", $1)) })
        var evaluation = try await runner.run()
        try AtomicFile.writeJSON(panels, to: context.folder.panels)
        evaluation.panels = panels.map(\.withoutTasks)
        try AtomicFile.writeJSON(evaluation, to: context.folder.evaluation)
        let total = evaluation.results.filter { $0.groupBy == nil }.reduce(0) { $0 + $1.n }
        return "\(total) scored episodes of \(evaluate.contestants.count) policies"
    }

    /// Finds a policy that does not exist, or lacks its key, before anything is trained for it.
    static func checkPolicies(_ context: RunContext) async throws {
        guard let evaluate = context.recipe.evaluate else { return }
        for suite in try evaluate.suites.map({ try context.suite($0.id) }) {
            for policy in evaluate.policies where policy != "base" && policy != "tuned" {
                _ = try await context.policies.policy(policy, for: suite)
            }
        }
    }

    /// The frozen tasks of a suite, for each method.
    private static func frozenTasks(
        of entry: SuiteRunner.Entry, _ evaluate: Recipe.Evaluate, _ context: RunContext
    ) throws -> [EvaluationPanel] {
        try entry.methods.map { method in
            try EvaluationPanel(
                suite: entry.suite.id, split: evaluate.split, method: method, tasks: entry.tasks,
                prompt: entry.suite.prompt(for: method), environmentVersion: entry.suite.environmentVersion,
                options: context.recipe.suites[entry.suite.id] ?? [:])
        }
    }

    static func group(_ policy: String) -> String { EvaluationGroup(policy: policy).text }

    private static func contestant(
        _ word: String, on suite: any Suite, _ evaluate: Recipe.Evaluate, _ context: RunContext
    ) async throws -> SuiteRunner.Contestant {
        let control = ControlPolicy(rawValue: word)
        var style = evaluate.prompts[word]
        let policy: Policy
        switch (word, control) {
        case ("base", _), (_, .baseAdmissible):
            policy = .model(
                try await context.policies.engine(context.recipe.train?.base ?? Recipe.Train().base, name: "base"))
        case ("tuned", _), (_, .mismatchedObservations):
            policy = .model(try await context.tunedPolicy())
            style = style ?? context.recipe.curate.promptStyle
        default: policy = try await context.policies.policy(word, for: suite)
        }
        return SuiteRunner.Contestant(policy, group: group(word), style: style, control: control)
    }
}
