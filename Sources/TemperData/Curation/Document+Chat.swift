import TemperCore
import TemperTokenizers

extension Document {
    /// Whether it is more than texts of speakers.
    var isStructured: Bool { tools != nil || messages.contains { $0.isStructured } }

    /// As templates read it.
    var chat: TemplateChat { TemplateChat(messages.map(\.chatMessage), tools: tools) }

    /// All that it shows, for comparing documents.
    var content: [String] {
        messages.flatMap { [$0.text, $0.reasoning ?? ""] + ($0.calls ?? []).flatMap { [$0.name, $0.arguments] } } + [tools ?? ""]
    }

    /// The document as nothing but texts: functions, calls, results and reasoning in ``ToolWords``, for formats that know no others.
    ///
    /// - Throws: ``TemperError`` with code `data` for tools that are no JSON list.
    func worded() throws -> Document {
        guard isStructured else { return self }
        var document = self
        document.tools = nil
        document.messages = try chat.ordered.worded().messages.map { worded in
            let given = messages[worded.source]
            var message = Message(
                role: worded.role == .assistant ? .assistant : worded.role == .system ? .system : .user, spans: [])
            if message.role == .assistant, given.calls == nil, given.reasoning == nil {
                message.spans = given.spans
            } else {
                let last = message.role == .assistant ? given.spans.last : nil
                message.spans = [
                    Span(
                        worded.text, by: worded.spans.last?.author ?? .instruction, train: last?.train ?? false,
                        weight: last?.weight ?? 1)
                ]
            }
            return message
        }
        return document
    }

    /// With spans joined that are alike, since the server knows whole texts.
    var joiningSpans: Document {
        var document = self
        for index in messages.indices {
            var spans: [Span] = []
            for span in messages[index].spans {
                if let last = spans.last, (last.author, last.train, last.weight) == (span.author, span.train, span.weight) {
                    spans[spans.count - 1].text += span.text
                } else {
                    spans.append(span)
                }
            }
            document.messages[index].spans = spans
        }
        return document
    }

    /// Up to a reply, of which alone is learnt.
    func only(reply: Int) -> Document {
        var document = self
        document.messages.removeSubrange((reply + 1)...)
        for message in 0..<reply {
            for span in document.messages[message].spans.indices { document.messages[message].spans[span].train = false }
        }
        let replies = messages[..<reply].count { $0.role == .assistant && $0.spans.contains { $0.author != .demonstration } }
        document.provenance.call = provenance.call ?? replies
        return document
    }
}

extension Document.Message {
    var isStructured: Bool { calls != nil || result != nil || reasoning != nil || name != nil }

    var chatMessage: TemplateChat.Message {
        let role: TemplateChat.Role =
            switch self.role {
            case .system: .system
            case .user: result == nil ? .user : .tool
            case .assistant: .assistant
            }
        var message = TemplateChat.Message(role, spans.map { Span($0.text, by: $0.author) })
        message.isNull = isNull ?? false
        message.calls = calls ?? []
        message.callID = result?.callID
        message.name = result?.name ?? name
        message.reasoning = reasoning
        return message
    }
}
