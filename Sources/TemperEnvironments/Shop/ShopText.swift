import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's WebShop tasks.
    package static let shop = TurnFormat("shop", ShopText.self)
}

/// The words of AgentBench's WebShop tasks (Liu et al. 2023, `webshop` task):
/// ```
/// Thought:
/// …
///
/// Action:
/// search[…] or click[…]
/// ```
/// and `Observation:\n…`.
///
/// AgentBench takes the first match of `[Aa]ction: *\n* *((search|click)\[.+?])`. Read here is what that finds, and two things
/// more: another action name (the environment then says that it has no such action), and nested brackets inside the argument,
/// since names of options hold some.
enum ShopText: TurnFormatText {
    static let stopStrings = ["\nObservation:"]
    static let expectation = "Write 'Thought:' and what you think, then 'Action:' and search[keywords] or click[value]."

    static func write(thought: String?, action: Action) -> String {
        guard let thought, !thought.isEmpty else { return "Action:\n\(action.text)" }
        return "Thought:\n\(thought)\n\nAction:\n\(action.text)"
    }

    static func write(observation: String) -> String { "Observation:\n\(observation)" }

    static func read(_ text: String) -> TurnText.Reading {
        var rest = text[...]
        while let label = nextLabel(in: rest) {
            rest = rest[label.upperBound...]
            if let action = action(at: rest) {
                return TurnText.Reading(thought: TurnText.thought(in: String(text[..<label.lowerBound])), action: action)
            }
        }
        return TurnText.Reading(thought: TurnText.thought(in: text), diagnosis: "There is no action to read. \(expectation)")
    }

    private static func nextLabel(in text: Substring) -> Range<String.Index>? {
        [text.range(of: "Action:"), text.range(of: "action:")].compactMap { $0 }.min { $0.lowerBound < $1.lowerBound }
    }

    /// The action that starts here, after spaces and line ends.
    private static func action(at text: Substring) -> Action? {
        let body = text.drop { $0 == " " || $0.isNewline }
        let line = body.prefix { !$0.isNewline }
        guard let open = line.firstIndex(of: "[") else { return nil }
        let name = line[..<open]
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0 == "_" }) else { return nil }
        let argument = line[line.index(after: open)...]
        guard let close = closingBracket(of: argument) ?? argument.firstIndex(of: "]") else { return nil }
        return Action(String(name), String(argument[..<close]))
    }

    /// The bracket that closes the one before `text`.
    private static func closingBracket(of text: Substring) -> String.Index? {
        var depth = 1
        for index in text.indices {
            if text[index] == "[" { depth += 1 }
            if text[index] == "]" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }
}
