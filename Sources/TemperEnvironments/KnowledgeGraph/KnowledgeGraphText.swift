import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's knowledge-graph tasks.
    package static let knowledgeGraph = TurnFormat("knowledge_graph", KnowledgeGraphText.self)
}

/// The words of AgentBench's knowledge-graph tasks (Liu et al. 2023):
/// ```
/// Thought: …\nAction: get_neighbors(Kerosene, automotive.fuel.engines)      Action("get_neighbors", "Kerosene, automotive.fuel.engines")
/// Thought: …\nFinal Answer: #3                                              Action("answer", "#3")
/// ```
/// As there, a final answer counts wherever it is, the first line that starts with `Action` and has a colon is the action, and
/// one call of it is carried out. Unlike there, brackets inside a name are matched, so that `Mercury (planet)` is one argument.
enum KnowledgeGraphText: TurnFormatText {
    static let stopStrings = [TurnText.observationMark]
    static let expectation =
        "Write one line 'Thought: …' and one line 'Action: tool(arguments)', or 'Final Answer: #id' when a variable is the answer."

    private static let tools: Set<Substring> = [
        "get_relations", "get_neighbors", "intersection", "union", "get_attributes", "argmax", "argmin", "count",
    ]

    static func write(thought: String?, action: Action) -> String {
        let call = action.name == "answer" ? "Final Answer: \(action.argument)" : "Action: \(action.name)(\(action.argument))"
        guard let thought, !thought.isEmpty else { return call }
        return "Thought: \(thought)\n\(call)"
    }

    /// Results carry the label `Observation: `, corrections have none, as in the benchmark.
    static func write(observation: String) -> String {
        observation.hasPrefix("variable #") || observation.hasPrefix("[") ? "Observation: \(observation)" : observation
    }

    static func read(_ reply: String) -> TurnText.Reading {
        let text = reply.components(separatedBy: "Observation:")[0].replacing("\\_", with: "_")
        if let (start, number) = finalAnswer(in: text) {
            return TurnText.Reading(thought: TurnText.thought(in: String(text[..<start])), action: Action("answer", "#\(number)"))
        }
        let lines = text.components(separatedBy: "\n")
        guard let index = lines.firstIndex(where: { $0.hasPrefix("Action") && $0.contains(":") }) else {
            return TurnText.Reading(
                thought: TurnText.thought(in: text),
                diagnosis: "No executable function found! Need to recheck the action. \(expectation)")
        }
        let thought = TurnText.thought(in: lines[..<index].joined(separator: "\n"))
        let line = lines[index]
        let calls = calls(in: line)
        guard let call = calls.first(where: { tools.contains($0.name) }) ?? calls.first else {
            return TurnText.Reading(thought: thought, diagnosis: "Function is not executed! \(expectation)")
        }
        guard let close = closingBracket(of: line, openedAt: call.open) else {
            return TurnText.Reading(
                thought: thought,
                diagnosis: "I may make a syntax error when calling \(call.name) (e.g., unmatched parenthesis). "
                    + "I need to fix it and reuse the tool")
        }
        let argument = line[line.index(after: call.open)..<close].trimmingCharacters(in: .whitespaces)
        return TurnText.Reading(thought: thought, action: Action(String(call.name), argument))
    }

    /// Where `Final Answer: #n` (or `Find Answer: #n`) first appears, and n.
    private static func finalAnswer(in text: String) -> (String.Index, Substring)? {
        var rest = text[...]
        while let mark = rest.range(of: " Answer: #") {
            let number = rest[mark.upperBound...].prefix { $0.isASCII && $0.isNumber }
            if let word = ["Final", "Find"].first(where: { text[..<mark.lowerBound].hasSuffix($0) }), !number.isEmpty {
                return (text.index(mark.lowerBound, offsetBy: -word.count), number)
            }
            rest = rest[mark.upperBound...]
        }
        return nil
    }

    /// Every `word(` of a line.
    private static func calls(in line: String) -> [(name: Substring, open: String.Index)] {
        line.indices.compactMap { index in
            guard line[index] == "(" else { return nil }
            let name = Substring(
                line[..<index].reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed().map { $0 }[...])
            return name.isEmpty ? nil : (name, index)
        }
    }

    /// The bracket that closes the one at `open`; the first one after it when they do not pair up.
    private static func closingBracket(of line: String, openedAt open: String.Index) -> String.Index? {
        var depth = 0
        for index in line[open...].indices {
            if line[index] == "(" { depth += 1 }
            if line[index] == ")" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return line[open...].firstIndex(of: ")")
    }
}
