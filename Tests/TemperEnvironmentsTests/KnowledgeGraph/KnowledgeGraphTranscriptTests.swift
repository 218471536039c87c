import Foundation
import TemperCore
import TemperEnvironments
import Testing

@Suite struct KnowledgeGraphTranscriptTests {
    @Test("The README's episode is one that the expert plays")
    func transcript() async throws {
        let suite = PocketGraphSuite()
        let task = try #require(try suite.tasks(split: "test", limit: 2).last)
        var lines = [task.instruction]
        for turn in try await play(suite, scripted(suite, "expert"), task).turns {
            lines.append(turn.replyText)
            if let observation = turn.observation { lines.append(TurnText.write(observation: observation, format: task.format)) }
        }
        let wanted = "```\n\(lines.joined(separator: "\n"))\n```\n"
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let readme = try String(
            contentsOf: folder.appendingPathComponent("../../../Sources/TemperEnvironments/KnowledgeGraph/README.md")
                .standardized,
            encoding: .utf8)
        #expect(readme.hasSuffix("`pocket/knowledge-graph`:\n" + wanted), "the README should end with\n\(wanted)")
    }
}
