import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's ALFWorld tasks.
    package static let household = TurnFormat("household", HouseholdText.self)
}

/// The words of AgentBench's ALFWorld tasks: `THOUGHT: …\nACTION: go to cabinet 1`, or the action alone; observations have no label.
///
/// The action of every turn is `act[command]`. Of what follows `ACTION:` the first line counts, as in AgentBench. A reply in
/// ReAct's words is read too, since curation may unify all suites to them.
enum HouseholdText: TurnFormatText {
    static let actionName = "act"
    static let stopStrings = [TurnText.observationMark]
    static let expectation = "Write 'THOUGHT: ' and your thought, then on a new line 'ACTION: ' and one command."

    static func read(_ text: String) -> TurnText.Reading {
        for mark in ["ACTION:", "\nAction:"] {
            guard let range = ("\n" + text).range(of: mark) else { continue }
            let unified = ReActText.read(text)
            if mark == "\nAction:", unified.action != nil { return unified }
            let thought = thought(in: String(("\n" + text)[..<range.lowerBound]))
            let rest = ("\n" + text)[range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
            let command = rest.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
            guard !command.isEmpty else {
                return TurnText.Reading(thought: thought, diagnosis: "There is no command after 'ACTION:'. \(expectation)")
            }
            return TurnText.Reading(thought: thought, action: Action(actionName, command))
        }
        return TurnText.Reading(thought: thought(in: text), diagnosis: "There is no 'ACTION:'. \(expectation)")
    }

    static func write(thought: String?, action: Action) -> String {
        let command = action.name == actionName ? action.argument : action.text
        guard let thought, !thought.isEmpty else { return "ACTION: \(command)" }
        return "THOUGHT: \(thought)\nACTION: \(command)"
    }

    static func write(observation: String) -> String { observation }

    private static func thought(in text: String) -> String? {
        let body = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let mark = "THOUGHT:"
        return TurnText.thought(in: body.hasPrefix(mark) ? String(body.dropFirst(mark.count)) : body)
    }
}
