import Foundation
import TemperCore
import Testing

@testable import TemperEvaluation

@Suite struct ResultRowTests {
    private typealias Make = ReportFixture

    private static let failed = Make.trajectory(
        Make.task(9), outcome: .policyError, reward: nil, answer: nil,
        failure: EpisodeFailure(boundary: .policy, message: "connection refused"))

    @Test("Errors are counted beside the score and a missing episode is 0 inside n") func errorsAndMissing() throws {
        let rows = try ResultRow.summarise(
            [
                Make.trajectory(Make.task(1), reward: 1, turns: [Make.turn(0, Action("finish", "Karsk"))]),
                Make.trajectory(Make.task(2), reward: 0, f1: 0.5, turns: [Make.turn(0, nil), Make.turn(1, nil)]),
                Make.trajectory(Make.task(3), outcome: .missing, reward: nil, answer: nil), Self.failed,
                Make.trajectory(Make.task(4), outcome: .environmentError, reward: nil),
            ], policy: "tuned", seed: 7, groupings: [])
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row.n == 3)
        #expect(row.missing == 1)
        #expect(row.errors == 2)
        #expect(row.errorsByBoundary == ["policy": 1, "environment": 1])
        #expect(row.outcomes == ["finished": 2, "missing": 1, "policy_error": 1, "environment_error": 1])
        #expect(abs((row.meanReward ?? -1) - 1.0 / 3) < 1e-12)
        #expect(abs((row.metrics["f1"] ?? -1) - 0.5) < 1e-12)
        #expect(row.meanTurns == 1.5)
        #expect(row.tokens == .init(prompt: 900, completion: 60))
        #expect(abs(row.priceDollars - 0.003) < 1e-12)
        #expect(row.seconds == 1.5)
    }

    @Test("Groups follow the tags, untagged tasks count as trained shapes, and n adds up") func groups() throws {
        var untagged = Make.task(3)
        untagged.tags = [:]
        let rows = try ResultRow.summarise(
            [
                Make.trajectory(Make.task(1, shape: "bridge"), reward: 1),
                Make.trajectory(Make.task(2, shape: "count", heldOut: true), reward: 0), Make.trajectory(untagged, reward: 1),
            ], policy: "tuned", seed: 7)
        #expect(rows.map(\.group) == ["all", "trained shapes", "held-out shapes", "bridge", "count"])
        #expect(rows.map(\.groupBy) == [nil, "held_out", "held_out", "shape", "shape"])
        #expect(rows.map(\.n) == [3, 2, 1, 1, 1])
        #expect(rows.map(\.meanReward) == [2.0 / 3, 1, 0, 1, 0])
        #expect(rows.map(\.isShapeHeldOut) == [nil, nil, true, false, true])
        let plain = try ResultRow.summarise([Make.trajectory(untagged)], policy: "tuned", seed: 7)
        #expect(plain.map(\.group) == ["all"])
    }

    @Test("Suites are never averaged together") func suites() throws {
        var other = Make.trajectory(Make.task(2), reward: 0)
        other.task.suite = "hotpotqa"
        let rows = try ResultRow.summarise(
            [Make.trajectory(Make.task(1), reward: 1), other], policy: "tuned", seed: 7, groupings: [])
        #expect(rows.map(\.suite) == ["pocket/hotpotqa", "hotpotqa"])
        #expect(rows.map(\.meanReward) == [1, 0])
    }

    @Test("A metric that only some scores carry is left out and noted") func partialMetric() throws {
        var second = Make.trajectory(Make.task(2), reward: 1)
        second.score?.metrics["f1"] = nil
        let row = try #require(
            try ResultRow.summarise([Make.trajectory(Make.task(1)), second], policy: "tuned", seed: 7, groupings: []).first)
        #expect(row.metrics.keys.sorted() == ["exact_match"])
        #expect(row.notes == ["f1 is left out: only 1 of 2 scores carry it"])
    }

    @Test("When every episode errored it says what failed most and how to mend it") func everythingFailed() throws {
        let other = Make.trajectory(
            Make.task(2), outcome: .environmentError, reward: nil,
            failure: EpisodeFailure(boundary: .environment, message: "disk gone"))
        let error = try #require(throws: TemperError.self) {
            try ResultRow.summarise([other, Self.failed, Self.failed], policy: "openai:x", seed: 7)
        }
        #expect(error.code == .unavailable)
        #expect(
            error.description == """
                error: all 3 episodes of 'openai:x' failed; most often the policy (2 of 3): connection refused
                  check that the policy's service answers and that its key is set, then run the same command again
                """)
    }

    @Test("No episodes at all is an error of the data") func noEpisodes() throws {
        let error = try #require(throws: TemperError.self) { try ResultRow.summarise([], policy: "base", seed: 7) }
        #expect(error.code == .data)
    }

    @Test("A group in which everything errored has n 0 and no score") func emptyGroup() throws {
        var failed = Self.failed
        failed.task.tags["shape"] = "broken"
        let rows = try ResultRow.summarise(
            [Make.trajectory(Make.task(1)), failed], policy: "tuned", seed: 7, groupings: [.shape])
        let row = try #require(rows.first { $0.group == "broken" })
        #expect(row.n == 0 && row.meanReward == nil && row.interval == nil && row.errors == 1)
    }

    @Test("evaluation.json has the keys the design names and reads back") func coding() throws {
        let episodes = Make.episodes(of: "tuned", right: 0.8, heldOutRight: 0.5, n: 40)
        let base = Make.episodes(of: "base", right: 0.1, heldOutRight: 0.1, n: 40)
        let evaluation = Evaluation(
            results: try ResultRow.summarise(episodes, policy: "tuned", seed: 7, promptStyle: .task),
            comparisons: PairedComparison.compare(baseline: "base", base, policy: "tuned", episodes, seed: 7))
        let data = try JSONEncoder.stable().encode(evaluation)
        #expect(try JSONDecoder().decode(Evaluation.self, from: data) == evaluation)
        let value = try JSONValue.parse(data, named: "evaluation.json")
        let row = try #require(value["results"]?.array?.first?.object)
        let names = [
            "policy", "suite", "split", "n", "mean_reward", "interval", "metrics", "outcomes", "errors", "seed", "method",
            "group", "metric_intervals", "errors_by_boundary", "missing", "mean_turns", "tokens", "price_dollars", "seconds",
            "prompt_style", "notes",
        ]
        for name in names { #expect(row[name] != nil, "no key \(name)") }
        #expect(row["interval"]?.array?.count == 2)
        #expect(row["metrics"]?["exact_match"]?.number == evaluation.results[0].metrics["exact_match"])
    }

    @Test("Pairs are made by task, whatever the order, and tasks of one side only are counted") func comparison() throws {
        let base = [
            Make.trajectory(Make.task(1), reward: 0), Make.trajectory(Make.task(2), reward: 1),
            Make.trajectory(Make.task(3), reward: 0), Make.trajectory(Make.task(5), reward: 0),
        ]
        let tuned = [
            Make.trajectory(Make.task(3), reward: 1), Make.trajectory(Make.task(1), reward: 1),
            Make.trajectory(Make.task(2), reward: 1), Self.failed,
        ]
        let found = PairedComparison.compare(
            baseline: "base", base, policy: "tuned", tuned, metric: "exact_match", seed: 7, groupings: [])
        let row = try #require(found.first)
        #expect(found.count == 1)
        #expect(row.nPairs == 3)
        #expect(row.unpaired == 1)
        #expect(abs(row.difference - 2.0 / 3) < 1e-12)
        #expect(abs(row.baselineMean - 1.0 / 3) < 1e-12 && row.policyMean == 1)
        // b = 0, c = 2: 2 · ¼.
        #expect(row.mcNemarP == 0.5)
        // All three resampled pairs are the tied one: (1/3)³.
        #expect(abs(row.shareAtOrBelowZero - 1.0 / 27) < 0.01)
        let again = PairedComparison.compare(
            baseline: "base", base.reversed(), policy: "tuned", tuned.reversed(), metric: "exact_match", seed: 7, groupings: [])
        #expect(again == found)
    }

    @Test("Nothing to pair gives no comparison, and graded figures no McNemar p") func comparisonEdges() {
        let tuned = [Make.trajectory(Make.task(1), f1: 0.5), Make.trajectory(Make.task(2), f1: 1)]
        #expect(PairedComparison.compare(baseline: "base", [Self.failed], policy: "tuned", tuned, seed: 7).isEmpty)
        let graded = PairedComparison.compare(
            baseline: "base", tuned, policy: "tuned", tuned, metric: "f1", seed: 7, groupings: [])
        #expect(graded.map(\.mcNemarP) == [nil])
        #expect(graded.map(\.difference) == [0])
    }
}
