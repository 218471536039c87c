package import TemperAgents
package import TemperCore
import TemperEnvironments

/// Runs policies over the tasks of suites and sums their episodes up: what `evaluate` of a recipe and `temper evaluate --suite` do.
package struct SuiteRunner: Sendable {
    /// A suite with the tasks and methods it is run in.
    package struct Entry: Sendable {
        package var suite: any Suite
        /// Nil where nobody says which.
        package var kind: SuiteKind?
        package var tasks: [AgentTask]
        /// Comparisons and the overall score are about the first.
        package var methods: [Method]

        package init(suite: any Suite, kind: SuiteKind? = nil, tasks: [AgentTask], methods: [Method]) {
            self.suite = suite
            self.kind = kind
            self.tasks = tasks
            self.methods = methods
        }
    }

    /// A policy as it is asked on one suite.
    package struct Contestant: Sendable {
        package var policy: Policy
        /// Where its episodes stand in the store.
        package var group: String
        /// Nil takes the settings' own.
        package var style: PromptStyle?
        package var control: ControlPolicy?

        package init(_ policy: Policy, group: String, style: PromptStyle? = nil, control: ControlPolicy? = nil) {
            self.policy = policy
            self.group = group
            self.style = style
            self.control = control
        }
    }

    /// Two policies that are compared task by task.
    package struct Comparison: Sendable, Hashable {
        package var baseline: String
        package var policy: String

        package init(baseline: String, policy: String) {
            self.baseline = baseline
            self.policy = policy
        }
    }

    package var entries: [Entry]
    /// Their words, in the order of the rows; controls last.
    package var policies: [String]
    package var comparisons: [Comparison] = []
    package var settings: EpisodeSettings
    /// Of draws and bootstraps; ``EpisodeSettings/seed`` goes before.
    package var seed: UInt64
    package var concurrency: Int
    package var sink: (any EpisodeSink)?
    /// What a policy's word means on a suite.
    package var contestant: @Sendable (_ policy: String, _ suite: any Suite) async throws -> Contestant
    /// Told how far the episodes of a policy are; its text names policy and method.
    package var progress: @Sendable (_ label: String, RolloutProgress) -> Void = { _, _ in }

    package init(
        entries: [Entry], policies: [String], comparisons: [Comparison] = [], settings: EpisodeSettings, seed: UInt64,
        concurrency: Int, sink: (any EpisodeSink)?,
        contestant: @escaping @Sendable (_ policy: String, _ suite: any Suite) async throws -> Contestant,
        progress: @escaping @Sendable (_ label: String, RolloutProgress) -> Void = { _, _ in }
    ) {
        self.entries = entries
        self.policies = policies
        self.comparisons = comparisons
        self.settings = settings
        self.seed = settings.seed ?? seed
        self.concurrency = concurrency
        self.sink = sink
        self.contestant = contestant
        self.progress = progress
    }

    /// - Throws: ``TemperError``; `unavailable` when every episode of a policy on a suite failed.
    package func run() async throws -> Evaluation {
        var evaluation = Evaluation()
        var rewards: [String: [String: [Double]]] = [:]
        for entry in entries {
            evaluation.primaryMetrics[entry.suite.id] = entry.suite.primaryMetric
            var byPolicy: [String: [Trajectory]] = [:]
            for policy in policies {
                let contestant = try await contestant(policy, entry.suite)
                var all: [Trajectory] = []
                for method in entry.methods {
                    let label = entry.methods.count > 1 ? "\(policy), \(method.rawValue)" : policy
                    let trials = try await episodes(of: contestant, entry, method, policy: policy, label: label)
                    let rows = try ResultRow.summarise(
                        trials, policy: policy, seed: seed, promptStyle: contestant.style ?? settings.prompt, kind: entry.kind,
                        trials: settings.trials(in: method))
                    evaluation.results += rows
                    let attempts = trials.lastTrials(of: settings.trials(in: method))
                    all += attempts
                    guard method == entry.methods.first else { continue }
                    byPolicy[policy] = attempts
                    rewards[policy, default: [:]][entry.suite.id] = attempts.filter { !$0.outcome.isError }.map {
                        $0.score?.reward ?? 0
                    }
                }
                evaluation.methodChoices += MethodChoice.compare(
                    all, policy: policy, metric: entry.suite.primaryMetric, seed: seed)
            }
            for pair in comparisons {
                evaluation.comparisons += PairedComparison.compare(
                    baseline: pair.baseline, byPolicy[pair.baseline] ?? [], policy: pair.policy, byPolicy[pair.policy] ?? [],
                    metric: entry.suite.primaryMetric, seed: seed)
            }
        }
        if entries.count > 1 { evaluation.overall = overall(rewards) }
        return evaluation
    }

    /// Every attempt at every task; with Reflexion's trials, every trial.
    private func episodes(
        of contestant: Contestant, _ entry: Entry, _ method: Method, policy: String, label: String
    ) async throws -> [Trajectory] {
        var options = settings.options(for: entry.suite, style: contestant.style)
        options.admissibleOnly = contestant.control == .baseAdmissible
        if let limit = options.contextTokens ?? contestant.policy.contextLimit, options.maximumNewTokens >= limit {
            throw TemperError(
                .data,
                "'evaluate.maximum_new_tokens' is \(options.maximumNewTokens), but the context of '\(policy)' is \(limit) tokens",
                boundary: .recipe)
        }
        let episodes = try entry.tasks.flatMap { task -> [Episode] in
            let environment = try environment(contestant.control, task, entry)
            return (0..<settings.attempts).map { attempt in
                let key = EpisodeKey(
                    group: contestant.group, suite: entry.suite.id, task: task.id, method: method, attempt: attempt)
                return Episode(
                    key: key, task: task, suite: entry.suite, policy: contestant.policy, author: .policy, options: options,
                    seed: seed, sink: sink, makeEnvironment: environment)
            }
        }
        return try await Rollouts.run(
            episodes, concurrency: concurrency, progress: { progress(label, $0) })
    }

    /// What a control acts on in place of the suite's own environment; nil where that stays.
    private func environment(
        _ control: ControlPolicy?, _ task: AgentTask, _ entry: Entry
    ) throws -> (@Sendable () throws -> any Environment)? {
        guard control == .mismatchedObservations else { return nil }
        guard let partner = MismatchedObservations.partner(of: task, among: entry.tasks) else {
            throw TemperError(
                .data, "'mismatched-observations' needs tasks with different answers", hint: "raise 'evaluate.limit'",
                boundary: .recipe)
        }
        return { [suite = entry.suite, seed] in
            try MismatchedObservations(suite: suite, task: task, partner: partner, seed: seed)
        }
    }

    /// Each policy on the scale from guessing to the expert, over the suites of each kind.
    private func overall(_ rewards: [String: [String: [Double]]]) -> [OverallScore] {
        entries.grouped(by: \.kind).flatMap { kind, entries in
            policies.compactMap { policy in
                let parts = entries.map { entry in
                    OverallScore.Rewards(
                        suite: entry.suite.id, chance: entry.suite.chanceLevel,
                        // The expert is the scale's upper end where it ran on the same tasks.
                        expert: rewards["expert"]?[entry.suite.id].flatMap(Statistics.mean) ?? 1,
                        values: rewards[policy]?[entry.suite.id] ?? [])
                }
                return OverallScore(policy: policy, kind: kind, rewards: parts, seed: seed)
            }
        }
    }
}

extension [Trajectory] {
    /// Of each attempt the trial that ended it, in the order of the attempts.
    ///
    /// - Parameter trials: how many an attempt may take (``EpisodeSettings/trials(in:)``).
    func lastTrials(of trials: Int) -> [Trajectory] {
        guard trials > 1 else { return self }
        return grouped(by: { [$0.key.suite, $0.key.task, "\($0.key.attempt / trials)"] }).compactMap { _, members in
            members.max { $0.key.attempt < $1.key.attempt }
        }
    }
}
