import TemperCore
import Testing

@testable import TemperEvaluation

@Suite("pass@k")
struct PassAtKTests {
    @Test(
        "The estimator equals the count over all draws, done by hand",
        arguments: [
            // Of 4 attempts 1 passed: a draw of 1 holds it in 1 of 4, of 2 in 3 of 6, of 3 in 3 of 4 cases.
            (4, 1, 1, 0.25), (4, 1, 2, 0.5), (4, 1, 3, 0.75), (4, 1, 4, 1),
            // Of 5 attempts 2 passed: 3 of the 10 pairs hold neither.
            (5, 2, 2, 0.7), (5, 2, 3, 0.9), (5, 2, 4, 1),
            (3, 0, 1, 0), (3, 0, 3, 0), (3, 3, 1, 1), (1, 1, 1, 1),
            // C(190, 10) / C(200, 10), by another program.
            (200, 10, 10, 0.4085479),
        ])
    func estimate(attempts: Int, passed: Int, k: Int, expected: Double) {
        #expect(abs(PassAtK.estimate(attempts: attempts, passed: passed, k: k) - expected) < 1e-6)
    }

    private func attempt(_ task: Int, _ attempt: Int, _ reward: Double, _ outcome: Outcome = .finished) -> Trajectory {
        var trajectory = ReportFixture.trajectory(
            ReportFixture.task(task), outcome: outcome, reward: outcome.isError ? nil : reward)
        trajectory.key.attempt = attempt
        return trajectory
    }

    @Test("A row has the mean over tasks for 1, 2, 4, … attempts, and partial reward does not pass")
    func row() throws {
        // Passes: 1 of 3, 0 of 3, 3 of 3.
        let trajectories = [
            attempt(1, 0, 1), attempt(1, 1, 0), attempt(1, 2, 0), attempt(2, 0, 0.5), attempt(2, 1, 0), attempt(2, 2, 0.9),
            attempt(3, 0, 1), attempt(3, 1, 1), attempt(3, 2, 1),
        ]
        let row = try #require(ResultRow.summarise(trajectories, policy: "p", seed: 7, groupings: []).first)
        let passes = try #require(row.passAtK)
        #expect(passes.map(\.k) == [1, 2, 3] && passes.allSatisfy { $0.tasks == 3 })
        for (pass, expected) in zip(passes, [(1.0 / 3 + 1) / 3, (2.0 / 3 + 1) / 3, 2.0 / 3]) {
            #expect(abs(pass.value - expected) < 1e-12)
        }
        #expect(row.n == 9)
        let mean = (1.0 / 3 + 1.4 / 3 + 1) / 3
        #expect(abs((row.meanReward ?? 0) - mean) < 1e-12)
    }

    @Test("Attempts that errored are none: a task with too few is left out of that k, and weighs as much as others in the mean")
    func errors() throws {
        let trajectories = [
            attempt(1, 0, 1), attempt(1, 1, 0, .policyError), attempt(2, 0, 0), attempt(2, 1, 0),
        ]
        let row = try #require(ResultRow.summarise(trajectories, policy: "p", seed: 7, groupings: []).first)
        #expect(row.n == 3 && row.errors == 1 && row.meanReward == 0.5)
        #expect(row.passAtK?.map(\.tasks) == [2, 1] && row.passAtK?.map(\.value) == [0.5, 0])
    }

    @Test("One attempt a task gives no such figure, and the interval is over tasks, not attempts")
    func single() throws {
        let once = [attempt(1, 0, 1), attempt(2, 0, 0), attempt(3, 0, 1), attempt(4, 0, 0)]
        let row = try #require(ResultRow.summarise(once, policy: "p", seed: 7, groupings: []).first)
        #expect(row.passAtK == nil)
        // The same again in every attempt says no more about the tasks.
        let often = once.flatMap { one in (0..<8).map { attempt(Int(one.task.id.dropFirst()) ?? 0, $0, one.score?.reward ?? 0) } }
        let many = try #require(ResultRow.summarise(often, policy: "p", seed: 7, groupings: []).first)
        #expect(many.interval == row.interval && many.meanReward == row.meanReward)
    }

    @Test("Of Reflexion's trials the last is scored, and all are paid for")
    func trials() throws {
        var trials = [
            attempt(1, 0, 0), attempt(1, 1, 1), attempt(1, 3, 0), attempt(1, 4, 0), attempt(1, 5, 0), attempt(2, 0, 1),
            attempt(2, 3, 1),
        ]
        for index in trials.indices {
            trials[index].key.method = .reflexion
            trials[index].turns = [ReportFixture.turn(0, nil)]
        }
        let row = try #require(ResultRow.summarise(trials, policy: "p", seed: 7, trials: 3, groupings: []).first)
        #expect(row.n == 4 && row.meanReward == 0.75 && row.passAtK?.map(\.value) == [0.75, 1])
        #expect(row.tokens.prompt == 7 * 300)
    }
}
