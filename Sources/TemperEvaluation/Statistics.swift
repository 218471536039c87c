import Foundation
package import TemperCore

/// Means, bootstrap intervals and exact tests over per-episode figures.
///
/// The bootstrap is Efron's percentile interval: resample the episodes with replacement, take the mean of each resample,
/// read off the quantiles. When every value is alike the interval has no width, though the truth is uncertain (for n
/// zeros the 95 % upper bound is about 3/n); the report says so.
package enum Statistics {
    package static let defaultResamples = 10_000

    /// The arithmetic mean; nil for no values.
    package static func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

    /// The unbiased sample variance; 0 for fewer than two values.
    static func variance(_ values: [Double]) -> Double {
        guard values.count > 1, let mean = mean(values) else { return 0 }
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    /// The percentile bootstrap interval of the mean; nil for no values.
    ///
    /// For values that are all 0 or 1 the count of ones in a resample is Binomial(n, k/n), so it is drawn from that
    /// distribution directly: the same law at a cost that does not grow with n.
    ///
    /// - Parameters:
    ///   - confidence: in 0 ..< 1; 0.95 cuts 2.5 % on each side.
    package static func interval(
        of values: [Double], using random: inout RandomSource, resamples: Int = defaultResamples, confidence: Double = 0.95
    ) -> Interval? {
        guard !values.isEmpty else { return nil }
        var means: [Double]
        if values.allSatisfy({ $0 == 0 || $0 == 1 }) {
            means = binaryMeans(ones: values.count { $0 == 1 }, n: values.count, using: &random, resamples: resamples)
        } else {
            means = resampledMeans(values, using: &random, resamples: resamples)
        }
        means.sort()
        return Interval(quantile(means, (1 - confidence) / 2), quantile(means, (1 + confidence) / 2))
    }

    /// The percentile interval of resampled figures in ascending order; nil for none.
    static func interval(ofSorted figures: [Double], confidence: Double = 0.95) -> Interval? {
        guard !figures.isEmpty else { return nil }
        return Interval(quantile(figures, (1 - confidence) / 2), quantile(figures, (1 + confidence) / 2))
    }

    /// What a paired bootstrap says about policy minus baseline.
    package struct PairedDifference: Sendable, Hashable {
        package var difference: Double
        package var interval: Interval
        /// The share of resamples in which the policy was not better.
        package var shareAtOrBelowZero: Double
    }

    /// The paired bootstrap of the mean difference: pairs are resampled whole, so what both sides share cancels.
    ///
    /// - Parameters:
    ///   - baseline: one figure per task.
    ///   - policy: the figures of the same tasks in the same order.
    /// - Returns: nil when there are no pairs.
    package static func pairedDifference(
        baseline: [Double], policy: [Double], using random: inout RandomSource, resamples: Int = defaultResamples,
        confidence: Double = 0.95
    ) -> PairedDifference? {
        precondition(baseline.count == policy.count, "pairs need as many figures on one side as on the other")
        let differences = zip(policy, baseline).map { $0 - $1 }
        guard let difference = mean(differences) else { return nil }
        var means = resampledMeans(differences, using: &random, resamples: resamples)
        means.sort()
        let notBetter = means.count { $0 <= 0 }
        return PairedDifference(
            difference: difference,
            interval: Interval(quantile(means, (1 - confidence) / 2), quantile(means, (1 + confidence) / 2)),
            shareAtOrBelowZero: Double(notBetter) / Double(means.count))
    }

    /// The two-sided exact McNemar p for paired yes/no results: a sign test on the pairs that disagree.
    ///
    /// p = min(1, 2 · P(X ≤ min(b, c))) with X ~ Binomial(b + c, ½); 1 when no pair disagrees.
    ///
    /// - Parameters:
    ///   - baselineOnly: pairs in which only the baseline was right.
    ///   - policyOnly: pairs in which only the policy was right.
    package static func mcNemar(baselineOnly: Int, policyOnly: Int) -> Double {
        let n = baselineOnly + policyOnly
        guard n > 0 else { return 1 }
        var logTerm = -Double(n) * log(2.0)
        var tail = exp(logTerm)
        for i in 0..<min(baselineOnly, policyOnly) {
            logTerm += log(Double(n - i) / Double(i + 1))
            tail += exp(logTerm)
        }
        return min(1, 2 * tail)
    }

    /// The quantile at `share` of ascending values, linear between neighbours (numpy's default rule).
    static func quantile(_ ascending: [Double], _ share: Double) -> Double {
        precondition(!ascending.isEmpty, "no values, no quantile")
        let position = share * Double(ascending.count - 1)
        let below = Int(position)
        let above = min(below + 1, ascending.count - 1)
        return ascending[below] + (position - Double(below)) * (ascending[above] - ascending[below])
    }

    /// The means of bootstrap resamples, in the order drawn.
    static func resampledMeans(_ values: [Double], using random: inout RandomSource, resamples: Int) -> [Double] {
        let n = values.count
        return (0..<resamples).map { _ in
            var sum = 0.0
            for _ in 0..<n { sum += values[random.index(below: n)] }
            return sum / Double(n)
        }
    }

    /// Draws Binomial(n, ones/n) / n through the inverse of its cumulative distribution.
    private static func binaryMeans(ones: Int, n: Int, using random: inout RandomSource, resamples: Int) -> [Double] {
        guard ones > 0, ones < n else { return Array(repeating: ones == 0 ? 0 : 1, count: resamples) }
        let p = Double(ones) / Double(n)
        var logTerm = Double(n) * log1p(-p)
        var cumulative = [exp(logTerm)]
        for k in 0..<n {
            logTerm += log(Double(n - k) / Double(k + 1)) + log(p / (1 - p))
            cumulative.append(cumulative[k] + exp(logTerm))
        }
        return (0..<resamples).map { _ in
            let draw = random.unit()
            var low = 0
            var high = n
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > draw { high = middle } else { low = middle + 1 }
            }
            return Double(low) / Double(n)
        }
    }
}
