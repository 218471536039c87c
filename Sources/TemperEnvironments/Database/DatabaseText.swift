import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's database tasks.
    package static let database = TurnFormat("database", DatabaseText.self)
}

/// The words of AgentBench's database tasks (agentbench v0.2, dbbench), in which an observation is the bare result:
/// ```
/// The thought, any text.
/// Action: Operation
/// ```sql
/// SELECT * FROM staff;
/// ```
///
/// Action: Answer
/// Final Answer: ["Ann", "Bob"]
/// ```
/// They become the actions `sql[…]` (the first block, on one line) and `answer[…]`. As in AgentBench, `Final Answer:` counts without
/// `Action: Answer` before it; other than there, white space around the words and at the end of the block does not matter.
enum DatabaseText: TurnFormatText {
    static let stopStrings: [String] = []
    static let expectation =
        "Write 'Action: Operation' and one SQL statement in a ```sql block, or 'Action: Answer' and a line 'Final Answer: [\"…\"]'."

    static func read(_ text: String) -> TurnText.Reading {
        let lines = text.components(separatedBy: "\n")
        let isAnswerLine = { (line: String) in line.hasPrefix("Final Answer:") }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("Action:") }) ?? lines.firstIndex(where: isAnswerLine) else {
            return TurnText.Reading(thought: TurnText.thought(in: text), diagnosis: "There is no 'Action:' line. \(expectation)")
        }
        let thought = TurnText.thought(in: lines[..<start].joined(separator: "\n"))
        let rest = lines[start...]
        let word = lines[start].dropFirst("Action:".count).trimmingCharacters(in: .whitespaces)
        if word.lowercased() == "operation" {
            return operation(rest.dropFirst().joined(separator: "\n"), thought)
        }
        if let line = rest.first(where: isAnswerLine), isAnswerLine(lines[start]) || word.lowercased() == "answer" {
            let answer = line.dropFirst("Final Answer:".count).trimmingCharacters(in: .whitespaces)
            return TurnText.Reading(thought: thought, action: Action("answer", answer))
        }
        if word.lowercased() == "answer" {
            return TurnText.Reading(thought: thought, diagnosis: "There is no line 'Final Answer: '. \(expectation)")
        }
        let general = ReActText.read(rest.joined(separator: "\n"))
        if let action = general.action { return TurnText.Reading(thought: thought, action: action) }
        return TurnText.Reading(
            thought: thought, diagnosis: "'\(TurnText.firstLine(word))' is neither Operation nor Answer. \(expectation)")
    }

    static func write(thought: String?, action: Action) -> String {
        let lead = thought.map { $0.isEmpty ? "" : $0 + "\n" } ?? ""
        switch action.name {
        case "sql": return "\(lead)Action: Operation\n```sql\n\(action.argument)\n```"
        case "answer": return "\(lead)Action: Answer\nFinal Answer: \(onOneLine(action.argument))"
        default: return "\(lead)Action: \(action.text)"
        }
    }

    static func write(observation: String) -> String { observation }

    private static func operation(_ text: String, _ thought: String?) -> TurnText.Reading {
        guard let open = text.range(of: "```") else {
            return TurnText.Reading(thought: thought, diagnosis: "There is no ```sql block. \(expectation)")
        }
        guard let close = text[open.upperBound...].range(of: "```") else {
            return TurnText.Reading(thought: thought, diagnosis: "The ```sql block is not closed. \(expectation)")
        }
        var block = text[open.upperBound..<close.lowerBound]
        let language = block.prefix { !$0.isWhitespace }
        if ["sql", "sqlite", "mysql"].contains(language.lowercased()) { block = block.dropFirst(language.count) }
        return TurnText.Reading(thought: thought, action: Action("sql", onOneLine(String(block))))
    }

    private static func onOneLine(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("\r\n", with: " ").replacing("\n", with: " ")
    }
}
