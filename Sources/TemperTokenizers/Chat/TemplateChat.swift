package import TemperCore

/// A chat with everything that model templates read: functions, calls, results by id, reasoning, names.
///
/// The one value that curation renders for training and that the server renders for a reply
/// (``ChatTemplate/prompt(_:tokenizer:)``, ``ChatTemplate/training(_:trained:cut:tokenizer:)``). Functions and arguments are kept
/// as the text that they came in, byte for byte.
package struct TemplateChat: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable {
        case system, user, assistant, tool
    }

    /// A call of a function.
    package struct Call: Codable, Sendable, Hashable {
        /// Nil where the source has none.
        package var id: String?
        package var name: String
        /// JSON, if whoever wrote the call wrote it well.
        package var arguments: String

        package init(id: String?, name: String, arguments: String) {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    package struct Message: Sendable, Hashable {
        package var role: Role
        package var spans: [Span]
        /// The source says `null` or nothing, which some templates tell from an empty text. Counts beside calls only.
        package var isNull = false
        package var calls: [Call] = []
        /// The call that a result answers.
        package var callID: String?
        /// Of a person or a function.
        package var name: String?
        /// What was thought before the reply.
        package var reasoning: String?
        /// Where the message stands in the chat it was made from; messages that were added have the position of the next.
        package var source = 0

        package init(_ role: Role, _ spans: [Span]) {
            self.role = role
            self.spans = spans
        }

        package init(_ role: Role, _ text: String, by author: Author) { self.init(role, [Span(text, by: author)]) }

        package var text: String { spans.map(\.text).joined() }

        /// Whether there is nothing but text of a speaker that every template knows.
        var isPlain: Bool { role != .tool && calls.isEmpty && reasoning == nil && name == nil }
    }

    package var messages: [Message]
    /// A JSON list of function definitions as OpenAI has them; nil for none.
    package var tools: String?
    /// What the template is told of thinking, where it asks (`enable_thinking`); nil turns it off unless the reply has thoughts.
    package var thinks: Bool?

    /// Each message gets its position as its source.
    package init(_ messages: [Message], tools: String? = nil, thinks: Bool? = nil) {
        self.messages = messages
        self.tools = tools
        self.thinks = thinks
        for index in messages.indices { self.messages[index].source = index }
    }

    package init(_ messages: [TemperCore.Message]) {
        self.init(
            messages.map { message in
                let role: Role =
                    switch message.role {
                    case .system: .system
                    case .user: .user
                    case .assistant: .assistant
                    }
                return Message(role, message.spans)
            })
    }

    var isPlain: Bool { tools == nil && messages.allSatisfy(\.isPlain) }
    var hasCallsOrResults: Bool { messages.contains { $0.role == .tool || !$0.calls.isEmpty } }

    /// Up to a message, without it.
    func prefix(_ count: Int) -> TemplateChat {
        var chat = self
        chat.messages.removeSubrange(count...)
        return chat
    }

    /// The chat in the roles of plain messages.
    var plainMessages: [TemperCore.Message] {
        messages.map { message in
            let role: TemperCore.Role =
                switch message.role {
                case .system: .system
                case .user, .tool: .user
                case .assistant: .assistant
                }
            return TemperCore.Message(role, message.spans)
        }
    }
}
