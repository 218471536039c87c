import Foundation
import TemperCore
import TemperEnvironments
import Testing

@Suite("The README of the shop")
struct ShopTranscriptTests {
    @Test("Its episode is one that the expert plays")
    func transcript() async throws {
        let suite = PocketShopSuite()
        let task = try #require(try suite.tasks(split: "test", limit: 4).last)
        let played = try await play(suite, scripted(suite, "expert"), task)
        var parts = [task.instruction, played.opening ?? ""]
        for turn in played.turns {
            parts.append(turn.replyText)
            if let observation = turn.observation { parts.append(TurnText.write(observation: observation, format: task.format)) }
        }
        let wanted = "```\n\(parts.joined(separator: "\n\n"))\n```\n"
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let readme = try String(
            contentsOf: folder.appendingPathComponent("../../../Sources/TemperEnvironments/Shop/README.md").standardized,
            encoding: .utf8)
        #expect(readme.hasSuffix("of `pocket/shop`:\n" + wanted), "the README should end with\n\(wanted)")
    }
}
