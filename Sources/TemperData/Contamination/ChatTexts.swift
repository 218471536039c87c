import Foundation
import TemperCore

/// Who says what in a record of a chat, told from the names that formats of chats use, so that a chat is compared alike in each.
///
/// A turn is any object, however deep, with a speaker (`role`, `from`, `source`, `speaker`, `sender` or `type`) and a text
/// (`content`, `value`, `message`, `text`, `parts` or `spans`, each a text or a list of parts).
struct ChatTexts {
    /// What the user says, a text a turn, in order.
    private(set) var asked: [String] = []
    /// What tools and environments say: turns of a tool, results among the parts of a turn, and what a user's turn labels
    /// `Observation:` after the first.
    private(set) var observations: [String] = []
    /// The last reply.
    private(set) var answer: String?

    private static let deepest = 24
    private static let speakerKeys = ["role", "from", "source", "speaker", "sender", "type"]
    private static let textKeys = ["content", "value", "message", "text", "parts", "spans", "utterance"]
    /// What is no part of a conversation, though it may look like one.
    private static let skippedKeys: Set<String> = ["tools", "functions", "tool_calls", "metadata", "provenance"]

    private enum Speaker { case user, assistant, tool }
    private static let speakers: [String: Speaker] = [
        "user": .user, "human": .user, "prompter": .user, "customer": .user, "assistant": .assistant, "gpt": .assistant,
        "agent": .assistant, "model": .assistant, "bot": .assistant, "chatgpt": .assistant, "tool": .tool, "function": .tool,
        "observation": .tool, "environment": .tool, "ipython": .tool, "tool_response": .tool, "function_call_output": .tool,
    ]

    init() {}

    init(_ record: JSONValue) {
        walk(record, depth: 0)
        readPairs(record)
    }

    /// One more text of the user.
    mutating func ask(_ text: String) {
        if let seen = Observation.text(of: text), !asked.isEmpty { observations.append(seen) } else { asked.append(text) }
    }

    private mutating func walk(_ value: JSONValue, depth: Int) {
        guard depth < Self.deepest else { return }
        switch value {
        case .array(let items):
            for item in items { walk(item, depth: depth + 1) }
        case .object(let fields):
            if readTurn(fields) { return }
            for key in fields.keys.sorted() where !Self.skippedKeys.contains(key) {
                fields[key].map { walk($0, depth: depth + 1) }
            }
        default: break
        }
    }

    /// - Returns: whether the object is a turn.
    private mutating func readTurn(_ fields: [String: JSONValue]) -> Bool {
        let names = Self.speakerKeys.lazy.compactMap { fields[$0]?.string }
        var speaker = names.compactMap { Self.speakers[$0.lowercased()] }.first
        if speaker == nil, let name = fields["author"]?["role"]?.string { speaker = Self.speakers[name.lowercased()] }
        guard var speaker else { return false }
        if fields["observation"]?.string != nil { speaker = .tool }
        let keys = speaker == .tool ? Self.textKeys + ["output", "result"] : Self.textKeys
        guard let value = keys.lazy.compactMap({ fields[$0] }).first(where: { $0.string != nil || $0.array != nil }) else {
            // `{"author": …, "content": {"parts": […]}}`
            guard let parts = fields["content"]?["parts"] else { return false }
            add(text(of: parts), speaker)
            return true
        }
        add(text(of: value), speaker)
        for result in fields["observation"]?["results"]?.array ?? [] {
            if let seen = result["content"].flatMap({ text(of: $0) }) { observations.append(seen) }
        }
        return true
    }

    private mutating func add(_ text: String?, _ speaker: Speaker) {
        guard let text, !text.isEmpty else { return }
        switch speaker {
        case .user: ask(text)
        case .assistant: answer = text
        case .tool: observations.append(text)
        }
    }

    /// The text of a turn's parts together; parts that hold what a tool returned are observations.
    private mutating func text(of value: JSONValue) -> String? {
        if let text = value.string { return text }
        var texts: [String] = []
        for part in value.array ?? [] {
            let text = part.string ?? (part["text"] ?? part["content"])?.string
            if part["author"]?.string == Author.demonstration.rawValue { continue }
            if part["type"]?.string == "tool_result" || part["author"]?.string == Author.environment.rawValue {
                if let seen = text ?? part["content"].flatMap({ self.text(of: $0) }) {
                    observations.append(Observation.text(of: seen) ?? seen)
                }
            } else if let text {
                texts.append(text)
            }
        }
        return texts.isEmpty ? nil : texts.joined()
    }

    /// Turns without speakers: UltraChat's `data`, LLaMA-Factory's `history`, Glaive's `chat`.
    private mutating func readPairs(_ record: JSONValue) {
        for (index, text) in (record["data"]?.array ?? []).enumerated() {
            if let text = text.string { add(text, index % 2 == 0 ? .user : .assistant) }
        }
        for pair in record["history"]?.array ?? [] {
            if let text = pair.array?.first?.string { add(text, .user) }
        }
        var speaker: Speaker?
        var said: [String] = []
        func flush() {
            if let speaker { add(said.joined(separator: "\n"), speaker) }
            said = []
        }
        for line in record["chat"]?.string?.components(separatedBy: "\n") ?? [] {
            let labels: [(String, Speaker)] = [("USER:", .user), ("ASSISTANT:", .assistant), ("FUNCTION RESPONSE:", .tool)]
            if let (label, next) = labels.first(where: { line.hasPrefix($0.0) }) {
                flush()
                speaker = next
                said = [String(line.dropFirst(label.count))]
            } else {
                said.append(line)
            }
        }
        flush()
    }
}

/// How a chat marks what an environment says in the user's place.
enum Observation {
    static let label = "Observation:"

    /// The text after the label; nil where there is none.
    static func text(of turn: String) -> String? {
        guard turn.hasPrefix(label) else { return nil }
        return String(turn.dropFirst(label.count).drop { $0 == " " })
    }
}

extension Document {
    /// What the user says, a text a message: what is compared with test instructions. Observations and demonstrations are no part
    /// of it, as in ``ChatTexts``.
    var askedTexts: [String] {
        var texts = ChatTexts()
        for message in messages where message.role == .user {
            let own = message.spans.filter { $0.author != .environment && $0.author != .demonstration }.map(\.text).joined()
            if !own.isEmpty { texts.ask(own) }
        }
        return texts.asked
    }
}
