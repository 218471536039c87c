import Foundation
import TemperCore
import TemperEvaluation
import Testing

/// Simulated evaluations: rewards of 0 or 1 on tasks and seeds that are crossed, made on the scale of log odds.
private struct World: Sendable, CustomStringConvertible {
    /// Mean reward over all tasks and all seeds.
    let level: Double
    /// Standard deviation between seeds, in reward.
    let seedDeviation: Double
    let taskCount: Int
    let seedCount: Int
    /// Standard deviations in log odds: of tasks, of what a policy has by itself with a task, of the rest.
    var task = 1.5
    var own = 0.5
    var rest = 0.7

    var description: String { "level \(level), seeds ±\(seedDeviation), \(taskCount) tasks × \(seedCount) seeds" }

    /// Log odds at which the mean reward is the level, and how far they move for a seed of one standard deviation.
    private func scale(_ level: Double) -> (centre: Double, seed: Double) {
        let deviation = (task * task + own * own + rest * rest).squareRoot()
        func average(_ centre: Double, _ f: (Double) -> Double) -> Double {
            var (sum, weight) = (0.0, 0.0)
            for step in -60...60 {
                let z = Double(step) / 10
                sum += f(centre + deviation * z) * exp(-z * z / 2)
                weight += exp(-z * z / 2)
            }
            return sum / weight
        }
        func reward(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        var (low, high) = (-20.0, 20.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if average(middle, reward) < level { low = middle } else { high = middle }
        }
        let slope = average(low) { reward($0) * (1 - reward($0)) }
        return (low, seedDeviation / slope)
    }

    /// Draws evaluations of one policy on given tasks.
    func policy(level: Double, isSeeded: Bool = true) -> (_ tasks: [Double], inout Normal) -> RewardMatrix {
        let scale = scale(level)
        let seedCount = isSeeded ? seedCount : 1
        let seedScale = isSeeded ? scale.seed : 0
        return { tasks, normal in
            let seeds = (0..<seedCount).map { _ in seedScale * normal.draw() }
            var values: [Double] = []
            values.reserveCapacity(tasks.count * seedCount)
            for task in tasks {
                let place = scale.centre + task + own * normal.draw()
                for seed in seeds {
                    let odds = exp(place + seed + rest * normal.draw())
                    values.append(normal.unit() < odds / (1 + odds) ? 1 : 0)
                }
            }
            return RewardMatrix(taskCount: tasks.count, seedCount: seedCount, values: values)
        }
    }

    func tasks(_ normal: inout Normal) -> [Double] { (0..<taskCount).map { _ in task * normal.draw() } }

    /// The mean reward that the simulation has in truth: seeds that are skewed move it off the level.
    func truth() -> Double {
        let scale = scale(level)
        let deviation = (task * task + own * own + rest * rest + scale.seed * scale.seed).squareRoot()
        var (sum, weight) = (0.0, 0.0)
        for step in -600...600 {
            let z = Double(step) / 100
            sum += exp(-z * z / 2) / (1 + exp(-(scale.centre + deviation * z)))
            weight += exp(-z * z / 2)
        }
        return sum / weight
    }
}

/// Normal draws by the polar method (Marsaglia), two at a time.
private struct Normal {
    private var random: RandomSource
    private var spare: Double?

    init(_ random: RandomSource) { self.random = random }

    mutating func unit() -> Double { random.unit() }

    mutating func draw() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let (x, y) = (2 * random.unit() - 1, 2 * random.unit() - 1)
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }
}

@Suite("Coverage of intervals over tasks and seeds")
struct SeedCoverageTests {
    /// `make test-long` simulates 10,000 evaluations of every world; the default tier as many over all worlds.
    private static let isLong = ProcessInfo.processInfo.environment["TEMPER_LONG"] == "1"

    private func coverage(of world: World, evaluations: Int) -> Double {
        var normal = Normal(RandomSource(seed: 2310, "coverage", world.description))
        let (policy, truth) = (world.policy(level: world.level), world.truth())
        var covered = 0
        for _ in 0..<evaluations {
            let rewards = policy(world.tasks(&normal), &normal)
            if let interval = CrossedInference.interval(rewards), interval.low <= truth, truth <= interval.high { covered += 1 }
        }
        return Double(covered) / Double(evaluations)
    }

    @Test("10,000 simulated evaluations: intervals cover the truth in 93–97 %", arguments: [3, 5])
    func levels(seedCount: Int) {
        var worlds: [World] = []
        for level in [0.1, 0.5, 0.9] {
            for deviation in [0.0, 0.02, 0.04] {
                for tasks in Self.isLong ? [100, 200, 300] : [100] {
                    worlds.append(World(level: level, seedDeviation: deviation, taskCount: tasks, seedCount: seedCount))
                }
            }
        }
        let evaluations = Self.isLong ? 10_000 : 10_000 / worlds.count
        var total = 0.0
        for world in worlds {
            let share = coverage(of: world, evaluations: evaluations)
            total += share
            // Four standard errors of a share near 0.95 beyond the bounds.
            let slack = 4 * (0.95 * 0.05 / Double(evaluations)).squareRoot()
            #expect((0.93 - slack...0.97 + slack).contains(share), "\(world): \(share)")
            if Self.isLong { print("\(world): covered in \(share)") }
        }
        let mean = total / Double(worlds.count)
        #expect((0.93...0.97).contains(mean), "\(seedCount) seeds: \(mean)")
    }

    private struct Calls {
        var better = 0.0
        var worse = 0.0
        var notEnough = 0.0
    }

    /// The shares of verdicts on a policy whose true gain is given, against one trained alike or not trained at all.
    private func calls(_ world: World, gain: Double, baselineIsTrained: Bool = true, evaluations: Int) -> Calls {
        var normal = Normal(RandomSource(seed: 2312, "calls", world.description, "\(gain) \(baselineIsTrained)"))
        let policy = world.policy(level: world.level + gain)
        let baseline = world.policy(level: world.level, isSeeded: baselineIsTrained)
        var calls = Calls()
        for _ in 0..<evaluations {
            let tasks = world.tasks(&normal)
            let difference = CrossedInference.difference(
                policy: .init(policy(tasks, &normal), isTrained: true),
                baseline: .init(baseline(tasks, &normal), isTrained: baselineIsTrained))
            switch difference?.verdict {
            case .better: calls.better += 1
            case .worse: calls.worse += 1
            case .notEnoughSeeds: calls.notEnough += 1
            case .noDifferenceSeen, nil: break
            }
        }
        let n = Double(evaluations)
        return Calls(better: calls.better / n, worse: calls.worse / n, notEnough: calls.notEnough / n)
    }

    @Test("Without a difference at most 5.5 % are called better", arguments: [3, 5])
    func falseCalls(seedCount: Int) {
        let worlds = [0.1, 0.5, 0.9].flatMap { level in
            [0.0, 0.02, 0.04].map { World(level: level, seedDeviation: $0, taskCount: 100, seedCount: seedCount) }
        }
        let evaluations = Self.isLong ? 10_000 : 5_000 / worlds.count
        for world in worlds {
            let calls = calls(world, gain: 0, evaluations: evaluations)
            #expect(calls.better <= 0.055 && calls.worse <= 0.055, "\(world): \(calls)")
            if Self.isLong { print("\(world): no difference, called better in \(calls.better), worse in \(calls.worse)") }
        }
    }

    @Test("A true gain of 0.15 is called with 3 seeds and 300 tasks in at least 80 %")
    func power() {
        let evaluations = Self.isLong ? 10_000 : 400
        for level in [0.1, 0.5, 0.75] {
            let world = World(level: level, seedDeviation: 0.03, taskCount: 300, seedCount: 3)
            for baselineIsTrained in [true, false] {
                let calls = calls(world, gain: 0.15, baselineIsTrained: baselineIsTrained, evaluations: evaluations)
                #expect(calls.better >= 0.8, "\(world), baseline trained \(baselineIsTrained): \(calls)")
                if Self.isLong {
                    print("\(world), baseline trained \(baselineIsTrained): gain of 0.15 called in \(calls.better)")
                }
            }
        }
    }
}
