package import TemperCore

/// What several methods of one policy reach on the same tasks when one method is chosen for each task: at random, the same for
/// all, or the one that turns out best (FireAct, Tables 4 and 10).
///
/// FireAct's figures for GPT-3.5 on HotpotQA: random 32.4, best single 39.8, always best 52.0. A tuned model that chooses a method
/// for each task by itself lies somewhere between.
package struct MethodChoice: Codable, Sendable, Hashable {
    /// A method by itself.
    package struct Single: Codable, Sendable, Hashable {
        package var method: Method
        package var mean: Double
        package var meanTurns: Double

        enum CodingKeys: String, CodingKey {
            case method, mean
            case meanTurns = "mean_turns"
        }
    }

    /// A way of choosing.
    package struct Choice: Codable, Sendable, Hashable {
        package var mean: Double
        /// The 95 % bootstrap interval of the mean over tasks.
        package var interval: Interval
        package var meanTurns: Double

        enum CodingKeys: String, CodingKey {
            case mean, interval
            case meanTurns = "mean_turns"
        }
    }

    package var policy: String
    package var suite: String
    /// ``ResultRow/reward``, or the name of a metric.
    package var metric: String
    /// Tasks that every method has a score for.
    package var n: Int
    /// Tasks that lack the score of a method: an error, or not run.
    package var leftOut: Int
    /// The methods in order of name.
    package var methods: [Single]
    /// Every method with equal chance: the expected score.
    package var random: Choice
    /// The method with the highest mean; the first by name of equals.
    package var bestSingle: Method
    /// The best method of each task, known only afterwards; of equals the one with the fewest turns.
    package var oracle: Choice

    enum CodingKeys: String, CodingKey {
        case policy, suite, metric, n, methods, random, oracle
        case leftOut = "left_out"
        case bestSingle = "best_single"
    }

    /// Compares the methods of one policy, suite by suite.
    ///
    /// A task with several attempts in a method counts with their mean. The score of an episode that ended without one is 0.
    ///
    /// - Parameters:
    ///   - trajectories: those of one policy, in several methods on the same tasks.
    ///   - metric: a metric of the scores; nil, or ``ResultRow/reward``, takes the reward.
    /// - Returns: a row for each suite with at least two methods and one task that all have run.
    package static func compare(
        _ trajectories: [Trajectory], policy: String, metric: String? = nil, seed: UInt64,
        resamples: Int = Statistics.defaultResamples
    ) -> [MethodChoice] {
        let metric = metric == ResultRow.reward ? nil : metric
        return trajectories.grouped(by: { [$0.task.suite] }).compactMap { _, members in
            MethodChoice(members, policy: policy, metric: metric, seed: seed, resamples: resamples)
        }
    }

    /// What one method reached on one task.
    private struct Result {
        var score: Double
        var turns: Double
    }

    private init?(_ trajectories: [Trajectory], policy: String, metric: String?, seed: UInt64, resamples: Int) {
        let byMethod = Dictionary(grouping: trajectories, by: \.key.method).sorted { $0.key.rawValue < $1.key.rawValue }
        guard byMethod.count > 1 else { return nil }
        let results = byMethod.map { Self.results($0.value, metric: metric) }
        let tasks = Set(trajectories.map(\.key.task)).sorted()
        let rows = tasks.compactMap { task -> [Result]? in
            let row = results.compactMap { $0[task] }
            return row.count == results.count ? row : nil
        }
        guard !rows.isEmpty else { return nil }
        self.policy = policy
        suite = trajectories[0].task.suite
        self.metric = metric ?? ResultRow.reward
        n = rows.count
        leftOut = tasks.count - rows.count
        func mean(_ values: [Double]) -> Double { Statistics.mean(values) ?? 0 }
        let methods = byMethod.indices.map { index in
            Single(
                method: byMethod[index].key, mean: mean(rows.map { $0[index].score }),
                meanTurns: mean(rows.map { $0[index].turns }))
        }
        self.methods = methods
        bestSingle = methods.reduce(methods[0]) { $1.mean > $0.mean ? $1 : $0 }.method
        let (suite, name) = (suite, self.metric)
        func choice(_ label: String, _ results: [Result]) -> Choice {
            var random = RandomSource(seed: seed, "method choice", policy, suite, name, label)
            let scores = results.map(\.score)
            return Choice(
                mean: mean(scores),
                interval: Statistics.interval(of: scores, using: &random, resamples: resamples) ?? Interval(0, 0),
                meanTurns: mean(results.map(\.turns)))
        }
        random = choice(
            "random", rows.map { row in Result(score: mean(row.map(\.score)), turns: mean(row.map(\.turns))) })
        oracle = choice(
            "oracle",
            rows.map { row in
                row.reduce(row[0]) { best, next in
                    (next.score, -next.turns) > (best.score, -best.turns) ? next : best
                }
            })
    }

    /// The results by task; tasks with nothing but errors are absent.
    private static func results(_ trajectories: [Trajectory], metric: String?) -> [String: Result] {
        let scored = trajectories.filter { !$0.outcome.isError }
        return Dictionary(grouping: scored, by: \.key.task).mapValues { attempts in
            let scores = attempts.map { episode in
                metric.map { episode.score?.metrics[$0] ?? 0 } ?? episode.score?.reward ?? 0
            }
            return Result(
                score: Statistics.mean(scores) ?? 0, turns: Statistics.mean(attempts.map { Double($0.turns.count) }) ?? 0)
        }
    }
}
