import Foundation

/// Intervals and tests over tasks *and* training seeds.
///
/// **Variance.** The mean over T tasks and S seeds has variance σ²(task)/T + σ²(seed)/S + σ²(rest)/(TS). The last two together are
/// the variance of the seed means over S, which is estimated without a model: B = s²(seed means) / S, with S − 1 degrees of
/// freedom. The first is A = max(0, MS tasks − MS rest) / (TS). For the difference of two policies on the same tasks A comes from
/// the differences of the task means, and B is the sum of both policies' B, for their seeds are drawn independently.
///
/// **Degrees of freedom.** V = A + B gets ν (A + B) / B degrees of freedom, where ν is S − 1 for one policy, and for the difference
/// of two seeded ones 2 (min S − 1). Satterthwaite's formula has the square of (A + B) / B instead; with 3 seeds the interval is
/// then short whenever B came out small by chance and covers 92 %. This choice was made by simulation, among Satterthwaite
/// with and without cut-off, t over seed means, z over tasks, the modified large sample bound (Graybill and Wang 1980) and
/// Cochran's weighted t: for rewards of 0 or 1, levels 0.1, 0.5 and 0.9, 100 to 300 tasks and standard deviations between seeds
/// of 0 to 0.04 it covers 93.7 to 96.3 % at 3 and at 5 seeds. `SeedCoverageTests` repeats that simulation.
///
/// **Scale.** Where all rewards lie in 0…1, the interval of a level is made on the scale of log odds and carried back (delta
/// method): near 0 and 1 the distribution of the mean is skewed, and a symmetric interval there covers 90 %.
package enum CrossedInference {
    /// The fewest seeds for a statement about seeds: the simulation covers 3 and more.
    package static let minimumSeeds = 3

    /// The 95 % interval of the mean; over tasks and seeds from ``minimumSeeds`` on, over tasks alone with fewer.
    ///
    /// - Returns: nil for fewer than two tasks.
    package static func interval(_ rewards: RewardMatrix) -> Interval? {
        guard rewards.taskCount > 1 else { return nil }
        let mean = rewards.mean
        let halfWidth = halfWidth(of: rewards)
        guard halfWidth > 0, rewards.values.allSatisfy({ (0...1).contains($0) }) else {
            return Interval(mean - halfWidth, mean + halfWidth)
        }
        let logOdds = log(mean / (1 - mean))
        let scaled = halfWidth / (mean * (1 - mean))
        func level(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        return Interval(level(logOdds - scaled), level(logOdds + scaled))
    }

    private static func halfWidth(of rewards: RewardMatrix) -> Double {
        let (t, s) = (Double(rewards.taskCount), Double(rewards.seedCount))
        let variance = CrossedVariance(rewards)
        guard rewards.seedCount >= minimumSeeds else {
            return halfWidth(Statistics.variance(rewards.taskMeans) / t, degrees: t - 1)
        }
        let ofTasks = max(0, variance.tasks - variance.rest) / (t * s)
        return halfWidth(ofTasks, variance.seeds / (t * s), seedDegrees: s - 1)
    }

    private static func halfWidth(_ variance: Double, degrees: Double) -> Double {
        variance > 0 ? StudentT.critical95(degreesOfFreedom: degrees) * variance.squareRoot() : 0
    }

    private static func halfWidth(_ ofTasks: Double, _ ofSeeds: Double, seedDegrees: Double) -> Double {
        halfWidth(ofTasks + ofSeeds, degrees: ofSeeds > 0 ? seedDegrees * (ofTasks + ofSeeds) / ofSeeds : .infinity)
    }

    /// What a comparison says; the test is fixed before any reward is seen.
    package enum Verdict: String, Codable, Sendable, Hashable {
        /// The 95 % interval over tasks and seeds lies above 0.
        case better
        /// It lies below 0.
        case worse
        /// It holds 0, and so does the one over tasks alone.
        case noDifferenceSeen = "no difference seen"
        /// A trained policy has fewer than ``CrossedInference/minimumSeeds`` seeds; or these models do differ over tasks, but seeds
        /// differ so much among themselves that another set of them may not.
        case notEnoughSeeds = "not enough seeds"
    }

    /// One policy's side of a comparison.
    package struct Side: Sendable {
        package var rewards: RewardMatrix
        /// Whether training seeds decide its rewards, so that with too few of them nothing can be called.
        package var isTrained: Bool

        package init(_ rewards: RewardMatrix, isTrained: Bool) {
            self.rewards = rewards
            self.isTrained = isTrained
        }

        var hasSeeds: Bool { isTrained && rewards.seedCount >= minimumSeeds }
    }

    /// The difference of two policies' means.
    package struct Difference: Sendable, Hashable {
        /// Policy minus baseline.
        package var value: Double
        package var interval: Interval
        /// The smallest difference, up or down, that would have been called: half the interval's width. With fewer than
        /// ``CrossedInference/minimumSeeds`` seeds it is about these very models, over tasks alone.
        package var floor: Double
        package var verdict: Verdict
    }

    /// Policy minus baseline, with its interval, floor and verdict.
    ///
    /// - Parameters:
    ///   - isPaired: whether row t of both sides is the same task. Otherwise the tasks are independent too.
    /// - Returns: nil for fewer than two tasks on a side.
    package static func difference(policy: Side, baseline: Side, isPaired: Bool = true) -> Difference? {
        let sides = [policy, baseline]
        precondition(
            !isPaired || policy.rewards.taskCount == baseline.rewards.taskCount, "pairs need as many tasks on both sides")
        guard sides.allSatisfy({ $0.rewards.taskCount > 1 }) else { return nil }
        let value = policy.rewards.mean - baseline.rewards.mean
        let taskCount = Double(sides.map(\.rewards.taskCount).min() ?? 0)
        // For these very models: the variance over tasks, with what seeds and tasks do together.
        let overTasks: Double
        if isPaired {
            let differences = zip(policy.rewards.taskMeans, baseline.rewards.taskMeans).map { $0 - $1 }
            overTasks = Statistics.variance(differences) / taskCount
        } else {
            overTasks = sides.reduce(0) { $0 + Statistics.variance($1.rewards.taskMeans) / Double($1.rewards.taskCount) }
        }
        let tasksAlone = halfWidth(overTasks, degrees: taskCount - 1)
        func isClear(_ halfWidth: Double) -> Bool { abs(value) > halfWidth }
        func result(_ halfWidth: Double, _ verdict: Verdict) -> Difference {
            Difference(
                value: value, interval: Interval(value - halfWidth, value + halfWidth), floor: halfWidth, verdict: verdict)
        }
        func called(_ halfWidth: Double, otherwise: Verdict) -> Difference {
            result(halfWidth, isClear(halfWidth) ? (value > 0 ? .better : .worse) : otherwise)
        }
        let trained = sides.filter(\.isTrained)
        guard !trained.isEmpty else { return called(tasksAlone, otherwise: .noDifferenceSeen) }
        guard trained.allSatisfy(\.hasSeeds) else { return result(tasksAlone, .notEnoughSeeds) }

        var (ofTasks, ofSeeds) = (overTasks, 0.0)
        for side in trained {
            let variance = CrossedVariance(side.rewards)
            let cells = Double(side.rewards.taskCount * side.rewards.seedCount)
            ofTasks -= variance.rest / cells
            ofSeeds += variance.seeds / cells
        }
        let fewest = Double(trained.map(\.rewards.seedCount).min() ?? 0)
        let seedDegrees = Double(trained.count) * (fewest - 1)
        let overBoth = halfWidth(max(0, ofTasks), ofSeeds, seedDegrees: seedDegrees)
        return called(overBoth, otherwise: isClear(tasksAlone) ? .notEnoughSeeds : .noDifferenceSeen)
    }
}
