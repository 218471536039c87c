import Foundation
import TemperCore
import TemperTokenizers

@testable import TemperData

/// Small made-up values that the tests share.
enum Samples {
    static func key(_ task: String, method: TemperCore.Method = .react, attempt: Int = 0, group: String = "collect") -> EpisodeKey
    {
        EpisodeKey(group: group, suite: "pocket/hotpotqa", task: task, method: method, attempt: attempt)
    }

    static func turn(_ index: Int, _ reply: String, observation: String? = nil, author: Author = .teacher) -> Turn {
        let reading = TurnText.read(reply, method: .react)
        return Turn(
            index: index, reply: [Span(reply, by: author)], thought: reading.thought, action: reading.action,
            diagnosis: reading.diagnosis, observation: observation,
            usage: TokenUsage(promptTokens: 10 + index, completionTokens: 5), price: 0.25, seconds: Double(index) + 0.5)
    }

    /// Two turns: a search and an answer.
    static func trajectory(
        _ task: String, method: TemperCore.Method = .react, attempt: Int = 0, group: String = "collect", reward: Double = 1,
        outcome: Outcome = .finished, thought: String = "I look it up.", answer: String = "Ada"
    ) -> Trajectory {
        let turns = [
            turn(0, "Thought: \(thought)\nAction: search[who made \(task)]", observation: "\(task) was made by \(answer)."),
            turn(1, "Thought: It says \(answer).\nAction: finish[\(answer)]"),
        ]
        return Trajectory(
            key: key(task, method: method, attempt: attempt, group: group),
            task: AgentTask(
                id: task, suite: "pocket/hotpotqa", split: "train", instruction: "Who made \(task)?",
                payload: .object(["answer": .string(answer)])),
            policy: "expert", seed: 7, turns: turns, outcome: outcome, answer: answer,
            score: Score(reward: reward, metrics: ["exact_match": reward]))
    }

    /// A chain of thought as its own method writes it.
    static func chainOfThought(_ task: String) -> Trajectory {
        var trajectory = trajectory(task, method: .cot)
        trajectory.turns = [
            Turn(
                index: 0, reply: [Span("Thought: I know it.\nAnswer: Ada", by: .policy)], thought: "I know it.",
                action: Action("finish", "Ada"))
        ]
        return trajectory
    }

    /// A tokenizer that knows the special tokens of every template.
    static func tokenizer() throws -> Tokenizer {
        let text = "Thought: I look it up.\nAction: search[who made it]\nObservation: It was made by Ada.\nAction: finish[Ada]\n"
        let special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>"]
        return try Tokenizer.train([text, text + "### Instruction: ### Response:"], vocabularySize: 320, specialTokens: special)
    }

    static func context(_ tokenizer: Tokenizer, seed: UInt64 = 1, contextLimit: Int? = nil) -> CurationContext {
        CurationContext(run: "sample", seed: seed, tokenizer: tokenizer, contextLimit: contextLimit)
    }
}

/// A folder that goes away with the value.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("temper-data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("not removed: \(url.path)") }
    }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    func write(_ text: String, _ name: String) throws -> URL {
        try Data(text.utf8).write(to: file(name))
        return file(name)
    }
}
