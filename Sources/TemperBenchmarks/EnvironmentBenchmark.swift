import Foundation
package import TemperCore
import TemperEnvironments

/// How fast the generated suites' environments answer: what `temper bench environments` does.
package enum EnvironmentBenchmark {
    package struct Row: Codable, Sendable, Hashable {
        package var suite: String
        /// Actions carried out a second, starts and ends of episodes counted in the time: the median over the runs.
        package var stepsPerSecond: Double
        package var slowest: Double
        package var fastest: Double
        package var episodesPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case suite, slowest, fastest
            case stepsPerSecond = "steps_per_second"
            case episodesPerSecond = "episodes_per_second"
        }
    }

    /// One recorded episode of the expert.
    private struct Episode {
        var task: AgentTask
        var actions: [Action]
    }

    /// Replays the expert's actions on train tasks, one episode after the other, at least `seconds` a run.
    ///
    /// - Throws: what an environment throws, such as ``TemperError`` with code `unavailable` without a sandbox.
    package static func run(suites: [any Suite], runs: Int, episodes: Int = 40, seconds: Double = 1) async throws -> [Row] {
        var rows: [Row] = []
        for suite in suites {
            guard let expert = suite.scriptedPolicy(named: "expert") else { continue }
            var recorded: [Episode] = []
            for task in try suite.tasks(split: "train", limit: episodes) {
                recorded.append(Episode(task: task, actions: try await actions(of: expert, on: task, suite)))
            }
            var figures: [(steps: Double, episodes: Double)] = []
            // The first run only warms up.
            for run in 0...runs {
                let started = ContinuousClock.now
                var (steps, played, elapsed) = (0, 0, 0.0)
                while elapsed < seconds {
                    let episode = recorded[played % recorded.count]
                    try await replay(episode, suite)
                    steps += episode.actions.count
                    played += 1
                    elapsed = (ContinuousClock.now - started) / .seconds(1)
                }
                if run > 0 { figures.append((Double(steps) / elapsed, Double(played) / elapsed)) }
            }
            let sorted = figures.sorted { $0.steps < $1.steps }
            rows.append(
                Row(
                    suite: suite.id, stepsPerSecond: sorted[sorted.count / 2].steps, slowest: sorted[0].steps,
                    fastest: sorted[sorted.count - 1].steps, episodesPerSecond: sorted[sorted.count / 2].episodes))
        }
        return rows
    }

    private static func actions(of expert: any Script, on task: AgentTask, _ suite: any Suite) async throws -> [Action] {
        let key = EpisodeKey(group: "bench", suite: suite.id, task: task.id, method: .react)
        return try await with(suite, task) { environment in
            var turns: [Turn] = []
            while turns.count < suite.maximumTurns {
                let scene = Scene(key: key, task: task, turns: turns, seed: 7)
                let reply = try await expert.reply(in: scene)
                guard let action = TurnText.read(reply, method: .react, format: task.format).action else { break }
                let result = try await environment.step(action)
                turns.append(
                    Turn(
                        index: turns.count, reply: [Span(reply, by: .teacher)], action: action,
                        observation: result.isDone ? nil : result.observation))
                if result.isDone { break }
            }
            return turns.compactMap(\.action)
        }
    }

    private static func replay(_ episode: Episode, _ suite: any Suite) async throws {
        try await with(suite, episode.task) { environment in
            for action in episode.actions { _ = try await environment.step(action) }
            _ = try await environment.score()
        }
    }

    private static func with<Value>(
        _ suite: any Suite, _ task: AgentTask, _ body: (inout any Environment) async throws -> Value
    ) async throws -> Value {
        var environment = try suite.makeEnvironment(for: task)
        do {
            _ = try await environment.reset()
            let value = try await body(&environment)
            await environment.close()
            return value
        } catch {
            await environment.close()
            throw error
        }
    }
}
