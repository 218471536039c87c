package import TemperCore

/// A choice among the elements of a page, and what to do with the chosen one.
package struct WebChoice: Sendable, Hashable {
    package static let actionName = "choose"
    /// A stands for none of the elements.
    package static let letters: [Character] = ["A", "B", "C", "D", "E", "F"]
    package static let operations = ["CLICK", "SELECT", "TYPE"]

    package var letter: Character
    /// One of ``operations``; empty when the reply named none.
    package var operation: String
    /// What to type or select; empty for a click.
    package var value: String

    package init(letter: Character, operation: String = "", value: String = "") {
        self.letter = letter
        self.operation = operation
        self.value = value
    }

    /// Reads `choose[C SELECT Pickup]`; nil for another action. A missing operation is written `-`.
    package init?(_ action: Action) {
        let words = action.argument.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard action.name == Self.actionName, let first = words.first, first.count == 1, let letter = first.first,
            Self.letters.contains(letter)
        else { return nil }
        let operation = words.count > 1 ? String(words[1]) : ""
        guard Self.operations.contains(operation) || ["", "-"].contains(operation) else { return nil }
        self.init(letter: letter, operation: operation == "-" ? "" : operation, value: words.count > 2 ? String(words[2]) : "")
    }

    package var action: Action {
        let parts = [String(letter), operation.isEmpty && !value.isEmpty ? "-" : operation, value]
        return Action(Self.actionName, parts.filter { !$0.isEmpty }.joined(separator: " "))
    }

    /// The lines of a reply after its thought.
    package var text: String {
        var text = "Answer: \(letter)."
        if !operation.isEmpty { text += "\nAction: \(operation)" }
        if !value.isEmpty { text += "\nValue: \(value)" }
        return text
    }
}
