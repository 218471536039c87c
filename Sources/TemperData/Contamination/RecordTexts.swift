import Foundation
import TemperCore

/// What a contamination check compares of a record of any known shape.
struct RecordTexts {
    /// The record's own id, where it has one.
    var id: String?
    /// What was asked.
    var instruction: String?
    var answer: String?
    var observations: [String] = []

    private static let idKeys = ["id", "qid", "task_id", "question_id", "_id", "uid"]
    private static let instructionKeys = ["instruction", "question", "prompt", "problem", "goal", "description", "query", "text"]
    private static let answerKeys = ["answer", "label", "output", "response", "solution", "completion"]
    private static let turnKeys = ["messages", "conversations", "conversation"]

    /// - Parameter field: the key whose text is taken as the instruction, such as `question` or `task.instruction`; nil finds it by
    ///   the names that datasets use, and in a chat takes the first message of the user.
    init(_ record: JSONValue, field: String? = nil) {
        if case .string(let text) = record, field == nil {
            instruction = text
            return
        }
        id = Self.first(Self.idKeys, in: record)
        answer = Self.first(Self.answerKeys, in: record)
        let turns = Self.turnKeys.lazy.compactMap { record[$0]?.array }.first ?? []
        readTurns(turns)
        if let field {
            instruction = field.split(separator: ".").reduce(Optional(record)) { $0?[String($1)] }.flatMap(Self.text)
        } else if let found = Self.first(Self.instructionKeys, in: record) {
            let input = record["input"]?.string ?? ""
            instruction = input.isEmpty ? found : found + "\n" + input
        }
        if let output = record["output"]?.string { readTrajectory(output) }
    }

    /// A chat: the user's first message asks, later ones observe, the assistant's last one answers.
    private mutating func readTurns(_ turns: [JSONValue]) {
        for turn in turns {
            let role = (turn["role"] ?? turn["from"])?.string ?? ""
            guard let text = (turn["content"] ?? turn["value"] ?? turn["spans"]).flatMap(Self.text) else { continue }
            switch role {
            case "user", "human":
                if instruction == nil { instruction = text } else { observations.append(Self.withoutLabel(text)) }
            case "tool": observations.append(text)
            case "assistant", "gpt": answer = Self.finalAnswer(text) ?? text
            default: break
            }
        }
    }

    /// FireAct's Alpaca form: the whole trajectory stands in `output`.
    private mutating func readTrajectory(_ output: String) {
        for line in output.components(separatedBy: "\n") where line.hasPrefix("Observation: ") {
            observations.append(Self.withoutLabel(line))
        }
        if let given = Self.finalAnswer(output) { answer = given }
    }

    private static func withoutLabel(_ text: String) -> String {
        text.hasPrefix("Observation: ") ? String(text.dropFirst("Observation: ".count)) : text
    }

    /// The argument of the last `finish[…]`.
    private static func finalAnswer(_ text: String) -> String? {
        guard let start = text.range(of: "finish[", options: .backwards) else { return nil }
        let rest = text[start.upperBound...]
        return rest.firstIndex(of: "]").map { String(rest[..<$0]) }
    }

    private static func first(_ keys: [String], in record: JSONValue) -> String? {
        keys.lazy.compactMap { record[$0].flatMap(text) }.first
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text
        case .number(let number): return number == number.rounded() ? String(format: "%.0f", number) : "\(number)"
        case .bool(let flag): return flag ? "yes" : "no"
        case .array(let parts):
            let texts = parts.compactMap { $0.string ?? $0["text"]?.string }
            return texts.isEmpty ? nil : texts.joined(separator: texts.count == parts.count && parts[0].string != nil ? " " : "")
        case .object, .null: return nil
        }
    }
}
