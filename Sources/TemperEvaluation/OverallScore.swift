import TemperCore

/// One policy over the suites of one kind, each reward put on the scale from guessing (0) to the expert (1).
///
/// AgentTuning weighs its tasks by the mean of reference models instead (section 3.1), which needs their scores; here the
/// chance level and the expert of each suite are at hand: (mean reward − chance) / (expert − chance).
package struct OverallScore: Codable, Sendable, Hashable {
    /// One suite's share.
    package struct Part: Codable, Sendable, Hashable {
        package var suite: String
        /// Scored episodes.
        package var n: Int
        package var meanReward: Double
        package var chance: Double
        /// Mean reward of the expert on the same tasks; 1 where none was run.
        package var expert: Double
        /// Below 0 when the policy does worse than guessing.
        package var normalised: Double
        /// Of `normalised`: the bootstrap over the policy's episodes, the expert's mean taken as given.
        package var interval: Interval?

        enum CodingKeys: String, CodingKey {
            case suite, n, chance, expert, normalised, interval
            case meanReward = "mean_reward"
        }
    }

    package var policy: String
    /// Of all its suites; nil where nobody said, as in evaluations of earlier versions, whose mean may be over several kinds.
    package var kind: SuiteKind?
    /// The unweighted mean of the parts.
    package var mean: Double
    /// The bootstrap over episodes, each suite resampled by itself.
    package var interval: Interval?
    package var parts: [Part]

    /// What one suite gives a policy.
    package struct Rewards: Sendable {
        package var suite: String
        package var chance: Double
        package var expert: Double
        /// One reward per scored episode.
        package var values: [Double]

        package init(suite: String, chance: Double, expert: Double, values: [Double]) {
            self.suite = suite
            self.chance = chance
            self.expert = expert
            self.values = values
        }
    }

    /// - Returns: nil when a suite has no scored episode, or an expert no better than chance.
    package init?(
        policy: String, kind: SuiteKind? = nil, rewards: [Rewards], seed: UInt64, resamples: Int = Statistics.defaultResamples
    ) {
        guard !rewards.isEmpty else { return nil }
        self.policy = policy
        self.kind = kind
        parts = []
        var resampled = [Double](repeating: 0, count: resamples)
        for suite in rewards {
            let span = suite.expert - suite.chance
            guard let mean = Statistics.mean(suite.values), span > 0 else { return nil }
            func scaled(_ value: Double) -> Double { (value - suite.chance) / span }
            var random = RandomSource(seed: seed, "overall", policy, suite.suite)
            let means = Statistics.resampledMeans(suite.values, using: &random, resamples: resamples).map(scaled)
            for index in means.indices { resampled[index] += means[index] / Double(rewards.count) }
            parts.append(
                Part(
                    suite: suite.suite, n: suite.values.count, meanReward: mean, chance: suite.chance, expert: suite.expert,
                    normalised: scaled(mean), interval: Statistics.interval(ofSorted: means.sorted())))
        }
        mean = parts.reduce(0) { $0 + $1.normalised } / Double(parts.count)
        interval = Statistics.interval(ofSorted: resampled.sorted())
    }
}

extension TextTable {
    /// One table for each kind of suite, under its heading where there is one: policies in rows, suites in columns, the mean last.
    package static func overall(_ scores: [OverallScore]) -> String {
        scores.grouped(by: \.kind).map { kind, scores in
            (kind.map { "\($0.title.prefix(1).uppercased())\($0.title.dropFirst())\n" } ?? "") + table(scores).text
        }.joined(separator: "\n\n")
    }

    private static func table(_ scores: [OverallScore]) -> TextTable {
        let suites = scores.first?.parts.map(\.suite) ?? []
        let columns = [Column("policy")] + suites.map { Column($0) } + [Column("mean")]
        let rows = scores.map { score in
            [score.policy] + score.parts.map { NumberText.score($0.normalised) + " " + NumberText.interval($0.interval) }
                + [NumberText.score(score.mean) + " " + NumberText.interval(score.interval)]
        }
        return TextTable(columns: columns, rows: rows)
    }
}
