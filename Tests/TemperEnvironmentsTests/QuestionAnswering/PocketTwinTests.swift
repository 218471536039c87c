import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct PocketTwinTests {
    static let suites: [any PocketQuestionSuite] = [
        PocketHotpotQASuite(), PocketStrategyQASuite(), PocketBamboogleSuite(), PocketMMLUSuite(),
    ]
    static let twins = Array(suites.dropFirst())

    @Test("figures", arguments: suites)
    func figures(suite: any PocketQuestionSuite) async throws {
        let tasks = try suite.tasks(split: "test", limit: 200)
        for name in suite.scriptedPolicyNames {
            var total = 0.0
            var turns: [Int: Int] = [:]
            var answers: [String: Int] = [:]
            var characters = 0
            for task in tasks {
                let played = try await play(suite, try scripted(suite, name), task)
                total += played.score.reward
                turns[played.turns.count, default: 0] += 1
                answers[played.turns.last?.action?.argument ?? "", default: 0] += 1
                characters += task.instruction.count + played.turns.map { $0.replyText.count + ($0.observation?.count ?? 0) + 14 }.reduce(0, +)
            }
            print(suite.id, name, total / 200, turns.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " "), "characters", characters / 200)
            print(answers.filter { $0.value > 4 }.sorted { $0.value > $1.value }.prefix(6))
        }
        for index in [0, 1, 2, 3] {
            let task = tasks[index]
            print(task.instruction)
            for turn in try await play(suite, try scripted(suite, "expert"), task).turns { print(turn.replyText); print("Observation:", turn.observation ?? "") }
        }
    }
}
