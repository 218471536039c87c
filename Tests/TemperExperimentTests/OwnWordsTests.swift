import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperTestSupport
import TemperTokenizers
import Testing

/// Words that no suite of Temper has: `I think so >> say: Ada`, answered by `<< Ada`.
private enum ArrowText: TurnFormatText {
    static let stopStrings = ["\n<<"]
    static let expectation = "Write 'thought >> name: argument'."

    static func read(_ text: String) -> TurnText.Reading {
        guard let mark = text.range(of: ">> "), let colon = text[mark.upperBound...].range(of: ": ") else {
            return TurnText.Reading(thought: TurnText.thought(in: text), diagnosis: "There is no '>>'. \(expectation)")
        }
        return TurnText.Reading(
            thought: TurnText.thought(in: String(text[..<mark.lowerBound])),
            action: Action(String(text[mark.upperBound..<colon.lowerBound]), String(text[colon.upperBound...])))
    }

    static func write(thought: String?, action: Action) -> String {
        (thought.map { $0 + " " } ?? "") + ">> \(action.name): \(action.argument)"
    }

    static func write(observation: String) -> String { "<< " + observation }
}

/// An environment with words of its own, which hears a name and then wants it said.
private struct ArrowSuite: Suite {
    let id = "arrows"
    let summary = "says names"
    let splits = ["train"]
    let methods: [TemperCore.Method] = [.react]
    let defaultMethod = TemperCore.Method.react
    let format = TurnFormat("arrows", ArrowText.self)
    let maximumTurns = 4
    let primaryMetric = "success"
    let chanceLevel = 0.0
    let scriptedPolicyNames = ["expert"]

    func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        ["Ada", "Bo"].map {
            AgentTask(
                id: $0, suite: id, split: split, instruction: "Say the name of \($0).",
                payload: .object([AgentTask.answerKey: .string($0)]), format: format)
        }
    }

    func makeEnvironment(for task: AgentTask) throws -> any Environment { World(name: task.referenceAnswer ?? "") }
    func prompt(for method: TemperCore.Method) throws -> SuitePrompt { SuitePrompt(instruction: "Say it.", demonstrations: []) }
    func score(answer: String?, for task: AgentTask) -> Score? { nil }
    func scriptedPolicy(named name: String) -> (any Script)? { name == "expert" ? Expert() : nil }

    struct World: Environment {
        let name: String
        var answer: String?
        var admissibleActions: [Action]? { nil }

        mutating func reset() async throws -> String? { nil }

        mutating func step(_ action: Action) async throws -> StepResult {
            switch action.name {
            case "ask": return StepResult(name)
            case "say":
                answer = action.argument
                return StepResult("said", isDone: true)
            default: return StepResult("Nobody can \(action.name).", isValid: false)
            }
        }

        mutating func score() async throws -> Score { Score(reward: answer == name ? 1 : 0) }
    }

    struct Expert: Script {
        let name = "expert"

        func reply(in scene: Scene) async throws -> String {
            let heard = scene.turns.last?.observation
            let action = heard.map { Action("say", $0) } ?? Action("ask", "who is it")
            return TurnText.write(thought: "I listen.", action: action, format: scene.task.format)
        }
    }
}

@Suite("A suite with words of its own")
struct OwnWordsTests {
    @Test("It is played, stored, read again, curated and rescored; nothing but the suite knows its words")
    func wholeWay() async throws {
        try await Scratch.with { folder in
            let suite = ArrowSuite()
            let url = folder.appendingPathComponent("store.sqlite")
            let store = try RunStore(url, formats: [suite.format])
            let episodes = try suite.tasks(split: "train", limit: nil).map { task in
                Episode(
                    key: EpisodeKey(group: "collect", suite: suite.id, task: task.id, method: .react), task: task, suite: suite,
                    policy: .script(ArrowSuite.Expert()), author: .teacher,
                    options: EpisodeOptions(maximumTurns: suite.maximumTurns), seed: 1, sink: store)
            }
            let played = try await Rollouts.run(episodes, concurrency: 1)
            #expect(played.map(\.score?.reward) == [1, 1])
            #expect(played[0].turns.map(\.replyText) == ["I listen. >> ask: who is it", "I listen. >> say: Ada"])

            let stored = try store.trajectories(group: "collect")
            #expect(stored == played && stored[0].task.format == suite.format)

            var options = CurationOptions()
            options.promptStyle = .task
            let tokenizer = try Tokenizer.train(
                [played[0].turns[0].replyText], vocabularySize: 300, specialTokens: ["<|im_start|>", "<|im_end|>"])
            let dataset = try Curation.run(
                stored, options: options, context: CurationContext(run: "own words", seed: 1, tokenizer: tokenizer))
            let texts = dataset.train.map { $0.document.messages.map { $0.spans.map(\.text).joined() } }
            #expect(
                texts.first { $0[0] == "Say the name of Ada." } == [
                    "Say the name of Ada.", "I listen. >> ask: who is it", "<< Ada", "I listen. >> say: Ada",
                ])

            var damaged = stored[0]
            damaged.turns = damaged.turns.map { turn in
                var turn = turn
                (turn.thought, turn.action) = (nil, nil)
                return turn
            }
            damaged.score = nil
            let rescored = try await Recording.rescored(damaged, suite: suite)
            #expect(rescored.score?.reward == 1 && rescored.turns.map(\.action) == stored[0].turns.map(\.action))
        }
    }

    @Test("A store that is opened without a suite's words says which are missing")
    func unknownWords() async throws {
        try await Scratch.with { folder in
            let suite = ArrowSuite()
            let task = try suite.tasks(split: "train", limit: nil)[0]
            let key = EpisodeKey(group: "collect", suite: suite.id, task: task.id, method: .react)
            let url = folder.appendingPathComponent("store.sqlite")
            let store = try RunStore(url, formats: [suite.format])
            try await store.importEpisodes([
                Trajectory(key: key, task: task, policy: "expert", seed: 1, turns: [], outcome: .missing)
            ])
            try store.close()
            let error = #expect(throws: TemperError.self) { try RunStore(url, formats: []).trajectories() }
            #expect(error?.code == .data && error?.place == url.path)
            #expect(error?.message.contains("there is no format 'arrows'; there are react") == true, "\(error?.message ?? "")")
        }
    }
}
