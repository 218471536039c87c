package import Foundation
package import TemperAgents
package import TemperCore
import TemperData
import TemperEndpoint
import TemperEnvironments
package import TemperEvaluation

/// One policy on one suite, without a recipe: what `temper evaluate --suite --policy` does.
///
/// What is nil is taken from ``overrides``, and then from the defaults of a recipe's `evaluate`, save that all tasks are run.
package struct SuiteEvaluation: Sendable {
    package var suite: String
    package var policy: String
    /// A file or folder of tasks in the benchmark's own format; nil takes the split.
    package var tasks: String?
    /// Nil, and no method in the overrides, takes the suite's default.
    package var method: String?
    package var style: PromptStyle?
    package var split: String?
    /// 0 means all.
    package var limit: Int?
    package var seed: UInt64?
    package var concurrency: Int?
    /// US dollars; nil is without limit.
    package var budget: Double?
    /// Keeps the trajectories there, so that a second start goes on where the first stopped.
    package var runFolder: URL?
    /// `KEY=VALUE` of a recipe: of `evaluate`, but for the keys that name suites and policies, of `collect.endpoint`, of `suites.<id>`
    /// and `seed`.
    package var overrides: [String]

    package init(
        suite: String, policy: String, tasks: String? = nil, method: String? = nil, style: PromptStyle? = nil,
        split: String? = nil, limit: Int? = nil, seed: UInt64? = nil, concurrency: Int? = nil, budget: Double? = nil,
        runFolder: URL? = nil, overrides: [String] = []
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

    /// - Returns: for each method the row over all tasks first, then one a group.
    /// - Throws: ``TemperError``; `unavailable` when every episode failed, `usage` for an override that would be ignored.
    package func run(progress: @escaping @Sendable (RolloutProgress) -> Void = { _ in }) async throws -> [ResultRow] {
        let recipe = try recipe()
        let evaluate = recipe.evaluate ?? Recipe.Evaluate()
        let suite = try recipe.suite(suite, in: ExperimentRegistry())
        let methods = try chosenMethods(suite, evaluate)
        try recipe.check("evaluate", evaluate.episodes, methods: methods.map(\.rawValue))
        let folder = try runFolder.map { try RunFolder.create($0) }
        let lock = try folder?.lock()
        defer { withExtendedLifetime(lock) {} }
        let store = try folder.map { try RunStore($0) }
        let factory = PolicyFactory(
            endpoint: recipe.collect?.endpoint ?? EndpointOptions(),
            spending: try budget.map { SpendingLimit(dollars: $0, alreadySpent: try store?.callTotals().price ?? 0) },
            cache: store)
        let (word, group) = (policy, group(evaluate, seed: evaluate.episodes.seed ?? recipe.seed))
        let runner = SuiteRunner(
            entries: [SuiteRunner.Entry(suite: suite, tasks: try chosenTasks(suite, evaluate), methods: methods)],
            policies: [word], settings: evaluate.episodes, seed: recipe.seed, concurrency: evaluate.concurrency, sink: store,
            contestant: { SuiteRunner.Contestant(try await factory.policy($0, for: $1), group: group) },
            progress: { progress($1) })
        return try await OutsideAccess.granted(factory) { try await runner.run() }.results
    }

    /// The overrides on the defaults, and the values that stand beside them.
    private func recipe() throws -> Recipe {
        var (recipe, given) = try RecipeFile.decode("", file: "--set", overrides: overrides)
        let sections = ["evaluate.", "collect.endpoint.", "suites."]
        let ours = ["policies", "controls", "held_in", "held_out", "general", "compare", "prompts"].map { "evaluate.\($0)" }
        if let odd = given.first(where: { key in
            key != "seed" && !sections.contains { key.hasPrefix($0) }
                || ours.contains { key == $0 || key.hasPrefix($0 + ".") }
        }) {
            throw TemperError(
                .usage, "'--set \(odd)' has no meaning with --suite",
                hint: "keys are seed, evaluate.limit, evaluate.top_p and the like, collect.endpoint.… and suites.<id>.…")
        }
        var evaluate = recipe.evaluate ?? Recipe.Evaluate()
        func take<Value>(_ value: Value?, _ flag: String, _ key: String, _ body: (Value) -> Void) throws {
            guard let value else { return }
            guard !given.contains(key) else {
                throw TemperError(.usage, "\(flag) and '--set \(key)' say the same thing", hint: "leave one of them out")
            }
            body(value)
        }
        if !given.contains("evaluate.limit") { evaluate.limit = 0 }
        if !given.contains("evaluate.concurrency") { evaluate.concurrency = 16 }
        try take(method, "--method", "evaluate.methods") { evaluate.methods = [$0] }
        try take(style, "--prompt", "evaluate.prompt") { evaluate.episodes.prompt = $0 }
        try take(split, "--split", "evaluate.split") { evaluate.split = $0 }
        try take(tasks, "--tasks", "evaluate.split") { _ in }
        try take(limit, "--limit", "evaluate.limit") { evaluate.limit = $0 }
        try take(concurrency, "--concurrency", "evaluate.concurrency") { evaluate.concurrency = $0 }
        try take(seed, "--seed", "seed") { recipe.seed = $0 }
        try take(seed, "--seed", "evaluate.seed") { recipe.seed = $0 }
        guard (1...10_000).contains(evaluate.concurrency), evaluate.limit >= 0 else {
            throw TemperError(.usage, "--concurrency must be in 1…10000 and --limit at least 0")
        }
        recipe.evaluate = evaluate
        return recipe
    }

    /// Everything that changes a reply is part of it, so that a second start finds only its own episodes.
    private func group(_ evaluate: Recipe.Evaluate, seed: UInt64) -> String {
        let (settings, usual) = (evaluate.episodes, Recipe.Evaluate().episodes)
        var parts = [
            settings.prompt.rawValue, "\(seed)", "\(settings.temperature)", "\(settings.maximumTurns)",
            "\(settings.maximumNewTokens)", tasks ?? evaluate.split,
        ]
        if let nearest = settings.nearestAction { parts.append("nearest \(nearest)") }
        if settings.topP != usual.topP { parts.append("top_p \(settings.topP)") }
        if settings.contextTokens != usual.contextTokens { parts.append("context \(settings.contextTokens)") }
        if settings.contextRule != usual.contextRule { parts.append(settings.contextRule.rawValue) }
        if let reflexion = settings.reflexion {
            parts.append("\(reflexion.form.rawValue) \(reflexion.rounds) \(reflexion.wording.rawValue) \(reflexion.trials)")
        }
        return "evaluate/\(policy)/" + parts.joined(separator: "/")
    }

    private func chosenTasks(_ suite: any Suite, _ evaluate: Recipe.Evaluate) throws -> [AgentTask] {
        let limit = evaluate.limit == 0 ? nil : evaluate.limit
        guard let tasks = self.tasks else { return try suite.tasks(split: evaluate.split, limit: limit) }
        let all = try suite.tasks(from: tasks)
        return limit.map { Array(all.prefix($0)) } ?? all
    }

    /// One named as an option alone, several as the recipe has it.
    private func chosenMethods(_ suite: any Suite, _ evaluate: Recipe.Evaluate) throws -> [Method] {
        guard let method else { return try evaluate.methods(of: suite) }
        guard let known = suite.methods.first(where: { $0.rawValue == method }) else {
            throw TemperError(
                .usage, "suite '\(suite.id)' has no method '\(method)'",
                hint: "methods: \(suite.methods.map(\.rawValue).joined(separator: ", "))")
        }
        return [known]
    }
}
