import Foundation
import TemperCore

/// What a contamination check compares of a record of any known shape.
struct RecordTexts {
    /// The record's own id, where it has one.
    var id: String?
    /// What was asked: the record's question, and every turn of the user of a chat.
    var asked: [String] = []
    var answer: String?
    var observations: [String] = []
    /// Whether the question is a field of the record, beside any chat.
    private var hasQuestion = false

    /// What a record of a test set asks: its question, or of a chat all that the user says. Nil where there is neither.
    var instruction: String? {
        guard !asked.isEmpty else { return nil }
        return hasQuestion ? asked[0] : asked.joined(separator: "\n")
    }

    private static let idKeys = ["id", "qid", "task_id", "question_id", "_id", "uid"]
    private static let instructionKeys = ["instruction", "question", "prompt", "problem", "goal", "description", "query", "text"]
    private static let answerKeys = ["answer", "label", "output", "response", "solution", "completion"]

    /// - Parameter field: the key whose text is taken as what was asked, such as `question` or `task.instruction`, or whose chat
    ///   is; nil finds it by the names that datasets use.
    init(_ record: JSONValue, field: String? = nil) {
        if case .string(let text) = record, field == nil {
            (asked, hasQuestion) = ([text], true)
            return
        }
        id = Self.first(Self.idKeys, in: record)
        let chat = ChatTexts(record)
        answer = chat.answer.map { Self.finalAnswer($0) ?? $0 } ?? Self.first(Self.answerKeys, in: record)
        observations = chat.observations
        if let field {
            let value = field.split(separator: ".").reduce(Optional(record)) { $0?[String($1)] }
            let own = value.map { ChatTexts($0).asked } ?? []
            asked = own.isEmpty ? [value.flatMap(Self.text)].compactMap { $0 } : own
            hasQuestion = own.isEmpty
        } else {
            if let found = Self.first(Self.instructionKeys, in: record) {
                let input = record["input"]?.string ?? ""
                (asked, hasQuestion) = ([input.isEmpty ? found : found + "\n" + input], true)
            }
            asked += chat.asked
        }
        if let output = record["output"]?.string { readTrajectory(output) }
    }

    /// FireAct's Alpaca form: the whole trajectory stands in `output`.
    private mutating func readTrajectory(_ output: String) {
        observations += output.components(separatedBy: "\n").compactMap(Observation.text)
        if let given = Self.finalAnswer(output) { answer = given }
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
            // A chat is no text: ``ChatTexts`` reads it.
            guard !parts.contains(where: { $0["role"] != nil || $0["from"] != nil }) else { return nil }
            let texts = parts.compactMap { $0.string ?? $0["text"]?.string }
            return texts.isEmpty ? nil : texts.joined(separator: texts.count == parts.count && parts[0].string != nil ? " " : "")
        case .object, .null: return nil
        }
    }
}
