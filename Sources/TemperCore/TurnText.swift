import Foundation

/// Text ↔ turn for every method: the one parser and the one writer. What a method's text looks like stands in its ``MethodText``.
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
    public static func stopStrings(for method: Method, format: TurnFormat = .react) -> [String] {
        method.text.stopStrings(format)
    }

    /// The reply without what a model wrote in the environment's name.
    public static func trimmed(_ reply: String, method: Method, format: TurnFormat = .react) -> String {
        var text = Substring(reply)
        for stop in stopStrings(for: method, format: format) {
            if let mark = text.range(of: stop) { text = text[..<mark.lowerBound] }
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Reads a reply.
    ///
    /// In `io` and `cot` the answer becomes the action `finish[answer]`, so every method ends an episode alike.
    public static func read(_ reply: String, method: Method, format: TurnFormat = .react) -> Reading {
        let text = trimmed(reply, method: method, format: format)
        guard !text.isEmpty else { return Reading(diagnosis: "The reply is empty. \(method.text.expectation(format))") }
        return method.text.read(text, format)
    }

    /// The text of a turn as a method writes it. What a method has no place for is left out: `act` and `io` write no thought.
    ///
    /// - Parameter number: of the turn, counted from 1, for a method that numbers its actions.
    public static func write(
        thought: String?, action: Action, method: Method, format: TurnFormat = .react, number: Int = 1
    ) -> String {
        method.text.write(thought: thought, action: action, format, number: number)
    }

    /// The environment's message to the policy, as a method shows it. ReWOO gathers several: see ``Conversation``.
    public static func write(observation: String, method: Method, format: TurnFormat = .react) -> String {
        method.text.write(observation: observation, format)
    }

    /// The text of a turn in which the policy acts. Format `react` is also the unified format of all methods.
    public static func write(thought: String?, action: Action, format: TurnFormat = .react) -> String {
        format.text.write(thought: thought, action: action)
    }

    /// The text of a chain-of-thought reply.
    public static func write(thought: String, answer: String) -> String {
        "Thought: \(thought)\nAnswer: \(answer)"
    }

    /// The environment's message to the policy.
    public static func write(observation: String, format: TurnFormat = .react) -> String {
        format.text.write(observation: observation)
    }

    /// The text as a thought, without the label `Thought:`; nil when nothing is left.
    public static func thought(in text: String) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let body = trimmed.hasPrefix("Thought:") ? String(trimmed.dropFirst("Thought:".count)) : trimmed
        let thought = body.trimmingCharacters(in: .whitespacesAndNewlines)
        return thought.isEmpty ? nil : thought
    }

    /// What follows a mark, without white space around it; nil when the mark is missing.
    static func after(_ mark: String, in text: String) -> String? {
        guard let range = text.range(of: mark) else { return nil }
        return text[range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The words of a text with single spaces between them.
    public static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// The beginning of the first line, as a diagnosis quotes it.
    public static func firstLine(_ text: String) -> String {
        String(text.prefix { $0 != "\n" }.prefix(80))
    }
}
