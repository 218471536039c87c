import Foundation

/// Text ↔ turn for every method: the one parser and the one writer.
///
/// The formats, in the words of FireAct (Chen et al. 2023, section 3), whose tuned models see them as chat:
/// ```
/// react   Thought: …\nAction: name[argument]      observation: Observation: …
/// cot     Thought: …\nAnswer: …                   unified as react: Thought: …\nAction: finish[…]
/// io      Answer: …
/// ```
public enum TurnText {
    /// What was read from a reply.
    public struct Reading: Sendable, Hashable {
        public var thought: String?
        public var action: Action?
        /// What is wrong, in one sentence a policy can act on; nil when the reply is well formed.
        public var diagnosis: String?

        public init(thought: String? = nil, action: Action? = nil, diagnosis: String? = nil) {
            self.thought = thought
            self.action = action
            self.diagnosis = diagnosis
        }
    }

    /// A reply ends before this text when a model goes on to write the environment's part.
    public static let observationMark = "\nObservation:"

    /// The strings at which a model should stop.
    public static func stopStrings(for method: Method) -> [String] {
        method.usesTools ? [observationMark] : []
    }

    /// The reply without what a model wrote in the environment's name.
    public static func trimmed(_ reply: String, method: Method) -> String {
        var text = Substring(reply)
        if method.usesTools, let mark = text.range(of: observationMark) { text = text[..<mark.lowerBound] }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Reads a reply.
    ///
    /// In `io` and `cot` the answer becomes the action `finish[answer]`, so every method ends an episode alike.
    public static func read(_ reply: String, method: Method) -> Reading {
        let text = trimmed(reply, method: method)
        guard !text.isEmpty else { return Reading(diagnosis: "The reply is empty. \(expectation(method))") }
        switch method {
        case .io: return Reading(action: Action("finish", after("Answer:", in: text) ?? text))
        case .cot: return readChainOfThought(text)
        case .react: return readReAct(text)
        }
    }

    /// The text of a ReAct turn, which is also the unified format of all methods.
    public static func write(thought: String?, action: Action) -> String {
        guard let thought, !thought.isEmpty else { return "Action: \(action.text)" }
        return "Thought: \(thought)\nAction: \(action.text)"
    }

    /// The text of a chain-of-thought reply.
    public static func write(thought: String, answer: String) -> String {
        "Thought: \(thought)\nAnswer: \(answer)"
    }

    /// The environment's message to the policy.
    public static func write(observation: String) -> String { "Observation: \(observation)" }

    private static func expectation(_ method: Method) -> String {
        switch method {
        case .io: return "Write 'Answer: ' and the answer."
        case .cot: return "Write one line 'Thought: …' and one line 'Answer: …'."
        case .react: return "Write one line 'Thought: …' and one line 'Action: name[argument]'."
        }
    }

    private static func readChainOfThought(_ text: String) -> Reading {
        guard let answer = after("\nAnswer:", in: "\n" + text) else {
            // A model trained on the unified format answers a chain of thought with finish[…].
            let reading = readReAct(text)
            if reading.action?.name == "finish" { return reading }
            return Reading(thought: thought(in: text), diagnosis: "There is no 'Answer:' line. \(expectation(.cot))")
        }
        let head = text.components(separatedBy: "Answer:")[0]
        return Reading(thought: thought(in: head), action: Action("finish", answer))
    }

    private static func readReAct(_ text: String) -> Reading {
        let lines = text.components(separatedBy: "\n")
        guard let start = lines.firstIndex(where: { $0.hasPrefix("Action:") }) else {
            return Reading(thought: thought(in: text), diagnosis: "There is no 'Action:' line. \(expectation(.react))")
        }
        let thought = thought(in: lines[..<start].joined(separator: "\n"))
        let rest = lines[start...].joined(separator: "\n").dropFirst("Action:".count)
        let action = rest.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let open = action.firstIndex(of: "[") else {
            return Reading(thought: thought, diagnosis: "The action '\(firstLine(action))' has no '['. \(expectation(.react))")
        }
        let name = action[..<open].trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
            return Reading(
                thought: thought, diagnosis: "'\(firstLine(name))' is not the name of an action. \(expectation(.react))")
        }
        guard let close = closingBracket(of: action, openedAt: open) else {
            return Reading(
                thought: thought, diagnosis: "The action '\(firstLine(action))' has no closing ']'. \(expectation(.react))")
        }
        let argument = String(action[action.index(after: open)..<close])
        return Reading(thought: thought, action: Action(name, argument))
    }

    /// The bracket that closes the one at `open`: nested pairs are part of the argument, text after it is not.
    private static func closingBracket(of text: String, openedAt open: String.Index) -> String.Index? {
        var depth = 0
        var index = open
        while index < text.endIndex {
            if text[index] == "[" { depth += 1 }
            if text[index] == "]" {
                depth -= 1
                if depth == 0 { return index }
            }
            index = text.index(after: index)
        }
        return nil
    }

    private static func thought(in text: String) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let body = trimmed.hasPrefix("Thought:") ? String(trimmed.dropFirst("Thought:".count)) : trimmed
        let thought = body.trimmingCharacters(in: .whitespacesAndNewlines)
        return thought.isEmpty ? nil : thought
    }

    private static func after(_ mark: String, in text: String) -> String? {
        guard let range = text.range(of: mark) else { return nil }
        return text[range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func firstLine(_ text: String) -> String {
        String(text.prefix { $0 != "\n" }.prefix(80))
    }
}
