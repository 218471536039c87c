import Foundation
import TemperCore

/// A message of OpenAI's chat format.
struct ChatMessage: Codable, Sendable {
    var role: String
    var content: String

    init(role: String, content: String) {
        self.role = role
        self.content = content
    }

    init(_ value: JSONValue) throws {
        guard let role = value["role"]?.string, let content = value["content"]?.string else {
            throw RecordFault("a message has no text 'role' or 'content'")
        }
        self.role = role
        self.content = content
    }

    /// The question and the replies with their observations of one of FireAct's chats.
    ///
    /// A worked example may stand before the question: the episode begins after the last user message that is not an
    /// observation.
    static func episode(_ messages: [ChatMessage]) throws -> (question: String, pairs: [(reply: String, observation: String?)]) {
        let mark = "Observation:"
        guard let start = messages.lastIndex(where: { $0.role == "user" && !$0.content.hasPrefix(mark) }) else {
            throw RecordFault("the chat has no question")
        }
        var pairs: [(reply: String, observation: String?)] = []
        for message in messages[(start + 1)...] {
            switch message.role {
            case "assistant": pairs.append((message.content, nil))
            case "user" where !pairs.isEmpty:
                let text = message.content.dropFirst(mark.count)
                pairs[pairs.count - 1].observation = String(text.hasPrefix(" ") ? text.dropFirst() : text)
            default: throw RecordFault("a message of role '\(message.role)' stands where a reply or an observation belongs")
            }
        }
        guard !pairs.isEmpty else { throw RecordFault("the chat has no reply") }
        return (messages[start].content, pairs)
    }
}
