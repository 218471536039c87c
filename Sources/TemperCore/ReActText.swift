import Foundation

/// `Thought: …\nAction: name[argument]` and `Observation: …` (FireAct, Chen et al. 2023, section 3).
package enum ReActText: TurnFormatText {
    package static let stopStrings = [TurnText.observationMark]
    package static let expectation = "Write one line 'Thought: …' and one line 'Action: name[argument]'."

    package static func write(thought: String?, action: Action) -> String {
        guard let thought, !thought.isEmpty else { return "Action: \(action.text)" }
        return "Thought: \(thought)\nAction: \(action.text)"
    }

    package static func write(observation: String) -> String { "Observation: \(observation)" }

    package static func read(_ text: String) -> TurnText.Reading {
        let lines = text.components(separatedBy: "\n")
        guard let start = lines.firstIndex(where: { $0.hasPrefix("Action:") }) else {
            return TurnText.Reading(thought: TurnText.thought(in: text), diagnosis: "There is no 'Action:' line. \(expectation)")
        }
        let thought = TurnText.thought(in: lines[..<start].joined(separator: "\n"))
        let rest = lines[start...].joined(separator: "\n").dropFirst("Action:".count)
        let action = rest.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let open = action.firstIndex(of: "[") else {
            return TurnText.Reading(
                thought: thought, diagnosis: "The action '\(TurnText.firstLine(action))' has no '['. \(expectation)")
        }
        let name = action[..<open].trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
            return TurnText.Reading(
                thought: thought, diagnosis: "'\(TurnText.firstLine(name))' is not the name of an action. \(expectation)")
        }
        guard let close = closingBracket(of: action, openedAt: open) else {
            return TurnText.Reading(
                thought: thought, diagnosis: "The action '\(TurnText.firstLine(action))' has no closing ']'. \(expectation)")
        }
        let argument = String(action[action.index(after: open)..<close])
        return TurnText.Reading(thought: thought, action: Action(name, argument))
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
}
