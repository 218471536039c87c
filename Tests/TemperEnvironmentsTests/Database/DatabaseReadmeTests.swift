import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct DatabaseReadmeTests {
    /// An episode as a chat, each message under its speaker.
    static func transcript() async throws -> String {
        let suite = PocketDatabaseSuite()
        // The first task of the test that takes three turns.
        let task = try #require(suite.tasks(split: "test", limit: 24).first { $0.tags["shape"] == "copy" })
        let played = try await play(suite, scripted(suite, "expert"), task)
        var lines = ["task \(task.id)", "", "user:", task.instruction]
        for turn in played.turns {
            lines += ["", "assistant:", turn.replyText]
            if let observation = turn.observation { lines += ["", "user:", observation] }
        }
        return (lines + ["", "reward: \(played.score.reward)"]).joined(separator: "\n")
    }

    @Test("The README's transcript is what the expert does")
    func transcript() async throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let readme = try String(
            contentsOf: folder.appendingPathComponent("Sources/TemperEnvironments/Database/README.md"), encoding: .utf8)
        let wanted = try await Self.transcript()
        if !readme.contains(wanted) { Issue.record("the README needs this transcript:\n\(wanted)") }
    }
}
