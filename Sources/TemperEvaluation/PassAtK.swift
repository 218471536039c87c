import TemperCore

/// The chance that at least one of k attempts at a task earns the whole reward, by the unbiased estimator of Chen et al. 2021
/// (Evaluating Large Language Models Trained on Code, equation 1).
package struct PassAtK: Codable, Sendable, Hashable {
    package var k: Int
    /// The mean over tasks, 0…1.
    package var value: Double
    /// The 95 % bootstrap interval over tasks.
    package var interval: Interval?
    /// Tasks with at least k scored attempts; others are left out.
    package var tasks: Int

    package init(k: Int, value: Double, interval: Interval?, tasks: Int) {
        self.k = k
        self.value = value
        self.interval = interval
        self.tasks = tasks
    }

    /// 1 − C(n−c, k) / C(n, k): the share of draws of k among n attempts that hold at least one of the c that passed.
    ///
    /// - Precondition: 0 ≤ `passed` ≤ `attempts` and 1 ≤ `k` ≤ `attempts`.
    package static func estimate(attempts: Int, passed: Int, k: Int) -> Double {
        precondition((0...attempts).contains(passed) && (1...max(1, attempts)).contains(k), "k attempts must have been made")
        guard attempts - passed >= k else { return 1 }
        // As a product: the binomials themselves overflow.
        return 1 - (0..<k).reduce(1.0) { $0 * Double(attempts - passed - $1) / Double(attempts - $1) }
    }

    /// The k that are worth a figure: 1, 2, 4, … and the number of attempts itself.
    static func ks(attempts: Int) -> [Int] {
        var ks = Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < attempts })
        ks.append(attempts)
        return ks
    }

    /// One figure for each k; none where every task was attempted once.
    ///
    /// - Parameters:
    ///   - tasks: attempts and passes of each task.
    ///   - random: the bootstrap's generator for a k.
    static func all(
        _ tasks: [(attempts: Int, passed: Int)], random: (_ k: Int) -> RandomSource,
        resamples: Int = Statistics.defaultResamples
    ) -> [PassAtK] {
        guard let most = tasks.map(\.attempts).max(), most > 1 else { return [] }
        return ks(attempts: most).compactMap { k in
            let values = tasks.filter { $0.attempts >= k }.map { estimate(attempts: $0.attempts, passed: $0.passed, k: k) }
            guard let mean = Statistics.mean(values) else { return nil }
            var random = random(k)
            return PassAtK(
                k: k, value: mean, interval: Statistics.interval(of: values, using: &random, resamples: resamples),
                tasks: values.count)
        }
    }
}
