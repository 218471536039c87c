import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments
import TemperEvaluation

/// What shows how much of a score needs an agent (design, section 9).
package enum ControlPolicy: String, Sendable, CaseIterable {
    /// The base with demonstrations, only able to write actions its environment admits.
    case baseAdmissible = "base-admissible"
    /// A script that searches the question once and copies a span.
    case searchOnce = "search-once"
    /// The tuned model, shown the observations of another question.
    case mismatchedObservations = "mismatched-observations"

    /// The most it should reach in the generated world for a score there to mean reading and acting.
    var limit: Double {
        switch self {
        case .baseAdmissible: return 0.15
        case .searchOnce: return 0.30
        case .mismatchedObservations: return 0.25
        }
    }

    /// One line for the report.
    var explanation: String {
        switch self {
        case .baseAdmissible: return "The base with demonstrations and only admissible actions: what the format alone gives."
        case .searchOnce: return "A script that searches the question once and copies a span: what needs no reasoning."
        case .mismatchedObservations:
            return "The tuned model shown another question's observations: what it answers without reading."
        }
    }
}

/// Runs policies over test tasks and summarises them.
enum EvaluateStage {
    static func run(_ context: RunContext) async throws -> String {
        guard let evaluate = context.recipe.evaluate else { return "" }
        let suites = try (evaluate.heldIn + evaluate.heldOut).map { try context.suite($0) }
        context.observer(.stageStarted(.evaluate, (evaluate.policies + evaluate.controls).joined(separator: ", ")))

        var evaluation = Evaluation()
        /// Of the scored episodes, by policy and suite.
        var rewards: [String: [String: [Double]]] = [:]
        for suite in suites {
            let tasks = try suite.tasks(split: evaluate.split, limit: evaluate.limit == 0 ? nil : evaluate.limit)
            var byPolicy: [String: [Trajectory]] = [:]
            evaluation.primaryMetrics[suite.id] = suite.primaryMetric
            let methods = try methods(of: suite, evaluate)
            evaluation.panels += try methods.map { method in
                try EvaluationPanel(
                    suite: suite.id, split: evaluate.split, method: method, tasks: tasks, prompt: suite.prompt(for: method),
                    environmentVersion: suite.environmentVersion, options: context.recipe.suites[suite.id] ?? [:])
            }
            for policy in evaluate.policies + evaluate.controls {
                var all: [Trajectory] = []
                for method in methods {
                    let contestant = try await contestant(policy, suite: suite, method: method, tasks: tasks, context)
                    let label = "evaluate \(policy)" + (methods.count > 1 ? ", \(method.rawValue)" : "")
                    let trajectories = try await Rollouts.run(
                        contestant.jobs, policy: contestant.model, options: contestant.options, seed: context.recipe.seed,
                        concurrency: evaluate.concurrency, sink: context.store,
                        progress: { context.observer(.rollouts(label, $0)) })
                    all += trajectories
                    var rows = try ResultRow.summarise(
                        trajectories, policy: policy, seed: context.recipe.seed, promptStyle: contestant.options.style)
                    if evaluate.heldOut.contains(suite.id) { for index in rows.indices { rows[index].isHeldOut = true } }
                    evaluation.results += rows
                    // Comparisons and the overall score are about the first method.
                    guard method == methods.first else { continue }
                    byPolicy[policy] = trajectories
                    rewards[policy, default: [:]][suite.id] = trajectories.filter { !$0.outcome.isError }.map {
                        $0.score?.reward ?? 0
                    }
                }
                evaluation.methodChoices += MethodChoice.compare(
                    all, policy: policy, metric: suite.primaryMetric, seed: context.recipe.seed)
            }
            if let base = byPolicy["base"], let tuned = byPolicy["tuned"] {
                evaluation.comparisons += PairedComparison.compare(
                    baseline: "base", base, policy: "tuned", tuned, metric: suite.primaryMetric, seed: context.recipe.seed)
            }
        }
        if suites.count > 1 {
            evaluation.overall = (evaluate.policies + evaluate.controls).compactMap { policy in
                overall(policy, suites, rewards, seed: context.recipe.seed)
            }
        }
        try AtomicFile.writeJSON(evaluation.panels, to: context.folder.panels)
        evaluation.panels = evaluation.panels.map(\.withoutTasks)
        try AtomicFile.writeJSON(evaluation, to: context.folder.evaluation)
        let total = evaluation.results.filter { $0.groupBy == nil }.reduce(0) { $0 + $1.n }
        return "\(total) scored episodes of \(evaluate.policies.count + evaluate.controls.count) policies"
    }

    /// A policy on the scale from guessing to the expert, where the expert ran on the same tasks.
    private static func overall(
        _ policy: String, _ suites: [any Suite], _ rewards: [String: [String: [Double]]], seed: UInt64
    ) -> OverallScore? {
        let parts = suites.map { suite in
            OverallScore.Rewards(
                suite: suite.id, chance: suite.chanceLevel,
                expert: rewards["expert"]?[suite.id].flatMap(Statistics.mean) ?? 1, values: rewards[policy]?[suite.id] ?? [])
        }
        return OverallScore(policy: policy, rewards: parts, seed: seed)
    }

    /// Finds a policy that does not exist, or lacks its key, before anything is trained for it.
    static func checkPolicies(_ context: RunContext) async throws {
        guard let evaluate = context.recipe.evaluate else { return }
        for suite in try (evaluate.heldIn + evaluate.heldOut).map({ try context.suite($0) }) {
            for policy in evaluate.policies where policy != "base" && policy != "tuned" {
                _ = try await context.policies.policy(policy, for: suite)
            }
        }
    }

    /// The methods a suite is run in: its default first where that is among several.
    ///
    /// - Throws: ``TemperError`` with code `data` for a method the suite does not have.
    static func methods(of suite: any Suite, _ evaluate: Recipe.Evaluate) throws -> [Method] {
        let named = try evaluate.methods.map { name in
            guard let method = suite.methods.first(where: { $0.rawValue == name }) else {
                throw TemperError(
                    .data, "'evaluate.methods' names '\(name)', which suite '\(suite.id)' does not have",
                    hint: "it has: \(suite.methods.map(\.rawValue).joined(separator: ", "))", boundary: .recipe)
            }
            return method
        }
        guard named.isEmpty || named.contains(suite.defaultMethod) else { return named }
        return [suite.defaultMethod] + named.filter { $0 != suite.defaultMethod }
    }

    static func group(_ policy: String) -> String { EvaluationGroup(policy: policy).text }

    private struct Contestant {
        var model: any LanguageModel
        var options: EpisodeOptions
        var jobs: [RolloutJob]
    }

    private static func contestant(
        _ policy: String, suite: any Suite, method: Method, tasks: [AgentTask], _ context: RunContext
    ) async throws -> Contestant {
        guard let evaluate = context.recipe.evaluate else { preconditionFailure("the stage runs only when the recipe has it") }
        let control = ControlPolicy(rawValue: policy)
        var options = EpisodeOptions(
            style: .full, temperature: evaluate.temperature,
            maximumTurns: evaluate.maximumTurns == 0 ? suite.maximumTurns : evaluate.maximumTurns,
            maximumNewTokens: evaluate.maximumNewTokens, nearestAction: evaluate.nearestAction)
        let model: any LanguageModel
        switch (policy, control) {
        case ("base", _), (_, .baseAdmissible):
            model = try await context.policies.engine(context.recipe.train?.base ?? Recipe.Train().base, name: "base")
            options.admissibleOnly = control == .baseAdmissible
        case ("tuned", _), (_, .mismatchedObservations):
            model = try await context.tunedPolicy()
            options.style = context.recipe.curate.promptStyle
        default:
            model = try await context.policies.policy(policy, for: suite)
        }
        if let limit = options.contextTokens ?? model.contextLimit, options.maximumNewTokens >= limit {
            throw TemperError(
                .data,
                "'evaluate.maximum_new_tokens' is \(options.maximumNewTokens), but the context of '\(policy)' is \(limit) tokens",
                boundary: .recipe)
        }
        let seed = context.recipe.seed
        let jobs = try tasks.map { task -> RolloutJob in
            let key = EpisodeKey(group: group(policy), suite: suite.id, task: task.id, method: method)
            guard control == .mismatchedObservations else { return RolloutJob(key: key, task: task, suite: suite) }
            guard let partner = MismatchedObservations.partner(of: task, among: tasks) else {
                throw TemperError(
                    .data, "'mismatched-observations' needs tasks with different answers", hint: "raise 'evaluate.limit'",
                    boundary: .recipe)
            }
            return RolloutJob(key: key, task: task, suite: suite) {
                try MismatchedObservations(suite: suite, task: task, partner: partner, seed: seed)
            }
        }
        return Contestant(model: model, options: options, jobs: jobs)
    }
}
