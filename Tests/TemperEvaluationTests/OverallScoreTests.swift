import TemperEvaluation
import Testing

@Suite("The overall score")
struct OverallScoreTests {
    private func score(_ rewards: [OverallScore.Rewards]) -> OverallScore? {
        OverallScore(policy: "tuned", rewards: rewards, seed: 7, resamples: 2000)
    }

    @Test("Each suite counts alike, from chance to the expert")
    func mean() throws {
        let overall = try #require(
            score([
                .init(
                    suite: "a", chance: 0.5, expert: 1, values: Array(repeating: 1, count: 10) + Array(repeating: 0.5, count: 10)),
                .init(suite: "b", chance: 0, expert: 0.8, values: [0.8, 0, 0, 0]),
            ]))
        #expect(overall.parts.map(\.suite) == ["a", "b"])
        #expect(abs(overall.parts[0].normalised - 0.5) < 1e-12)
        #expect(abs(overall.parts[1].normalised - 0.25) < 1e-12)
        #expect(abs(overall.mean - 0.375) < 1e-12)
        let interval = try #require(overall.interval)
        #expect(interval.low < 0.375 && interval.high > 0.375)
        let parts = try overall.parts.map { try #require($0.interval) }
        #expect(interval.high - interval.low < max(parts[0].high - parts[0].low, parts[1].high - parts[1].low))
    }

    @Test("Worse than guessing is below 0; constant rewards have no width")
    func below() throws {
        let overall = try #require(score([.init(suite: "a", chance: 0.5, expert: 1, values: [0.25, 0.25])]))
        #expect(overall.mean == -0.5)
        #expect(overall.interval == Interval(-0.5, -0.5))
    }

    @Test("There is none without scored episodes, or where the expert is no better than chance")
    func none() {
        #expect(score([.init(suite: "a", chance: 0, expert: 1, values: [])]) == nil)
        #expect(score([.init(suite: "a", chance: 0.5, expert: 0.5, values: [1])]) == nil)
        #expect(score([]) == nil)
    }

    @Test("The table has a row a policy, a column a suite and the mean last")
    func table() throws {
        let overall = try #require(score([.init(suite: "a", chance: 0, expert: 1, values: [1, 1])]))
        #expect(
            TextTable.overall([overall]) == """
                policy  a                  mean
                ────────────────────────────────────────────
                tuned   1.00 [1.00, 1.00]  1.00 [1.00, 1.00]
                """)
    }
}
