package import Foundation
package import TemperAgents
package import TemperCore
import TemperData
import TemperEndpoint
import TemperEnvironments
package import TemperEvaluation

/// One policy on one suite, without a recipe: what `temper evaluate --suite --policy` does.
package struct SuiteEvaluation: Sendable {
    package var suite: String
    package var policy: String
    /// A file or folder of tasks in the benchmark's own format; nil takes the split.
    package var tasks: String?
    /// Nil takes the suite's default.
    package var method: String?
    package var style: PromptStyle
    package var split: String
    /// 0 means all.
    package var limit: Int
    package var seed: UInt64
    package var concurrency: Int
    /// US dollars; nil is without limit.
    package var budget: Double?
    /// Keeps the trajectories there, so that a second start goes on where the first stopped.
    package var runFolder: URL?
    /// `KEY=VALUE` of a recipe's `evaluate` and `collect.endpoint` sections.
    package var overrides: [String]

    package init(
        suite: String, policy: String, tasks: String? = nil, method: String? = nil, style: PromptStyle = .full,
        split: String = "test", limit: Int = 0,
        seed: UInt64 = 7, concurrency: Int = 16, budget: Double? = nil, runFolder: URL? = nil, overrides: [String] = []
    ) {
        self.suite = suite
        self.policy = policy
        self.tasks = tasks
        self.method = method
        self.style = style
        self.split = split
        self.limit = limit
        self.seed = seed
        self.concurrency = concurrency
        self.budget = budget
        self.runFolder = runFolder
        self.overrides = overrides
    }

    /// - Returns: the row over all tasks first, then one a group.
    /// - Throws: ``TemperError``; `unavailable` when every episode failed.
    package func run(progress: @escaping @Sendable (RolloutProgress) -> Void = { _ in }) async throws -> [ResultRow] {
        let (recipe, _) = try RecipeFile.decode("", file: "--set", overrides: overrides)
        let evaluate = recipe.evaluate ?? Recipe.Evaluate()
        let suite = try recipe.suite(suite)
        let folder = try runFolder.map { try RunFolder.create($0) }
        let lock = try folder?.lock()
        defer { withExtendedLifetime(lock) {} }
        let store = try folder.map { try RunStore($0) }
        let factory = PolicyFactory(
            endpoint: recipe.collect?.endpoint ?? EndpointOptions(),
            spending: try budget.map { SpendingLimit(dollars: $0, alreadySpent: try store?.callTotals().price ?? 0) },
            cache: store)
        let model = try await factory.policy(policy, for: suite)
        let method = try chosenMethod(suite)
        let tasks = try chosenTasks(suite)
        // Everything that changes a reply is part of the group, so that a second start finds only its own episodes.
        var settings = [
            style.rawValue, "\(seed)", "\(evaluate.temperature)", "\(evaluate.maximumTurns)", "\(evaluate.maximumNewTokens)",
            self.tasks ?? split,
        ]
        if let nearest = evaluate.nearestAction { settings.append("nearest \(nearest)") }
        let group = "evaluate/\(policy)/" + settings.joined(separator: "/")
        let jobs = tasks.map {
            RolloutJob(
                key: EpisodeKey(group: group, suite: suite.id, task: $0.id, method: method), task: $0, suite: suite
            )
        }
        let options = EpisodeOptions(
            style: style, temperature: evaluate.temperature,
            maximumTurns: evaluate.maximumTurns == 0 ? suite.maximumTurns : evaluate.maximumTurns,
            maximumNewTokens: evaluate.maximumNewTokens, nearestAction: evaluate.nearestAction)
        let trajectories = try await OutsideAccess.granted(factory) {
            try await Rollouts.run(
                jobs, policy: model, options: options, seed: seed, concurrency: concurrency, sink: store, progress: progress)
        }
        return try ResultRow.summarise(trajectories, policy: policy, seed: seed, promptStyle: style)
    }

    private func chosenTasks(_ suite: any Suite) throws -> [AgentTask] {
        let limit = limit == 0 ? nil : limit
        guard let tasks = self.tasks else { return try suite.tasks(split: split, limit: limit) }
        let all = try suite.tasks(from: tasks)
        return limit.map { Array(all.prefix($0)) } ?? all
    }

    private func chosenMethod(_ suite: any Suite) throws -> Method {
        guard let method else { return suite.defaultMethod }
        guard let known = Method(rawValue: method), suite.methods.contains(known) else {
            throw TemperError(
                .usage, "suite '\(suite.id)' has no method '\(method)'",
                hint: "methods: \(suite.methods.map(\.rawValue).joined(separator: ", "))")
        }
        return known
    }
}
