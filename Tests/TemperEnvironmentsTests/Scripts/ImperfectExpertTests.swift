import TemperCore
import TemperEnvironments
import Testing

@Suite("An imperfect expert")
struct ImperfectExpertTests {
    private struct Steady: Script {
        let name = "steady"
        func reply(in scene: Scene) async throws -> String { "right" }
    }

    private func replies(share: Double, episode: UInt64) async throws -> [String] {
        let policy = ImperfectExpert(Steady(), share: share, wrongTurn: { _, _ in "detour" }, wrongEnding: { _, _ in "wrong" })
        let task = AgentTask(id: "t", suite: "s", split: "train", instruction: "", payload: .null)
        let key = EpisodeKey(group: "g", suite: "s", task: "t", method: .react)
        var turns: [Turn] = []
        for index in 0..<6 {
            let scene = Scene(key: key, task: task, turns: turns, seed: episode)
            let text = try await policy.reply(in: scene)
            turns.append(Turn(index: index, reply: [Span(text, by: .teacher)]))
        }
        return turns.map(\.replyText)
    }

    @Test("The stated share of episodes errs, half of them recover, and a seed gives the same replies")
    func share() async throws {
        var (erring, recovering) = (0, 0)
        for episode in 0..<1000 {
            let texts = try await replies(share: 0.4, episode: UInt64(episode))
            #expect(try await replies(share: 0.4, episode: UInt64(episode)) == texts)
            if texts.contains("detour") { recovering += 1 }
            if texts.contains(where: { $0 != "right" }) { erring += 1 }
            if texts.contains("detour") { #expect(texts.last == "right") }
        }
        #expect((340...460).contains(erring), "\(erring)")
        #expect((140...260).contains(recovering), "\(recovering)")
    }

    @Test("A share of 0 is the expert itself")
    func none() async throws {
        #expect(try await replies(share: 0, episode: 3) == Array(repeating: "right", count: 6))
    }
}
