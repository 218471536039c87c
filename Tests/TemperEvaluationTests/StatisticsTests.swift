import Foundation
import TemperCore
import Testing

@testable import TemperEvaluation

/// Numbers of scipy and numpy; made by `Golden/statistics.py`.
private struct Golden: Decodable {
    struct Mean: Decodable {
        var name: String
        var values: [Double]
        var mean: Double
        var interval: Interval
    }
    struct Pair: Decodable {
        var name: String
        var baseline: [Double]
        var policy: [Double]
        var difference: Double
        var interval: Interval
        var shareAtOrBelowZero: Double
    }
    struct McNemar: Decodable {
        var baselineOnly: Int
        var policyOnly: Int
        var p: Double
    }
    struct Quantile: Decodable {
        var values: [Double]
        var share: Double
        var quantile: Double
    }
    var means: [Mean]
    var pairs: [Pair]
    var mcnemar: [McNemar]
    var quantiles: [Quantile]

    static func load() throws -> Golden {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/statistics.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Golden.self, from: Data(contentsOf: file))
    }
}

@Suite struct StatisticsTests {
    @Test("Bootstrap intervals agree with scipy's within Monte-Carlo error") func intervalsGolden() throws {
        let golden = try Golden.load()
        #expect(golden.means.count == 6)
        for sample in golden.means {
            let mean = try #require(Statistics.mean(sample.values))
            #expect(abs(mean - sample.mean) < 1e-12, "\(sample.name)")
            var random = RandomSource(seed: 11)
            let found = try #require(Statistics.interval(of: sample.values, using: &random))
            // The standard error of a 2.5 % quantile over 10,000 resamples is near 3 % of the interval's half width;
            // a binary sample has steps of 1/n besides.
            let tolerance = 0.08 * (sample.interval.high - sample.interval.low) / 2 + 1e-9
            let step = sample.values.allSatisfy { $0 == 0 || $0 == 1 } ? 1 / Double(sample.values.count) : 0
            #expect(abs(found.low - sample.interval.low) <= max(tolerance, step) + 1e-12, "\(sample.name): \(found)")
            #expect(abs(found.high - sample.interval.high) <= max(tolerance, step) + 1e-12, "\(sample.name): \(found)")
        }
    }

    @Test("The shortcut for 0/1 figures follows the same law as resampling them") func shortcut() throws {
        let values = Array(repeating: 1.0, count: 30) + Array(repeating: 0.0, count: 70)
        // Moved by a hair, the same figures take the general way.
        let moved = values.map { $0 + 1e-12 }
        var first = RandomSource(seed: 1)
        var second = RandomSource(seed: 2)
        let fast = try #require(Statistics.interval(of: values, using: &first, resamples: 20_000))
        let slow = try #require(Statistics.interval(of: moved, using: &second, resamples: 20_000))
        #expect(abs(fast.low - slow.low) < 0.0101 && abs(fast.high - slow.high) < 0.0101, "\(fast) \(slow)")
        // Normal approximation: 0.3 ± 1.96 · sqrt(0.3 · 0.7 / 100) = 0.3 ± 0.0898.
        #expect(abs(fast.low - 0.21) < 0.011 && abs(fast.high - 0.39) < 0.011)
    }

    @Test("Paired differences agree with numpy's") func pairsGolden() throws {
        let golden = try Golden.load()
        #expect(golden.pairs.count == 2)
        for pair in golden.pairs {
            var random = RandomSource(seed: 5)
            let found = try #require(Statistics.pairedDifference(baseline: pair.baseline, policy: pair.policy, using: &random))
            #expect(abs(found.difference - pair.difference) < 1e-12, "\(pair.name)")
            let step = 1 / Double(pair.policy.count) + 1e-9
            #expect(abs(found.interval.low - pair.interval.low) <= step, "\(pair.name): \(found.interval)")
            #expect(abs(found.interval.high - pair.interval.high) <= step, "\(pair.name): \(found.interval)")
            #expect(abs(found.shareAtOrBelowZero - pair.shareAtOrBelowZero) < 0.02, "\(pair.name)")
        }
    }

    @Test("McNemar's exact p agrees with scipy's binomial test") func mcNemarGolden() throws {
        let golden = try Golden.load()
        #expect(golden.mcnemar.count == 9)
        for one in golden.mcnemar {
            let p = Statistics.mcNemar(baselineOnly: one.baselineOnly, policyOnly: one.policyOnly)
            #expect(abs(p - one.p) <= 1e-9 * one.p, "\(one): \(p)")
        }
        // By hand: b = 1, c = 3: 2 · (1 + 4) / 16.
        #expect(abs(Statistics.mcNemar(baselineOnly: 1, policyOnly: 3) - 0.625) < 1e-12)
    }

    @Test("Quantiles follow numpy's default rule") func quantilesGolden() throws {
        for one in try Golden.load().quantiles {
            #expect(abs(Statistics.quantile(one.values, one.share) - one.quantile) < 1e-12, "\(one)")
        }
    }

    @Test("The same seed gives the same interval and another seed another") func seeds() {
        let values = (0..<50).map { Double($0 % 7) / 7 }
        func interval(_ seed: UInt64) -> Interval? {
            var random = RandomSource(seed: seed)
            return Statistics.interval(of: values, using: &random, resamples: 500)
        }
        #expect(interval(1) == interval(1))
        #expect(interval(1) != interval(2))
    }

    @Test("No values give no figure, values all alike an interval without width") func edges() {
        var random = RandomSource(seed: 1)
        #expect(Statistics.mean([]) == nil)
        #expect(Statistics.interval(of: [], using: &random) == nil)
        #expect(Statistics.pairedDifference(baseline: [], policy: [], using: &random) == nil)
        #expect(Statistics.interval(of: [0, 0, 0], using: &random) == Interval(0, 0))
        #expect(Statistics.interval(of: [1], using: &random) == Interval(1, 1))
        #expect(Statistics.interval(of: [0.5, 0.5], using: &random) == Interval(0.5, 0.5))
    }
}
