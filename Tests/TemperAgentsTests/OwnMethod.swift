import Foundation
import TemperCore

/// A method that Temper does not have: `I look. (echo "a")`, answered by `=> a`.
struct OwnMethod: MethodText {
    let name = "calls"
    let summary = "calls in brackets"

    func expectation(_ format: TurnFormat) -> String { "Write (name \"argument\")." }
    func stopStrings(_ format: TurnFormat) -> [String] { ["\n=>"] }

    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading {
        guard let match = text.firstMatch(of: /\(([a-z]+) "(.*)"\)$/) else {
            return TurnText.Reading(thought: text, diagnosis: "There is no call. \(expectation(format))")
        }
        let thought = text[..<match.range.lowerBound].trimmingCharacters(in: .whitespaces)
        return TurnText.Reading(thought: thought.isEmpty ? nil : thought, action: Action(String(match.1), String(match.2)))
    }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        (thought.map { $0 + " " } ?? "") + "(\(action.name) \"\(action.argument)\")"
    }

    func write(observation: String, _ format: TurnFormat) -> String { "=> " + observation }
    func instruction(_ instruction: String) -> String { instruction + " In brackets." }
    func maximumCalls(turns maximumTurns: Int) -> Int { min(2, maximumTurns) }
}
