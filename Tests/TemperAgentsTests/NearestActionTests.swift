import Foundation
import TemperCore
import Testing

@testable import TemperAgents

@Suite("The nearest admissible action")
struct NearestActionTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            var reference: String
            var hypothesis: String
            var score: Double
        }
        var cases: [Case]
    }

    @Test("Sentence BLEU agrees with NLTK's, smoothed by method 4, to 1e-9")
    func bleuGolden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/sentence-bleu.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        #expect(golden.cases.count > 300, "stale? run python3 Tests/Golden/bleu_golden.py")
        for item in golden.cases {
            func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
            let score = SentenceBLEU.score(reference: words(item.reference), hypothesis: words(item.hypothesis))
            #expect(abs(score - item.score) < 1e-9, "\(item) got \(score)")
        }
        #expect(SentenceBLEU.score(reference: ["a"], hypothesis: []) == 0)
    }

    private let rooms = ["go to cabinet 1", "go to cabinet 10", "take apple 1 from desk 1", "look"].map { Action("act", $0) }

    private func turn(_ reply: String, _ action: Action? = nil) -> Turn {
        Turn(index: 0, reply: [Span(reply, by: .policy)], action: action)
    }

    @Test("The likeliest action stands in, the first of equals, and none that is too far")
    func choice() {
        func choose(_ command: String, threshold: Double = NearestAction.defaultThreshold) -> String? {
            NearestAction.choose(for: turn("", Action("act", command)), among: rooms, threshold: threshold)?.argument
        }
        #expect(choose("go to cabinet 1") == nil)
        #expect(choose("Go to Cabinet 10") == "go to cabinet 10")
        #expect(choose("go to the cabinet 1") == "go to cabinet 1")
        #expect(choose("take the apple 1 from desk 1") == "take apple 1 from desk 1")
        #expect(choose("fly home") == nil)
        #expect(choose("go", threshold: 0.9) == nil)
    }

    @Test("A reply that cannot be read is compared by its action line, or else its first")
    func unreadable() {
        #expect(
            NearestAction.choose(for: turn("I think.\nACTION: go to cabinet 10 now"), among: rooms)?.argument
                == "go to cabinet 10")
        #expect(NearestAction.choose(for: turn("look around\nand see"), among: rooms)?.argument == "look")
        #expect(NearestAction.choose(for: turn(""), among: rooms) == nil)
    }

    @Test("Where arguments are free, a listed name with any argument stands")
    func freeArguments() {
        let actions = [Action("search", "Ada"), Action("finish", "yes")]
        let free = turn("", Action("search", "something else"))
        #expect(NearestAction.choose(for: free, among: actions, listsAll: false) == nil)
        #expect(NearestAction.choose(for: free, among: actions) == Action("search", "Ada"))
        #expect(
            NearestAction.choose(for: turn("", Action("serch", "Ada")), among: actions, listsAll: false)
                == Action("search", "Ada"))
    }

    private func run(_ replies: [String], least: Double?, sink: MemorySink? = nil) async throws -> Trajectory {
        let suite = EchoSuite()
        let task = try suite.tasks(split: "test", limit: 1)[0]
        return try await Episode(
            key: EpisodeKey(group: "g", suite: "echo", task: "t0", method: .react), task: task, suite: suite,
            policy: .model(ScriptedPolicy(["t0": replies])), author: .policy,
            options: EpisodeOptions(maximumTurns: 6, nearestAction: least), seed: 1, sink: sink
        ).run()
    }

    @Test("What was carried out is recorded beside the policy's own words, and the world answers to it")
    func carriedOut() async throws {
        let replies = ["Thought: t\nAction: echo[a b]", "echo a please", "Action: finish[0]"]
        let episode = try await run(replies, least: 0.01)
        #expect(episode.turns.map(\.replyText) == replies)
        #expect(episode.turns.map(\.action?.text) == ["echo[a b]", nil, "finish[0]"])
        #expect(episode.turns.map(\.carriedOut?.text) == ["echo[a]", "echo[a]", nil])
        #expect(episode.turns.map(\.observation) == ["a", "a", nil])
        #expect(episode.turns[0].diagnosis == nil && episode.turns[1].diagnosis?.hasPrefix("There is no 'Action:' line.") == true)
        #expect(episode.score?.reward == 1)
        let plain = try await run(replies, least: nil)
        #expect(plain.turns.map(\.carriedOut) == [nil, nil, nil] && plain.turns[0].observation == "a b")
    }

    @Test("Resuming and rescoring carry out the same again, and an ending by the nearest action has its answer")
    func again() async throws {
        let replies = ["Action: echo[a b]", "Action: finish[0 it is]"]
        let whole = try await run(replies, least: 0.01)
        #expect(whole.answer == "0" && whole.outcome == .finished)
        let sink = MemorySink()
        await sink.seed(Array(whole.turns.prefix(1)), for: whole.key)
        let resumed = try await run(["never asked", replies[1]], least: 0.01, sink: sink)
        #expect(resumed.turns.map(\.carriedOut) == whole.turns.map(\.carriedOut))
        #expect(await sink.discarded.isEmpty)
        for scoresAnswers in [true, false] {
            var suite = EchoSuite()
            suite.scoresAnswers = scoresAnswers
            let rescored = try await Recording.rescored(whole, suite: suite)
            #expect(rescored.score?.reward == 1 && rescored.answer == "0")
        }
    }
}
