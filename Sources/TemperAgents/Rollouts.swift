package import TemperCore

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
    /// Runs all episodes, at most `concurrency` at a time.
    ///
    /// - Returns: the trajectories in the order of `episodes`, whatever the order in which they ended; of a Reflexion episode with
    ///   trials, each trial.
    /// - Throws: what must stop the run (see ``Episode/run()``); episodes that finished before are in the sink.
    package static func run(
        _ episodes: [Episode], concurrency: Int, progress: @Sendable (RolloutProgress) -> Void = { _ in }
    ) async throws -> [Trajectory] {
        precondition(concurrency > 0, "concurrency must be positive")
        var results = [[Trajectory]](repeating: [], count: episodes.count)
        var state = RolloutProgress(total: episodes.count)
        try await withThrowingTaskGroup(of: (Int, [Trajectory]).self) { group in
            var next = 0
            func startOne() {
                guard next < episodes.count else { return }
                let (index, episode) = (next, episodes[next])
                next += 1
                group.addTask {
                    let hasTrials = episode.key.method.text.reflects && episode.options.reflexion.form == .trials
                    return (index, hasTrials ? try await Trials.run(episode) : [try await episode.run()])
                }
            }
            for _ in 0..<min(concurrency, episodes.count) { startOne() }
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
