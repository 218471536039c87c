import TemperCore
import Testing

@testable import TemperEvaluation

@Suite struct ErrorKindTests {
    private typealias Make = ReportFixture

    @Test("Every outcome has one kind and success has none") func kinds() {
        func kind(_ outcome: Outcome, reward: Double? = 0, answer: String? = nil) -> String? {
            ErrorKind.of(Make.trajectory(Make.task(1), outcome: outcome, reward: reward, answer: answer))?.name
        }
        #expect(kind(.finished, reward: 1, answer: "Karsk") == nil)
        #expect(kind(.finished, answer: "Veld") == "wrong_answer")
        #expect(kind(.finished, answer: "") == "no_answer")
        #expect(kind(.turnLimit) == "turn_limit")
        #expect(kind(.repeatedOutput) == "repeated_output")
        #expect(kind(.contextLimit) == "context_limit")
        #expect(kind(.refused, reward: nil) == "refused")
        #expect(kind(.missing, reward: nil) == "missing")
        #expect(kind(.policyError, reward: nil) == "error_policy")
        #expect(kind(.environmentError, reward: nil) == "error_environment")
    }

    @Test("An error keeps the boundary it was recorded with") func boundary() {
        let failed = Make.trajectory(
            Make.task(1), outcome: .environmentError, reward: nil,
            failure: EpisodeFailure(boundary: .sandbox, message: "no bubblewrap"))
        #expect(ErrorKind.of(failed)?.name == "error_sandbox")
    }

    @Test("A lower bar of success counts partial rewards") func partialReward() {
        let half = Make.trajectory(Make.task(1), reward: 0.7)
        #expect(ErrorKind.of(half) == .wrongAnswer)
        #expect(ErrorKind.of(half, successReward: 0.667) == nil)
    }

    @Test(
        "The right answer is found in observations as whole words only",
        arguments: [
            ("Karsk", "Born in KARSK, it says.", [ErrorSign.answerSeen]), ("Karsk", "Born in Karskov.", [.answerNeverSeen]),
            ("New Veld", "In New  Veld.", [.answerSeen]), ("yes", "yes", []), ("", "anything", []),
        ]) func answerSeen(gold: String, observation: String, signs: [ErrorSign])
    {
        let turn = Make.turn(0, Action("search", "x"), observation: observation)
        let episode = Make.trajectory(Make.task(1, answer: gold), reward: 0, answer: "Veld", turns: [turn])
        #expect(ErrorSign.of(episode) == signs)
    }

    @Test("What the policy was told of its own mistake is not an observation of the answer") func diagnosisIsNoObservation() {
        let turn = Make.turn(0, nil, observation: "'Karsk' is not an action", diagnosis: "'Karsk' is not an action")
        #expect(ErrorSign.of(Make.trajectory(Make.task(1), reward: 0, turns: [turn])) == [.invalidFormat])
    }

    @Test("A reply that cannot be read and an action the environment does not know are told apart") func invalid() {
        let turns = [Make.turn(0, nil, diagnosis: "no action"), Make.turn(1, Action("fly", "home"), diagnosis: "unknown action")]
        #expect(ErrorSign.of(Make.trajectory(Make.task(1), reward: 0, turns: turns)) == [.invalidFormat, .invalidAction])
        #expect(ErrorSign.of(Make.trajectory(Make.task(1), reward: 0, turns: [])).isEmpty)
    }

    @Test("A tally counts each failure once and signs of scored failures only") func tally() {
        let observed = [Make.turn(0, Action("search", "x"), observation: "Karsk")]
        let tally = ErrorTally(
            policy: "base", suite: "pocket/hotpotqa",
            trajectories: [
                Make.trajectory(Make.task(1), reward: 1, turns: observed),
                Make.trajectory(Make.task(2), reward: 0, answer: "Veld", turns: observed),
                Make.trajectory(Make.task(3), outcome: .turnLimit, reward: 0, answer: nil, turns: observed),
                Make.trajectory(Make.task(4), outcome: .policyError, reward: nil, answer: nil, turns: observed),
            ])
        #expect(tally.episodes == 4 && tally.successes == 1)
        #expect(tally.kinds == ["wrong_answer": 1, "turn_limit": 1, "error_policy": 1])
        #expect(tally.kinds.values.reduce(0, +) == tally.episodes - tally.successes)
        #expect(tally.signs == ["answer_seen": 2])
    }
}
