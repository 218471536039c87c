import TemperCore
import Testing

@testable import TemperEvaluation

@Suite struct TextTableTests {
    @Test("Columns are aligned and lines end without spaces") func alignment() {
        let table = TextTable(
            columns: [.init("policy"), .init("n", .right), .init("note")],
            rows: [["base", "5", ""], ["é tuned", "1,200", "ok"]])
        #expect(
            table.text == """
                policy       n  note
                ────────────────────
                base         5
                é tuned  1,200  ok
                """)
    }

    @Test("Control characters of a name do not reach the terminal") func controlCharacters() {
        let table = TextTable(columns: [.init("policy")], rows: [["a\u{1B}[31m\nb"]])
        #expect(table.text.split(separator: "\n").last == "a[31mb")
    }

    @Test("The score table shows the metric with its interval, F1, turns and outcomes") func scores() {
        let rows = [
            ResultRow(
                policy: "base", suite: "s", split: "test", method: .react, n: 200, meanReward: 0.03,
                interval: Interval(0.01, 0.06), metrics: ["exact_match": 0.03, "f1": 0.1],
                metricIntervals: ["exact_match": Interval(0.01, 0.06)], outcomes: ["finished": 150, "turn_limit": 50],
                meanTurns: 6.25, seed: 7),
            ResultRow(
                policy: "tuned", suite: "s", split: "test", method: .react, group: "held-out shapes", groupBy: "held_out", n: 0,
                meanReward: nil, interval: nil, outcomes: ["policy_error": 3], errors: 3, seed: 7),
        ]
        #expect(
            TextTable.scores(rows, metrics: ["s": "exact_match"]).text == """
                policy  group              n  exact match          F1  turns  errors  outcomes
                ─────────────────────────────────────────────────────────────────────────────────────────────────
                base    all              200  0.03 [0.01, 0.06]  0.10    6.2       0  150 finished, 50 turn limit
                tuned   held-out shapes    0  –                     –      –       3  3 policy error
                """)
    }

    @Test(
        "Numbers read the same in every locale",
        arguments: [
            (NumberText.count(0), "0"), (NumberText.count(-1_234_567), "−1,234,567"), (NumberText.count(999), "999"),
            (NumberText.signed(-0.004), "0.00"), (NumberText.signed(-0.25), "−0.25"), (NumberText.signed(0.8), "+0.80"),
            (NumberText.percent(0.055), "5.5 %"), (NumberText.percent(1), "100 %"), (NumberText.percent(0), "0 %"),
            (NumberText.duration(59.97), "1 min 00 s"), (NumberText.duration(3.24), "3.2 s"),
            (NumberText.duration(3725), "1 h 02 min"), (NumberText.duration(.infinity), "–"), (NumberText.dollars(0), "$0"),
            (NumberText.dollars(0.00421), "$0.0042"), (NumberText.dollars(12.5), "$12.50"),
            (NumberText.probability(1e-9), "< 0.0001"), (NumberText.probability(0.04), "= 0.0400"),
        ]) func numbers(found: String, expected: String)
    { #expect(found == expected) }
}
