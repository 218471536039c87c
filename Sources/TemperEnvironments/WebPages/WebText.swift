import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's Mind2Web tasks.
    package static let web = TurnFormat("web", WebText.self)
}

/// The words of AgentBench's Mind2Web tasks: `Thought: …\nAnswer: C.\nAction: SELECT\nValue: Pickup`.
///
/// A reply is read by the benchmark's three expressions, each where it first fits: `Answer: (A|B|C|D|E|F)`,
/// `Action: (CLICK|SELECT|TYPE)`, `Value: (.*)$`. What does not fit is missing, never a retry: without an answer it is A, none of
/// the above; the diagnosis names the fault beside the action. The action is `choose[C SELECT Pickup]` (``WebChoice``); an
/// observation has no label.
enum WebText: TurnFormatText {
    static let stopStrings = [TurnText.observationMark, "\nPage:"]
    static let expectation =
        "Write one line 'Thought: …', one line 'Answer: ' and a letter, and unless it is A one line 'Action: ' and CLICK, SELECT or "
        + "TYPE and, for these two, one line 'Value: …'."

    static func read(_ text: String) -> TurnText.Reading {
        let answer = first(of: WebChoice.letters.map(String.init), after: "Answer: ", in: text)
        let operation = first(of: WebChoice.operations, after: "Action: ", in: text)
        let head = text.range(of: "Answer: ").map { String(text[..<$0.lowerBound]) } ?? text
        let choice = WebChoice(letter: answer.flatMap(\.first) ?? "A", operation: operation ?? "", value: value(in: text))
        var reading = TurnText.Reading(thought: TurnText.thought(in: head), action: choice.action)
        if answer == nil {
            reading.action = WebChoice(letter: "A").action
            reading.diagnosis = "There is no 'Answer: ' with a letter of A to F, which counts as A. \(expectation)"
        } else if operation == nil, answer != "A" {
            reading.diagnosis = "There is no 'Action: ' with CLICK, SELECT or TYPE. \(expectation)"
        }
        return reading
    }

    static func write(thought: String?, action: Action) -> String {
        guard let choice = WebChoice(action) else { return ReActText.write(thought: thought, action: action) }
        guard let thought, !thought.isEmpty else { return choice.text }
        return "Thought: \(thought)\n\(choice.text)"
    }

    static func write(observation: String) -> String { observation }

    /// The first place where one of the words follows the label.
    private static func first(of words: [String], after label: String, in text: String) -> String? {
        var rest = Substring(text)
        while let range = rest.range(of: label) {
            rest = rest[range.upperBound...]
            if let word = words.first(where: { rest.hasPrefix($0) }) { return word }
        }
        return nil
    }

    private static func value(in text: String) -> String {
        guard let range = text.range(of: "Value: ") else { return "" }
        return text[range.upperBound...].prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
    }
}
