package import TemperCore

/// How one policy did on the tasks of one suite in one method, seed by seed.
package struct SeededScore: Codable, Sendable, Hashable {
    /// One training seed by itself.
    package struct Seed: Codable, Sendable, Hashable {
        package var seed: UInt64
        package var mean: Double
    }

    package var policy: String
    /// Whether training seeds decide the score.
    package var isTrained: Bool
    /// `reward`, or a metric of the scores.
    package var metric: String
    /// Tasks that every seed scored.
    package var n: Int
    /// Tasks left out because an episode of some seed failed for a reason outside the policy.
    package var leftOut: Int
    package var mean: Double
    /// 95 %; see ``CrossedInference``.
    package var interval: Interval?
    /// Whether the interval covers training seeds, or these very models over tasks alone.
    package var coversSeeds: Bool
    package var seeds: [Seed]

    enum CodingKeys: String, CodingKey {
        case policy, metric, n, mean, interval, seeds
        case isTrained = "trained"
        case leftOut = "left_out"
        case coversSeeds = "covers_seeds"
    }

    /// - Returns: nil when no task was scored by every seed.
    package init?(_ figures: SeededFigures, metric: String) {
        let tasks = figures.commonTasks
        guard let rewards = figures.matrix(tasks) else { return nil }
        policy = figures.policy
        isTrained = figures.isTrained
        self.metric = metric
        n = tasks.count
        leftOut = figures.taskCount - tasks.count
        mean = rewards.mean
        interval = CrossedInference.interval(rewards)
        coversSeeds = figures.isTrained && rewards.seedCount >= CrossedInference.minimumSeeds
        seeds = zip(figures.seeds, rewards.seedMeans).map { Seed(seed: $0, mean: $1) }
    }
}

/// The figures of one policy by seed and task.
package struct SeededFigures: Sendable {
    package var policy: String
    package var isTrained: Bool
    package var seeds: [UInt64]
    /// The values by seed, in the order of `seeds`, then by the task's id; a task with errors alone is absent.
    private var values: [[String: Double]]
    /// Tasks that any seed met.
    package var taskCount: Int

    /// - Parameters:
    ///   - episodes: the episodes of each seed, on one suite in one method; several attempts at a task count with their mean.
    ///   - metric: `reward`, or a metric; an episode without a score and an absent metric are 0, as in ``ResultRow/summarise``.
    package init(policy: String, isTrained: Bool, episodes: [(seed: UInt64, trajectories: [Trajectory])], metric: String) {
        self.policy = policy
        self.isTrained = isTrained
        seeds = episodes.map(\.seed)
        values = episodes.map { seed in
            let scored = seed.trajectories.filter { !$0.outcome.isError }
            return Dictionary(grouping: scored, by: \.task.id).compactMapValues { attempts in
                Statistics.mean(
                    attempts.map { (metric == ResultRow.reward ? $0.score?.reward : $0.score?.metrics[metric]) ?? 0 })
            }
        }
        taskCount = Set(episodes.flatMap { $0.trajectories.map(\.task.id) }).count
    }

    /// The tasks that every seed scored, in order of id.
    package var commonTasks: [String] {
        (values.first?.keys.filter { task in values.allSatisfy { $0[task] != nil } } ?? []).sorted()
    }

    /// Rewards of some tasks, each scored by every seed; nil for no tasks.
    package func matrix(_ tasks: [String]) -> RewardMatrix? {
        guard !tasks.isEmpty, !seeds.isEmpty else { return nil }
        return RewardMatrix(
            taskCount: tasks.count, seedCount: seeds.count, values: tasks.flatMap { task in values.map { $0[task] ?? 0 } })
    }
}

/// One policy against another on the tasks of one suite, over tasks and training seeds.
package struct SeededComparison: Codable, Sendable, Hashable {
    package var suite: String
    package var split: String
    package var method: Method
    package var metric: String
    package var baseline: SeededScore
    package var policy: SeededScore
    /// Whether both sides met the same tasks, so that what they share cancels.
    package var isPaired: Bool
    /// Tasks of the comparison: pairs, or the fewer of both sides.
    package var n: Int
    /// Policy minus baseline.
    package var difference: Double
    package var interval: Interval
    /// The smallest difference that would have been called.
    package var floor: Double
    package var verdict: CrossedInference.Verdict
    /// What a reader must know to read it, such as that the panels differ.
    package var notes: [String]

    enum CodingKeys: String, CodingKey {
        case suite, split, method, metric, baseline, policy, n, difference, interval, floor, verdict, notes
        case isPaired = "paired"
    }

    /// - Returns: nil when fewer than two tasks can be compared.
    package init?(
        suite: String, split: String, method: Method, metric: String, baseline: SeededFigures, policy: SeededFigures,
        isPaired: Bool = true, notes: [String] = []
    ) {
        var (tasks, others) = (policy.commonTasks, baseline.commonTasks)
        if isPaired {
            let known = Set(others)
            tasks = tasks.filter(known.contains)
            others = tasks
        }
        guard let rewards = policy.matrix(tasks), let otherRewards = baseline.matrix(others),
            let difference = CrossedInference.difference(
                policy: .init(rewards, isTrained: policy.isTrained), baseline: .init(otherRewards, isTrained: baseline.isTrained),
                isPaired: isPaired),
            let baselineScore = SeededScore(baseline, metric: metric), let policyScore = SeededScore(policy, metric: metric)
        else { return nil }
        self.suite = suite
        self.split = split
        self.method = method
        self.metric = metric
        self.baseline = baselineScore
        self.policy = policyScore
        self.isPaired = isPaired
        n = min(tasks.count, others.count)
        self.difference = difference.value
        interval = difference.interval
        floor = difference.floor
        verdict = difference.verdict
        self.notes = notes
    }
}

extension TextTable {
    /// Comparisons with each side's mean, the difference, the floor and the verdict.
    package static func comparisons(_ rows: [SeededComparison]) -> TextTable {
        func mean(_ score: SeededScore) -> String {
            NumberText.score(score.mean) + (score.interval.map { " " + NumberText.interval($0) } ?? "")
        }
        let showsMethod = Dictionary(grouping: rows, by: \.suite).values.contains { Set($0.map(\.method)).count > 1 }
        var columns = [
            Column("suite"), Column("baseline"), Column(""), Column("policy"), Column(""), Column("n", .right),
            Column("difference"),
            Column("least called", .right), Column("verdict"),
        ]
        if showsMethod { columns.insert(Column("method"), at: 1) }
        return TextTable(
            columns: columns,
            rows: rows.map { row in
                var cells = [
                    row.suite, row.baseline.policy, mean(row.baseline), row.policy.policy, mean(row.policy),
                    NumberText.count(row.n), NumberText.signed(row.difference) + " " + NumberText.signed(row.interval),
                    NumberText.score(row.floor), row.verdict.rawValue,
                ]
                if showsMethod { cells.insert(row.method.rawValue, at: 1) }
                return cells
            })
    }

    /// Each seed of the compared policies that training seeds decide, each policy once.
    package static func seeds(of rows: [SeededComparison]) -> TextTable {
        var shown: [(suite: String, score: SeededScore)] = []
        for row in rows {
            for score in [row.baseline, row.policy]
            where score.isTrained && !shown.contains(where: { $0.suite == row.suite && $0.score == score }) {
                shown.append((row.suite, score))
            }
        }
        return seeds(shown)
    }

    /// Each seed of the policies that training seeds decide.
    package static func seeds(_ scores: [(suite: String, score: SeededScore)]) -> TextTable {
        TextTable(
            columns: [Column("suite"), Column("policy"), Column("seed", .right), Column("mean", .right)],
            rows: scores.flatMap { suite, score in
                score.seeds.map { [suite, score.policy, "\($0.seed)", NumberText.score($0.mean)] }
            })
    }
}
