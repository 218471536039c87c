import Foundation
import TemperCore

/// A chat as a file gives it, before it is checked and mended.
struct Chat: Sendable {
    struct Turn: Sendable, Hashable {
        var role: Role
        var text: String
        /// Whether the reply is learnt.
        var isTrained = false
        var weight = 1.0
        var author: Author

        init(_ role: Role, _ text: String, isTrained: Bool = false, weight: Double = 1, author: Author? = nil) {
            self.role = role
            self.text = text
            self.isTrained = isTrained
            self.weight = weight
            self.author = author ?? (role == .assistant ? .teacher : .instruction)
        }
    }

    /// The record's own name.
    var id: String?
    var turns: [Turn]

    /// The chat as a line of a dataset, mended where it can be.
    ///
    /// - Parameter number: tells records of one id apart.
    /// - Returns: the document, and what was mended.
    /// - Throws: ``RecordFault`` when there is nothing to learn from it.
    func document(source: String, number: Int) throws -> (document: Document, found: [String]) {
        let (messages, found) = try mended()
        guard messages.contains(where: { $0.spans.contains(where: \.train) }) else { throw RecordFault("no turn is trained") }
        let name = id ?? "record-" + number.padded(5)
        return (
            Document(
                messages: messages, provenance: Document.Provenance(run: "", source: source, number: number, id: name)), found
        )
    }

    /// The chat in the order every template has a place for: perhaps a system message, then user and assistant in turn, an
    /// assistant last.
    private func mended() throws -> (messages: [Document.Message], found: [String]) {
        var messages: [Document.Message] = []
        var found: [String] = []
        func note(_ reason: String) { if !found.contains(reason) { found.append(reason) } }
        for turn in turns {
            let span = Document.Span(turn.text, by: turn.author, train: turn.isTrained, weight: turn.weight)
            if turn.text.allSatisfy(\.isWhitespace) {
                note("an empty turn, left out")
            } else if turn.role == .assistant, !messages.contains(where: { $0.role == .user }) {
                note("a reply before any question, left out")
            } else if turn.role == .system, !messages.isEmpty {
                note("a system message after the first, left out")
            } else if let last = messages.last, last.role == turn.role {
                let isToolAnswer = turn.author == .environment && last.spans.last?.author == .environment
                if !isToolAnswer { note("two turns of one role in a row, joined") }
                var joint = span
                joint.text = (isToolAnswer ? "\n" : "\n\n") + joint.text
                messages[messages.count - 1].spans.append(joint)
            } else {
                messages.append(Document.Message(role: turn.role, spans: [span]))
            }
        }
        if let last = messages.last, last.role == .user {
            note("a question without a reply at the end, left out")
            messages.removeLast()
        }
        guard messages.contains(where: { $0.role == .assistant }) else { throw RecordFault("the conversation has no reply") }
        return (messages, found)
    }
}
