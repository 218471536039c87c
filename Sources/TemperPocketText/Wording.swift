/// A sentence with slots, such as `{s} was born in {o}.` Where texts are drawn at random (``phrase(_:_:using:)``), `<a|b>` is one of
/// several wordings, not nested, and the slots are those of ``Slots``.
package struct Wording: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text(String)
        case slot(Character)
    }

    /// The sentence as written in the table.
    package let pattern: String
    private let pieces: [Piece]

    package init(_ pattern: String) {
        self.pattern = pattern
        var pieces: [Piece] = []
        for (index, part) in pattern.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            if index == 0 {
                pieces.append(.text(String(part)))
            } else {
                if let slot = part.first { pieces.append(.slot(slot)) }
                pieces.append(.text(String(part.dropFirst(2))))
            }
        }
        self.pieces = pieces.filter { $0 != .text("") }
    }

    /// Fills the slots; the closure is told whether a slot starts the sentence. A sentence's first letter becomes a capital.
    package func filled(isSentence: Bool = true, _ value: (_ slot: Character, _ startsSentence: Bool) -> String) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .slot(let slot): text += value(slot, text.isEmpty)
            }
        }
        return isSentence ? text.prefix(1).uppercased() + text.dropFirst() : text
    }

    /// Fills the slots from a list; what is not listed is a bug.
    package func filled(isSentence: Bool = true, _ values: [Character: String]) -> String {
        filled(isSentence: isSentence) { slot, _ in
            guard let value = values[slot] else { preconditionFailure("no value for {\(slot)} in '\(pattern)'") }
            return value
        }
    }
}
