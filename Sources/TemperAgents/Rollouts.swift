package import TemperCore

/// One episode to run.
package struct RolloutJob: Sendable {
    package var key: EpisodeKey
    package var task: AgentTask
    package var suite: any Suite
    /// The environment to act on; the suite's own unless a control replaces it.
    package var makeEnvironment: @Sendable () throws -> any Environment

    package init(
        key: EpisodeKey, task: AgentTask, suite: any Suite,
        makeEnvironment: (@Sendable () throws -> any Environment)? = nil
    ) {
        self.key = key
        self.task = task
        self.suite = suite
        self.makeEnvironment = makeEnvironment ?? { try suite.makeEnvironment(for: task) }
    }
}

/// Where a set of rollouts stands.
package struct RolloutProgress: Sendable, Hashable {
    package var total: Int
    package var done = 0
    package var failed = 0
    package var tokens = 0
    package var price = 0.0

    package init(total: Int) { self.total = total }
}

/// Runs many episodes with bounded concurrency.
package enum Rollouts {
    /// Runs all jobs, at most `concurrency` at a time.
    ///
    /// - Returns: the trajectories in the order of `jobs`, whatever the order in which they ended; of a Reflexion job with
    ///   trials, each trial.
    /// - Throws: what must stop the run (see ``Episode/run(_:task:suite:environment:policy:options:reflections:seed:sink:)``); episodes
    ///   that finished before are in the sink.
    package static func run(
        _ jobs: [RolloutJob], policy: any LanguageModel, options: EpisodeOptions, seed: UInt64,
        concurrency: Int,
        sink: (any EpisodeSink)?, progress: @Sendable (RolloutProgress) -> Void = { _ in }
    ) async throws -> [Trajectory] {
        precondition(concurrency > 0, "concurrency must be positive")
        var results = [[Trajectory]](repeating: [], count: jobs.count)
        var state = RolloutProgress(total: jobs.count)
        try await withThrowingTaskGroup(of: (Int, [Trajectory]).self) { group in
            var next = 0
            func startOne() {
                guard next < jobs.count else { return }
                let index = next
                let job = jobs[index]
                next += 1
                group.addTask {
                    if job.key.method.text.reflects, options.reflexion.form == .trials {
                        let trials = try await Trials.run(
                            job.key, task: job.task, suite: job.suite, environment: job.makeEnvironment, policy: policy,
                            options: options, seed: seed, sink: sink)
                        return (index, trials)
                    }
                    let trajectory = try await Episode.run(
                        job.key, task: job.task, suite: job.suite, environment: job.makeEnvironment,
                        policy: policy,
                        options: options, seed: seed, sink: sink)
                    return (index, [trajectory])
                }
            }
            for _ in 0..<min(concurrency, jobs.count) { startOne() }
            // A reached budget starts nothing new, but what is on its way has been paid for and comes in.
            var budgetReached: (any Error)?
            while let result = await group.nextResult() {
                if case .failure(let error) = result {
                    guard (error as? TemperError)?.code == .budget else { throw error }
                    budgetReached = error
                    continue
                }
                let (index, trajectories) = try result.get()
                results[index] = trajectories
                state.done += 1
                state.failed += trajectories.contains { $0.outcome.isError } ? 1 : 0
                for trajectory in trajectories {
                    state.tokens += trajectory.usage.promptTokens + trajectory.usage.completionTokens
                    state.price += trajectory.price
                }
                progress(state)
                if budgetReached == nil { startOne() }
            }
            if let budgetReached { throw budgetReached }
        }
        return results.flatMap { $0 }
    }
}
