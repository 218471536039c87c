import Foundation
import Testing

@testable import TemperEvaluation

/// Numbers of scipy and statsmodels; made by `Golden/seeds.py`.
private struct Golden: Decodable {
    struct Critical: Decodable { var degrees, value: Double }
    struct Tail: Decodable { var t, degrees, tail: Double }
    struct Layout: Decodable {
        var name: String
        var tasks, seeds: Int
        var values: [Double]
        var mean, taskSquares, seedSquares, restSquares, halfWidth: Double
    }
    var critical: [Critical]
    var tails: [Tail]
    var layouts: [Layout]

    static func load() throws -> Golden {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/seeds.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Golden.self, from: Data(contentsOf: file))
    }
}

@Suite("Statistics over tasks and seeds")
struct SeedStatisticsTests {
    @Test("Student's t agrees with scipy's") func studentGolden() throws {
        let golden = try Golden.load()
        #expect(golden.critical.count == 15 && golden.tails.count == 30)
        for one in golden.critical {
            let found = StudentT.critical95(degreesOfFreedom: one.degrees)
            #expect(abs(found - one.value) < 1e-8 * one.value, "\(one): \(found)")
        }
        for one in golden.tails {
            let found = StudentT.twoSidedTail(one.t, degreesOfFreedom: one.degrees)
            #expect(abs(found - one.tail) < 1e-10 * max(one.tail, 1e-3), "\(one): \(found)")
        }
    }

    @Test("Mean squares and the interval agree with those of statsmodels") func layoutsGolden() throws {
        let golden = try Golden.load()
        #expect(golden.layouts.count == 3)
        for one in golden.layouts {
            let rewards = RewardMatrix(taskCount: one.tasks, seedCount: one.seeds, values: one.values)
            let variance = CrossedVariance(rewards)
            #expect(abs(rewards.mean - one.mean) < 1e-12, "\(one.name)")
            #expect(abs(variance.tasks - one.taskSquares) < 1e-10, "\(one.name)")
            #expect(abs(variance.seeds - one.seedSquares) < 1e-10, "\(one.name)")
            #expect(abs(variance.rest - one.restSquares) < 1e-10, "\(one.name)")
            // Against a baseline that never scores the difference has the plain scale's interval.
            let nothing = RewardMatrix(taskCount: one.tasks, seedCount: 1, values: Array(repeating: 0, count: one.tasks))
            let difference = try #require(
                CrossedInference.difference(
                    policy: .init(rewards, isTrained: true), baseline: .init(nothing, isTrained: false)))
            #expect(abs(difference.floor - one.halfWidth) < 1e-8, "\(one.name): \(difference.floor)")
            #expect(abs(difference.value - one.mean) < 1e-12)
            // The level's interval has this half width on the scale of log odds, and as it is where scores leave 0…1.
            let interval = try #require(CrossedInference.interval(rewards))
            let isShare = one.values.allSatisfy { (0...1).contains($0) }
            let scale = { (x: Double) in isShare ? log(x / (1 - x)) : x }
            let half = isShare ? one.halfWidth / (one.mean * (1 - one.mean)) : one.halfWidth
            #expect(abs(scale(interval.low) - (scale(one.mean) - half)) < 1e-7, "\(one.name)")
            #expect(abs(scale(interval.high) - (scale(one.mean) + half)) < 1e-7, "\(one.name)")
        }
    }

    /// Rewards of 0 and 1 with given counts of ones a seed, over the first tasks.
    private func ones(_ counts: [Int], of tasks: Int) -> RewardMatrix {
        RewardMatrix(
            taskCount: tasks, seedCount: counts.count, values: (0..<tasks).flatMap { task in counts.map { task < $0 ? 1 : 0 } })
    }

    private func verdict(_ policy: [Int], _ baseline: [Int], baselineIsTrained: Bool = true) throws -> CrossedInference.Difference
    {
        try #require(
            CrossedInference.difference(
                policy: .init(ones(policy, of: 200), isTrained: true),
                baseline: .init(ones(baseline, of: 200), isTrained: baselineIsTrained)))
    }

    @Test("Better and worse are called where the interval leaves 0, and mirror each other") func called() throws {
        let better = try verdict([120, 124, 118], [80, 84, 79])
        #expect(better.verdict == .better && better.interval.low > 0)
        #expect(abs(better.value - better.floor - better.interval.low) < 1e-12)
        let worse = try verdict([80, 84, 79], [120, 124, 118])
        #expect(worse.verdict == .worse && abs(worse.interval.high + better.interval.low) < 1e-12)
    }

    @Test("Fewer than three seeds of a trained policy call nothing, whatever the difference") func fewSeeds() throws {
        #expect(try verdict([150], [20]).verdict == .notEnoughSeeds)
        #expect(try verdict([150, 152], [20, 21]).verdict == .notEnoughSeeds)
        #expect(try verdict([150, 152, 149], [20, 21]).verdict == .notEnoughSeeds)
        #expect(try verdict([150, 152, 149], [20], baselineIsTrained: false).verdict == .better)
    }

    @Test("Seeds that differ more among themselves than the policies do are not enough; like policies differ in nothing seen")
    func open() throws {
        let spread = try verdict([90, 140, 115], [100, 70, 85])
        #expect(spread.verdict == .notEnoughSeeds && spread.interval.low < 0)
        // The floor says what it would have taken.
        #expect(spread.floor > spread.value)
        #expect(try verdict([101, 99, 100], [100, 100, 101]).verdict == .noDifferenceSeen)
        #expect(try verdict([100, 100, 100], [100, 100, 100]).verdict == .noDifferenceSeen)
    }

    @Test("Policies that no seed decides are compared over tasks alone; unpaired tasks give a wider interval") func untrained()
        throws
    {
        let (first, second) = (ones([140], of: 200), ones([100], of: 200))
        let paired = try #require(
            CrossedInference.difference(policy: .init(first, isTrained: false), baseline: .init(second, isTrained: false)))
        #expect(paired.verdict == .better)
        // By hand: 40 of 200 differences are 1, the others 0: s² = 0.2 · 0.8 · 200 / 199, t(199) = 1.97196.
        #expect(abs(paired.floor - 1.97196 * (0.16 / 199).squareRoot()) < 1e-6)
        let unpaired = try #require(
            CrossedInference.difference(
                policy: .init(first, isTrained: false), baseline: .init(second, isTrained: false), isPaired: false))
        #expect(unpaired.floor > paired.floor && unpaired.value == paired.value)
    }

    @Test("Rewards all alike have an interval without width; one task has none") func edges() {
        #expect(CrossedInference.interval(ones([0, 0, 0], of: 5)) == Interval(0, 0))
        #expect(CrossedInference.interval(ones([5, 5, 5], of: 5)) == Interval(1, 1))
        #expect(CrossedInference.interval(RewardMatrix(taskCount: 1, seedCount: 3, values: [0, 1, 1])) == nil)
        let near = CrossedInference.interval(ones([1, 2, 1], of: 100))
        #expect(near.map { $0.low > 0 && $0.high < 1 } == true)
        let one = CrossedInference.Side(RewardMatrix(taskCount: 1, seedCount: 1, values: [1]), isTrained: false)
        #expect(CrossedInference.difference(policy: one, baseline: one) == nil)
    }
}
