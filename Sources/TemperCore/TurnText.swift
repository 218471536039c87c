import Foundation

/// Text ↔ turn for every method: the one parser and the one writer.
///
/// The formats, in the words of FireAct (Chen et al. 2023, section 3), whose tuned models see them as chat:
/// ```
/// react   Thought: …\nAction: name[argument]      observation: Observation: …      (or the words of a ``TurnFormat``)
/// cot     Thought: …\nAnswer: …                   unified as react: Thought: …\nAction: finish[…]
/// io      Answer: …
/// act     react without its thoughts
/// rewoo   Plan: …\n#E1 = name[argument] …   then   Answer: …        see ``PlanText``
/// tools   function calls                                           see ``ToolText``
/// ```
/// Reflexion is written as ReAct.
package enum TurnText {
    /// What was read from a reply.
    package struct Reading: Sendable, Hashable {
        package var thought: String?
        package var action: Action?
        /// What is wrong, in one sentence a policy can act on; nil when the reply is well formed.
        package var diagnosis: String?

        package init(thought: String? = nil, action: Action? = nil, diagnosis: String? = nil) {
            self.thought = thought
            self.action = action
            self.diagnosis = diagnosis
        }
    }

    /// A reply ends before this text when a model goes on to write the environment's part.
    package static let observationMark = "\nObservation:"

    /// The strings at which a model should stop.
    package static func stopStrings(for method: Method, format: TurnFormat = .react) -> [String] {
        switch method {
        case .io, .cot: []
        case .act, .react, .reflexion: format.text.stopStrings
        case .rewoo: ["\n" + PlanText.evidenceMark]
        case .tools: ["\n" + ToolText.responseMark]
        }
    }

    /// The reply without what a model wrote in the environment's name.
    package static func trimmed(_ reply: String, method: Method, format: TurnFormat = .react) -> String {
        var text = Substring(reply)
        for stop in stopStrings(for: method, format: format) {
            if let mark = text.range(of: stop) { text = text[..<mark.lowerBound] }
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Reads a reply.
    ///
    /// In `io` and `cot` the answer becomes the action `finish[answer]`, so every method ends an episode alike.
    package static func read(_ reply: String, method: Method, format: TurnFormat = .react) -> Reading {
        let text = trimmed(reply, method: method, format: format)
        guard !text.isEmpty else { return Reading(diagnosis: "The reply is empty. \(expectation(method, format))") }
        switch method {
        case .io: return Reading(action: Action("finish", after("Answer:", in: text) ?? text))
        case .cot: return readChainOfThought(text)
        case .act, .react, .reflexion: return format.text.read(text)
        case .rewoo: return PlanText.read(text)
        case .tools: return ToolText.read(text)
        }
    }

    /// The text of a turn as a method writes it. What a method has no place for is left out: `act` and `io` write no thought.
    package static func write(thought: String?, action: Action, method: Method, format: TurnFormat = .react) -> String {
        switch method {
        case .io: return "Answer: \(action.argument)"
        case .cot: return write(thought: thought ?? "", answer: action.argument)
        case .act: return format.text.write(thought: nil, action: action)
        case .react, .reflexion: return format.text.write(thought: thought, action: action)
        case .tools: return ToolText.write(thought: thought, action: action)
        case .rewoo:
            guard action.name == "finish" else { return PlanText.write(number: 1, plan: thought, action: action) }
            guard let thought, !thought.isEmpty else { return "Answer: \(action.argument)" }
            return write(thought: thought, answer: action.argument)
        }
    }

    /// The environment's message to the policy, as a method shows it. ReWOO gathers several: see ``Conversation``.
    package static func write(observation: String, method: Method, format: TurnFormat = .react) -> String {
        method == .tools ? ToolText.write(observation: observation) : write(observation: observation, format: format)
    }

    /// The text of a turn in which the policy acts. Format `react` is also the unified format of all methods.
    package static func write(thought: String?, action: Action, format: TurnFormat = .react) -> String {
        format.text.write(thought: thought, action: action)
    }

    /// The text of a chain-of-thought reply.
    package static func write(thought: String, answer: String) -> String {
        "Thought: \(thought)\nAnswer: \(answer)"
    }

    /// The environment's message to the policy.
    package static func write(observation: String, format: TurnFormat = .react) -> String {
        format.text.write(observation: observation)
    }

    private static func expectation(_ method: Method, _ format: TurnFormat = .react) -> String {
        switch method {
        case .io: return "Write 'Answer: ' and the answer."
        case .cot: return "Write one line 'Thought: …' and one line 'Answer: …'."
        case .act: return format == .react ? "Write one line 'Action: name[argument]'." : format.text.expectation
        case .react, .reflexion: return format.text.expectation
        case .rewoo: return PlanText.expectation
        case .tools: return ToolText.expectation
        }
    }

    static func readChainOfThought(_ text: String) -> Reading {
        guard let answer = after("\nAnswer:", in: "\n" + text) else {
            // A model trained on the unified format answers a chain of thought with finish[…].
            let reading = ReActText.read(text)
            if reading.action?.name == "finish" { return reading }
            return Reading(thought: thought(in: text), diagnosis: "There is no 'Answer:' line. \(expectation(.cot))")
        }
        let head = text.components(separatedBy: "Answer:")[0]
        return Reading(thought: thought(in: head), action: Action("finish", answer))
    }

    static func thought(in text: String) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let body = trimmed.hasPrefix("Thought:") ? String(trimmed.dropFirst("Thought:".count)) : trimmed
        let thought = body.trimmingCharacters(in: .whitespacesAndNewlines)
        return thought.isEmpty ? nil : thought
    }

    private static func after(_ mark: String, in text: String) -> String? {
        guard let range = text.range(of: mark) else { return nil }
        return text[range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The words of a text with single spaces between them.
    package static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    static func firstLine(_ text: String) -> String {
        String(text.prefix { $0 != "\n" }.prefix(80))
    }
}
