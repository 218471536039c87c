package import TemperCore

/// Policy against baseline over the same tasks.
package struct PairedComparison: Codable, Sendable, Hashable {
    package var baseline: String
    package var policy: String
    package var suite: String
    package var split: String
    package var group: String
    package var groupBy: String?
    /// `reward`, or a metric of the scores.
    package var metric: String
    /// Tasks that both scored.
    package var nPairs: Int
    /// Tasks that only one side scored, because the other errored or never met them.
    package var unpaired: Int
    package var baselineMean: Double
    package var policyMean: Double
    /// Policy minus baseline over the pairs.
    package var difference: Double
    /// 95 %, by paired bootstrap.
    package var interval: Interval
    package var shareAtOrBelowZero: Double
    /// Exact McNemar p; nil when the metric is not 0 or 1 in every pair.
    package var mcNemarP: Double?
    package var seed: UInt64

    enum CodingKeys: String, CodingKey {
        case baseline, policy, suite, split, group, metric, unpaired, difference, interval, seed
        case groupBy = "group_by"
        case nPairs = "n_pairs"
        case baselineMean = "baseline_mean"
        case policyMean = "policy_mean"
        case shareAtOrBelowZero = "share_at_or_below_zero"
        case mcNemarP = "mcnemar_p"
    }

    /// Compares two sets of episodes: per suite and split a row over all tasks, then one per group.
    ///
    /// Episodes are paired by the task's id; several at one task are averaged first. A task on which either side has only
    /// errors is left out and counted. A suite and split with no pair gives no row.
    ///
    /// - Parameters:
    ///   - metric: `reward`, or a metric; a scoreless episode and an absent metric are 0, as in ``ResultRow/summarise``.
    package static func compare(
        baseline: String, _ baselineTrajectories: [Trajectory], policy: String, _ policyTrajectories: [Trajectory],
        metric: String = ResultRow.reward, seed: UInt64, groupings: [Grouping] = [.heldOut],
        resamples: Int = Statistics.defaultResamples
    ) -> [PairedComparison] {
        var rows: [PairedComparison] = []
        for (cell, members) in policyTrajectories.grouped(by: { [$0.task.suite, $0.task.split] }) {
            let others = baselineTrajectories.filter { [$0.task.suite, $0.task.split] == cell }
            var groups = [(label: Grouping.all, tag: String?.none, members: members, others: others)]
            for grouping in groupings {
                let otherGroups = grouping.groups(of: others)
                for group in grouping.groups(of: members) {
                    let others = otherGroups.first { $0.label == group.label }?.members ?? []
                    groups.append((group.label, grouping.tag, group.members, others))
                }
            }
            for group in groups {
                let row = PairedComparison(
                    Names(
                        baseline: baseline, policy: policy, suite: cell[0], split: cell[1], group: group.label,
                        groupBy: group.tag, metric: metric, seed: seed),
                    figures(group.others, metric), figures(group.members, metric), resamples: resamples)
                if let row { rows.append(row) }
            }
        }
        return rows
    }

    /// The mean figure of each task that was scored at least once.
    private static func figures(_ trajectories: [Trajectory], _ metric: String) -> [String: Double] {
        var values: [String: [Double]] = [:]
        for trajectory in trajectories where !trajectory.outcome.isError {
            let score = trajectory.score
            let value = metric == ResultRow.reward ? score?.reward : score?.metrics[metric]
            values[trajectory.task.id, default: []].append(value ?? 0)
        }
        return values.compactMapValues(Statistics.mean)
    }

    private struct Names {
        var baseline, policy, suite, split, group: String
        var groupBy: String?
        var metric: String
        var seed: UInt64
    }

    /// One row from figures by task; nil when nothing pairs.
    private init?(_ names: Names, _ baseline: [String: Double], _ policy: [String: Double], resamples: Int) {
        // In order of id: the same draws whatever order the episodes came in.
        let pairs = policy.sorted { $0.key < $1.key }.compactMap { task, value in baseline[task].map { ($0, value) } }
        let (before, after) = (pairs.map(\.0), pairs.map(\.1))
        var random = RandomSource(
            seed: names.seed, "paired", names.baseline, names.policy, names.suite, names.split, names.group, names.metric)
        guard
            let paired = Statistics.pairedDifference(baseline: before, policy: after, using: &random, resamples: resamples),
            let beforeMean = Statistics.mean(before), let afterMean = Statistics.mean(after)
        else { return nil }
        self.baseline = names.baseline
        self.policy = names.policy
        suite = names.suite
        split = names.split
        group = names.group
        groupBy = names.groupBy
        metric = names.metric
        nPairs = pairs.count
        unpaired = Set(baseline.keys).union(policy.keys).count - pairs.count
        baselineMean = beforeMean
        policyMean = afterMean
        difference = paired.difference
        interval = paired.interval
        shareAtOrBelowZero = paired.shareAtOrBelowZero
        let isBinary = (before + after).allSatisfy { $0 == 0 || $0 == 1 }
        mcNemarP =
            isBinary
            ? Statistics.mcNemar(baselineOnly: pairs.count { $0.0 > $0.1 }, policyOnly: pairs.count { $0.1 > $0.0 }) : nil
        seed = names.seed
    }
}
