import Foundation
import TemperCore
import Testing

@testable import TemperEvaluation

@Suite("The choice of a method")
struct MethodChoiceTests {
    private func episode(
        _ task: Int, _ method: TemperCore.Method, _ reward: Double, turns: Int = 1, outcome: Outcome = .finished,
        attempt: Int = 0,
        suite: String = "hotpotqa"
    ) -> Trajectory {
        Trajectory(
            key: EpisodeKey(group: "evaluate", suite: suite, task: "t\(task)", method: method, attempt: attempt),
            task: AgentTask(id: "t\(task)", suite: suite, split: "test", instruction: "?", payload: .null), policy: "p", seed: 1,
            turns: (0..<turns).map { Turn(index: $0, reply: [Span("x", by: .policy)]) }, outcome: outcome,
            score: outcome.isError ? nil : Score(reward: reward, metrics: ["f1": reward / 2]))
    }

    /// Of four tasks ReAct solves 0 and 1, chain of thought 1 and 2.
    private var episodes: [Trajectory] {
        (0..<4).flatMap { task in
            [episode(task, .react, task < 2 ? 1 : 0, turns: 3), episode(task, .cot, [1, 2].contains(task) ? 1 : 0)]
        }
    }

    @Test("Random is the mean of the methods, the oracle takes the best for each task, with the fewest turns among equals")
    func choices() throws {
        let row = try #require(
            MethodChoice.compare(
                episodes + [episode(0, .io, 1), episode(1, .io, 1), episode(2, .io, 1)],
                policy: "p", seed: 7
            ).first)
        // Task 3 was not run by io and is left out.
        #expect(row.n == 3 && row.leftOut == 1)
        #expect(row.methods.map(\.method) == [.cot, .io, .react])
        #expect(row.bestSingle == .io && row.oracle.mean == 1 && row.oracle.meanTurns == 1)
        let two = try #require(MethodChoice.compare(episodes, policy: "p", seed: 7).first)
        #expect(two.methods == [.init(method: .cot, mean: 0.5, meanTurns: 1), .init(method: .react, mean: 0.5, meanTurns: 3)])
        #expect(two.random.mean == 0.5 && two.random.meanTurns == 2 && two.bestSingle == .cot)
        #expect(two.oracle.mean == 0.75 && two.oracle.meanTurns == 1.5)
        #expect(two.oracle.interval.low <= 0.75 && two.oracle.interval.high >= 0.75)
    }

    @Test("FireAct's own means give its random and best single choice")
    func fireAct() throws {
        let means: [(TemperCore.Method, Int)] = [(.io, 112), (.cot, 140), (.react, 197), (.reflexion, 199)]
        let episodes = means.flatMap { method, right in (0..<500).map { episode($0, method, $0 < right ? 1 : 0) } }
        let row = try #require(MethodChoice.compare(episodes, policy: "gpt-3.5", seed: 7, resamples: 100).first)
        #expect(abs(row.random.mean - 0.324) < 1e-12)
        #expect(row.bestSingle == .reflexion && row.methods.first { $0.method == .reflexion }?.mean == 0.398)
    }

    @Test("Errors are left out, attempts are averaged, and suites stay apart")
    func parts() throws {
        var all = episodes
        all.append(episode(0, .react, 0, turns: 3, attempt: 1))
        all[7] = episode(3, .cot, 0, outcome: .policyError)
        all.append(episode(0, .react, 1, suite: "mmlu"))
        let rows = MethodChoice.compare(all, policy: "p", metric: "f1", seed: 7)
        #expect(rows.map(\.suite) == ["hotpotqa"])
        #expect(rows[0].n == 3 && rows[0].leftOut == 1 && rows[0].metric == "f1")
        #expect(rows[0].methods.last?.mean == (0.25 + 0.5 + 0) / 3)
        #expect(MethodChoice.compare(all.filter { $0.key.method == .cot }, policy: "p", seed: 7).isEmpty)
    }

    @Test("The row has stable keys and survives being written")
    func coding() throws {
        let row = try #require(MethodChoice.compare(episodes, policy: "p", seed: 7).first)
        let data = try JSONEncoder.stable().encode(row)
        #expect(try JSONDecoder().decode(MethodChoice.self, from: data) == row)
        #expect(MethodChoice.compare(episodes.reversed(), policy: "p", seed: 7) == [row])
        let keys = try JSONValue.parse(data, named: "row").object.map { Set($0.keys) }
        #expect(keys == ["policy", "suite", "metric", "n", "left_out", "methods", "random", "best_single", "oracle"])
    }
}
