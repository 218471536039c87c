import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct PocketHouseholdTests {
    let suite = PocketHouseholdSuite()

    func transcript(_ task: AgentTask, _ played: Played) -> String {
        let turns = played.turns.map { $0.replyText + ($0.observation.map { "\n\($0)" } ?? "") }
        return ([task.instruction, "", played.opening ?? ""] + turns + ["reward \(played.score.reward)"]).joined(separator: "\n")
    }

    @Test("The expert solves the test tasks; turn counts and rewards are printed")
    func expert() async throws {
        let expert = try scripted(suite, "expert")
        let tasks = try suite.tasks(split: "test", limit: 300)
        var turns: [String: [Int]] = [:]
        var total = 0.0
        var lengths: [Int] = []
        for task in tasks {
            let played = try await play(suite, expert, task)
            total += played.score.reward
            turns[task.tags["kind"] ?? "", default: []].append(played.turns.count)
            lengths.append(transcript(task, played).utf8.count)
            if played.score.reward < 1 { print(transcript(task, played)) }
        }
        for (kind, counts) in turns.sorted(by: { $0.key < $1.key }) {
            print("pocket/household \(kind): \(counts.min() ?? 0)-\(counts.max() ?? 0) turns, mean \(Double(counts.reduce(0, +)) / Double(counts.count))")
        }
        print("mean characters \(lengths.reduce(0, +) / lengths.count), longest \(lengths.max() ?? 0)")
        let random = try scripted(suite, "random")
        var lucky = 0.0
        for task in tasks { lucky += try await play(suite, random, task).score.reward }
        print("mean reward of expert \(total / 300), of random \(lucky / 300)")
        for task in tasks.prefix(6) { print(transcript(task, try await play(suite, expert, task)), "\n") }
    }
}
