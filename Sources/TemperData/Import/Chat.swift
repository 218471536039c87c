import Foundation
import TemperCore
import TemperTokenizers

/// A chat as a file gives it, before it is checked and mended.
struct Chat: Sendable {
    struct Turn: Sendable, Hashable {
        var role: Role
        var text: String
        /// Whether the reply is learnt.
        var isTrained = false
        var weight = 1.0
        var author: Author
        var calls: [TemplateChat.Call] = []
        /// Set when the turn is what a function gave back.
        var result: Document.ToolResult?
        var reasoning: String?
        /// The speaker's own name.
        var name: String?
        /// The file says null beside calls.
        var isNull = false

        init(_ role: Role, _ text: String, isTrained: Bool = false, weight: Double = 1, author: Author? = nil) {
            self.role = role
            self.text = text
            self.isTrained = isTrained
            self.weight = weight
            self.author = author ?? (role == .assistant ? .teacher : .instruction)
        }

        /// Whether it says nothing.
        var isEmpty: Bool { text.allSatisfy(\.isWhitespace) && calls.isEmpty && result == nil && reasoning == nil }

        /// - Parameter byDefault: whether a reply is learnt of which nothing is said.
        mutating func obey(_ mark: SourceFields.Mark, byDefault: Bool = true) {
            isTrained = role == .assistant && (mark.isTrained ?? byDefault)
            weight = mark.weight > 0 ? mark.weight : 1
        }

        var message: Document.Message {
            var message = Document.Message(
                role: role, spans: [Document.Span(text, by: author, train: isTrained, weight: weight)])
            message.calls = calls.isEmpty ? nil : calls
            message.result = result
            (message.reasoning, message.name) = (reasoning, name)
            message.isNull = isNull && !calls.isEmpty ? true : nil
            return message
        }
    }

    /// The record's own name.
    var id: String?
    var turns: [Turn]
    /// A JSON list of function definitions in OpenAI's form.
    var tools: String?
    /// What of the record was not understood, in words.
    var found: [String] = []

    /// The chat as a line of a dataset, mended where it can be.
    ///
    /// - Parameter number: tells records of one id apart.
    /// - Returns: the document, and what was mended or not understood.
    /// - Throws: ``RecordFault`` when there is nothing to learn from it, or calls and results do not fit each other.
    func document(source: String, number: Int) throws -> (document: Document, found: [String]) {
        let (messages, mended) = try mended()
        guard messages.contains(where: { $0.spans.contains(where: \.train) }) else { throw RecordFault("no turn is trained") }
        let name = id ?? "record-" + number.padded(5)
        var document = Document(
            messages: messages, provenance: Document.Provenance(run: "", source: source, number: number, id: name))
        document.tools = tools
        var kinds: [String] = []
        for reason in found + mended where !kinds.contains(reason) { kinds.append(reason) }
        return (document, kinds)
    }

    /// Marks of the whole record.
    mutating func obey(_ mark: SourceFields.Mark) {
        for index in turns.indices where turns[index].role == .assistant {
            if mark.isTrained == false { turns[index].isTrained = false }
            if mark.weight > 0 { turns[index].weight *= mark.weight }
        }
    }

    /// The chat in the order every template has a place for: perhaps a system message, then user (or results) and assistant in
    /// turn, an assistant last.
    private func mended() throws -> (messages: [Document.Message], found: [String]) {
        var messages: [Document.Message] = []
        var found: [String] = []
        for turn in turns {
            if turn.isEmpty {
                found.append("an empty turn, left out")
            } else if turn.role == .assistant, !messages.contains(where: { $0.role == .user }) {
                found.append("a reply before any question, left out")
            } else if turn.role == .system, !messages.isEmpty {
                found.append("a system message after the first, left out")
            } else if turn.result != nil {
                messages.append(turn.message)
                try requireCall(messages)
            } else if let last = messages.last, last.role == turn.role, last.result == nil {
                let isAnswer = turn.author == .environment && last.spans.last?.author == .environment
                if !isAnswer { found.append("two turns of one role in a row, joined") }
                messages[messages.count - 1].join(turn.message, by: isAnswer ? "\n" : "\n\n")
            } else {
                messages.append(turn.message)
            }
        }
        if let last = messages.last, last.role == .user {
            found.append("a question without a reply at the end, left out")
            while messages.last?.role == .user { messages.removeLast() }
        }
        guard messages.contains(where: { $0.role == .assistant }) else { throw RecordFault("the conversation has no reply") }
        return (messages, found)
    }

    /// Checks that the last message answers a call that no other answers.
    private func requireCall(_ messages: [Document.Message]) throws {
        let results = messages.reversed().prefix { $0.result != nil }.compactMap(\.result)
        let calls = messages.dropLast(results.count).last?.calls ?? []
        guard let last = results.first, results.count <= calls.count else {
            throw RecordFault(calls.isEmpty ? "a result answers no call" : "more results than calls")
        }
        guard let id = last.callID else { return }
        guard calls.contains(where: { $0.id == id || $0.id == nil }) else { throw RecordFault("a result answers no call") }
        guard results.count(where: { $0.callID == id }) == 1 else { throw RecordFault("two results for one call") }
    }
}

extension Document.Message {
    /// Another message of the same speaker that follows at once. Nothing of a message with calls or reasoning is learnt unless all is.
    fileprivate mutating func join(_ other: Document.Message, by separator: String) {
        var spans = other.spans
        if !text.isEmpty, !other.text.isEmpty { spans[0].text = separator + spans[0].text }
        self.spans += spans
        if let more = other.calls { calls = (calls ?? []) + more }
        if let more = other.reasoning { reasoning = [reasoning, more].compactMap { $0 }.joined(separator: "\n\n") }
        self.spans = self.spans.filter { !$0.text.isEmpty }.isEmpty ? [self.spans[0]] : self.spans.filter { !$0.text.isEmpty }
        if !text.isEmpty { isNull = nil }
        guard calls != nil || reasoning != nil else { return }
        let all = (self.spans + spans)
        let isTrained = all.allSatisfy(\.train)
        for index in self.spans.indices { (self.spans[index].train, self.spans[index].weight) = (isTrained, all[0].weight) }
    }
}
