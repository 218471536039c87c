import TemperAgents
package import TemperCore
import TemperEnvironments

/// Plays every cheat of a suite beside a policy that guesses: what `temper suites ID --attack` does.
package enum AttackTrial {
    package struct Row: Codable, Sendable, Hashable {
        package var cheat: String
        package var summary: String
        /// Mean reward over the tasks, 0…1; an episode that ended in an error counts 0.
        package var reward: Double
        /// Episodes that ended in an error.
        package var errors: Int
    }

    package struct Result: Codable, Sendable, Hashable {
        package var suite: String
        package var split: String
        package var tasks: Int
        /// The mean reward of the policy `random`, over several plays of each task.
        package var chance: Double
        /// Of ``chance``.
        package var standardError: Double
        package var rows: [Row]

        enum CodingKeys: String, CodingKey {
            case suite, split, tasks, chance, rows
            case standardError = "standard_error"
        }
    }

    /// - Parameters:
    ///   - split: nil takes `test`, or the suite's last.
    ///   - limit: the most tasks; nil takes all.
    ///   - guesses: how often the policy that guesses plays each task.
    /// - Throws: ``TemperError`` with code `unavailable` where data or sandbox are missing.
    package static func run(
        _ suite: any Suite, split: String? = nil, limit: Int?, seed: UInt64 = 7, guesses: Int = 4, concurrency: Int = 4
    ) async throws -> Result {
        let split = split ?? (suite.splits.contains("test") ? "test" : suite.splits.last ?? "test")
        let tasks = try suite.tasks(split: split, limit: limit)
        guard !tasks.isEmpty else { throw TemperError(.data, "the split '\(split)' has no tasks", place: suite.id) }
        func play(_ policy: any Script, seed: UInt64) async throws -> (rewards: [Double], errors: Int) {
            let episodes = tasks.map {
                Episode(
                    key: EpisodeKey(group: "attack", suite: suite.id, task: $0.id, method: suite.defaultMethod), task: $0,
                    suite: suite, policy: .script(policy), author: .policy,
                    options: EpisodeOptions(maximumTurns: suite.maximumTurns), seed: seed, sink: nil)
            }
            let played = try await Rollouts.run(episodes, concurrency: concurrency)
            return (played.map { $0.score?.reward ?? 0 }, played.count { $0.score == nil })
        }
        guard let random = suite.scriptedPolicy(named: "random") else {
            throw TemperError(.usage, "the suite '\(suite.id)' has no policy 'random' to measure chance with")
        }
        var sums = [Double](repeating: 0, count: tasks.count)
        for guess in 0..<guesses {
            for (index, reward) in try await play(random, seed: seed + UInt64(guess)).rewards.enumerated() {
                sums[index] += reward
            }
        }
        let means = sums.map { $0 / Double(guesses) }
        let chance = means.reduce(0, +) / Double(means.count)
        let variance = means.reduce(0) { $0 + ($1 - chance) * ($1 - chance) } / Double(max(1, means.count - 1))
        var rows: [Row] = []
        for cheat in suite.cheats {
            let (rewards, errors) = try await play(cheat.policy, seed: seed)
            let mean = rewards.reduce(0, +) / Double(rewards.count)
            rows.append(Row(cheat: cheat.name, summary: cheat.summary, reward: mean, errors: errors))
        }
        return Result(
            suite: suite.id, split: split, tasks: tasks.count, chance: chance,
            standardError: (variance / Double(means.count)).squareRoot(), rows: rows)
    }
}
