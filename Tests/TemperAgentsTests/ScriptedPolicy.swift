import Synchronization
import TemperCore

/// A model with a reply for each prompt it knows; it fails on any other.
struct ScriptedPolicy: LanguageModel {
    var name: String { "scripted" }
    var contextLimit: Int?
    /// Replies by task id, in order of turns.
    var replies: [String: [String]]
    var failure: (@Sendable (CompletionRequest) throws -> Void)?

    init(_ replies: [String: [String]], contextLimit: Int? = nil, failure: (@Sendable (CompletionRequest) throws -> Void)? = nil)
    {
        self.replies = replies
        self.contextLimit = contextLimit
        self.failure = failure
    }

    func complete(_ request: CompletionRequest) async throws -> Completion {
        try failure?(request)
        // The tasks of `EchoSuite` are told by their number.
        guard let number = request.messages.first?.text.firstMatch(of: /Say (\d+)\./)?.output.1,
            let script = replies["t\(number)"], request.turnCount < script.count
        else {
            throw TemperError(.data, "no script for this prompt", boundary: .policy)
        }
        return Completion(text: script[request.turnCount], usage: TokenUsage(promptTokens: 10, completionTokens: 2))
    }
}

/// A suite of echo tasks: `echo[x]` answers x, `finish[x]` is right when x is the task's answer.
struct EchoSuite: Suite {
    var id: String { "echo" }
    var summary: String { "echoes" }
    var splits: [String] { ["test"] }
    var methods: [Method] { Method.allCases }
    var defaultMethod: Method { .react }
    var maximumTurns: Int { 6 }
    var primaryMetric: String { "exact_match" }
    var chanceLevel: Double { 0 }
    var scriptedPolicyNames: [String] { [] }
    /// What an echo is prefixed with, to simulate a world that changed.
    var prefix = ""
    /// Whether an answer alone decides the score.
    var scoresAnswers = true
    var census: Census?
    var instruction = "Echo or finish."

    func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        (0..<(limit ?? 3)).map {
            AgentTask(
                id: "t\($0)", suite: id, split: split, instruction: "Say \($0).", payload: .object(["answer": .string("\($0)")]))
        }
    }
    func makeEnvironment(for task: AgentTask) throws -> any Environment {
        census?.count { $0.opened += 1 }
        return EchoEnvironment(gold: task.referenceAnswer ?? "", prefix: prefix, census: census)
    }
    func prompt(for method: Method) throws -> SuitePrompt { SuitePrompt(instruction: instruction, demonstrations: []) }
    func score(answer: String?, for task: AgentTask) -> Score? {
        scoresAnswers ? Score(reward: answer == task.referenceAnswer ? 1 : 0) : nil
    }
    func scriptedPolicy(named name: String) -> (any Script)? { nil }
}

/// How many environments were made and closed.
final class Census: Sendable {
    struct Counts {
        var opened = 0
        var closed = 0
    }
    private let state = Mutex(Counts())
    var counts: Counts { state.withLock { $0 } }
    func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }
}

struct EchoEnvironment: Environment {
    var gold: String
    var prefix: String
    var census: Census?
    var answer: String?
    var listsAllActions: Bool { true }
    var admissibleActions: [Action]? { [Action("echo", "a"), Action("finish", gold)] }

    mutating func reset() async throws -> String? {
        answer = nil
        return nil
    }
    mutating func step(_ action: Action) async throws -> StepResult {
        switch action.name {
        case "echo": return StepResult(prefix + action.argument)
        case "break": throw TemperError(.unavailable, "the world is gone", boundary: .environment)
        case "finish":
            answer = action.argument
            return StepResult("done", isDone: true)
        default: return StepResult("There is no action '\(action.name)'.", isValid: false)
        }
    }
    mutating func score() async throws -> Score { Score(reward: answer == gold ? 1 : 0) }
    mutating func close() async { census?.count { $0.closed += 1 } }
}

/// Keeps what a store would keep.
actor MemorySink: EpisodeSink {
    var finished: [EpisodeKey: Trajectory] = [:]
    var turns: [EpisodeKey: [Turn]] = [:]
    var discarded: [String] = []

    func stored(_ key: EpisodeKey) -> StoredEpisode? {
        if let trajectory = finished[key] { return .finished(trajectory) }
        return turns[key].map { .partial($0) }
    }
    func turnFinished(_ turn: Turn, of key: EpisodeKey) { turns[key, default: []].append(turn) }
    func discardPartial(_ key: EpisodeKey, reason: String) {
        turns[key] = nil
        finished[key] = nil
        discarded.append(reason)
    }
    func episodeFinished(_ trajectory: Trajectory) { finished[trajectory.key] = trajectory }
    func seed(_ turns: [Turn], for key: EpisodeKey) { self.turns[key] = turns }
}
