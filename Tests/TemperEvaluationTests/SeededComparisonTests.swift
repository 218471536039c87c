import TemperCore
import TemperEvaluation
import Testing

@Suite("Comparisons over tasks and seeds")
struct SeededComparisonTests {
    private typealias Make = ReportFixture

    /// The first `count` of the tasks right, the others wrong; negative tasks errored.
    private func episodes(_ count: Int, of tasks: Int = 60, errors: Set<Int> = []) -> [Trajectory] {
        (0..<tasks).map { id in
            errors.contains(id)
                ? Make.trajectory(Make.task(id), outcome: .policyError, reward: nil)
                : Make.trajectory(Make.task(id), reward: id < count ? 1 : 0)
        }
    }

    private func figures(_ name: String, _ counts: [Int], errors: Set<Int> = [], isTrained: Bool = true) -> SeededFigures {
        SeededFigures(
            policy: name, isTrained: isTrained,
            episodes: counts.enumerated().map { (UInt64(7 + $0), episodes($1, errors: $0 == 0 ? errors : [])) },
            metric: ResultRow.reward)
    }

    private func compare(_ baseline: SeededFigures, _ policy: SeededFigures, isPaired: Bool = true) -> SeededComparison? {
        SeededComparison(
            suite: "pocket/hotpotqa", split: "test", method: .react, metric: ResultRow.reward, baseline: baseline, policy: policy,
            isPaired: isPaired)
    }

    @Test("Each seed is shown, and the mean over all with an interval that covers seeds from three on") func score() throws {
        let score = try #require(SeededScore(figures("tuned", [30, 36, 33]), metric: ResultRow.reward))
        #expect(score.seeds.map(\.seed) == [7, 8, 9] && score.seeds.map(\.mean) == [0.5, 0.6, 0.55])
        #expect(abs(score.mean - 0.55) < 1e-12 && score.coversSeeds && score.n == 60 && score.leftOut == 0)
        let single = try #require(SeededScore(figures("tuned", [33]), metric: ResultRow.reward))
        #expect(!single.coversSeeds && single.interval != nil)
        let fixed = try #require(SeededScore(figures("expert", [33, 33, 33], isTrained: false), metric: ResultRow.reward))
        #expect(!fixed.coversSeeds)
    }

    @Test("A task that one seed could not score is left out of all and counted") func errors() throws {
        let score = try #require(SeededScore(figures("tuned", [30, 30, 30], errors: [0, 59]), metric: ResultRow.reward))
        #expect(score.n == 58 && score.leftOut == 2 && abs(score.mean - 0.5) < 1e-12)
        let row = try #require(compare(figures("a", [10, 12, 11]), figures("b", [40, 41, 42], errors: [0])))
        #expect(row.n == 59 && row.verdict == .better)
    }

    @Test("Without pairs the interval is wider, and the row says so") func unpaired() throws {
        let (baseline, policy) = (figures("a", [10, 12, 11]), figures("b", [20, 22, 21]))
        let paired = try #require(compare(baseline, policy))
        let apart = try #require(compare(baseline, policy, isPaired: false))
        #expect(paired.floor < apart.floor && paired.difference == apart.difference && !apart.isPaired)
    }

    @Test("Several attempts at a task count with their mean") func attempts() throws {
        var again = Make.trajectory(Make.task(0), reward: 0)
        again.key.attempt = 1
        let figures = SeededFigures(
            policy: "p", isTrained: false, episodes: [(7, [Make.trajectory(Make.task(0), reward: 1), again])],
            metric: ResultRow.reward)
        #expect(SeededScore(figures, metric: ResultRow.reward)?.mean == 0.5)
        #expect(SeededScore(figures, metric: ResultRow.reward)?.interval == nil)
    }

    @Test("The table shows both sides, the difference, the least that would be called, and the verdict") func table() throws {
        let row = try #require(compare(figures("base", [12], isTrained: false), figures("tuned", [42, 44, 43])))
        let text = TextTable.comparisons([row]).text
        #expect(text.contains("least called") && text.contains("+0.52 [") && text.hasSuffix("better"))
        #expect(
            TextTable.seeds([("pocket/hotpotqa", row.policy)]).text == """
                suite            policy  seed  mean
                ───────────────────────────────────
                pocket/hotpotqa  tuned      7  0.70
                pocket/hotpotqa  tuned      8  0.73
                pocket/hotpotqa  tuned      9  0.72
                """)
    }
}
