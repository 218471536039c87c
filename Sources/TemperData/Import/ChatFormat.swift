import Foundation
import TemperCore

/// A format of conversations: AgentInstruct's, ShareGPT's, OpenAI's, Alpaca's, UltraChat's.
///
/// Each record becomes one ``Document``. Replies are by ``Author/teacher``; which of them are learnt, the record says or else all
/// are. A chat that is not in order is mended as ``Chat`` says; in a strict import it stops the import.
package struct ChatFormat: ImportFormat {
    package let name: String
    package let summary: String
    package var givesConversations: Bool { true }
    let chat: @Sendable (JSONValue) throws -> Chat

    package func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord {
        let chat = try chat(record.value)
        var source = name
        // `os_0`: AgentInstruct's tasks are told apart by their ids.
        if name == "agentinstruct", let suite = chat.id?.split(separator: "_").dropLast().joined(separator: "_"), !suite.isEmpty {
            source += "/" + suite
        }
        let (document, found) = try chat.document(source: source, number: record.index)
        if options.isStrict, let found = found.first { throw RecordFault(found) }
        return ImportedRecord(.conversation(document), found: found)
    }

    package static let all: [ChatFormat] = [agentInstruct, shareGPT, openAI, alpaca, ultraChat]

    /// The format whose keys a record has; nil when it is none of these.
    static func detect(_ record: JSONValue) -> ChatFormat? {
        if record["conversations"] != nil { return shareGPT }
        if record["data"]?.array != nil { return ultraChat }
        if record["messages"] != nil { return openAI }
        if record["instruction"] != nil, record["output"] != nil { return alpaca }
        return nil
    }

    /// AgentTuning's release (Zeng et al. 2023): only replies whose `loss` is true are learnt; `false` and null are not, as on
    /// the worked example and the "Ok." before it.
    static let agentInstruct = ChatFormat(
        name: "agentinstruct", summary: "AgentInstruct's conversations with 'from', 'loss' and 'value'"
    ) { try conversations($0, isTrainedByDefault: false) }

    static let shareGPT = ChatFormat(
        name: "sharegpt", summary: "conversations with 'from' and 'value', every reply learnt unless its 'loss' says otherwise"
    ) { try conversations($0, isTrainedByDefault: true) }

    static let openAI = ChatFormat(
        name: "openai-chat", summary: "'messages' with 'role' and 'content', with tools, tool calls and weights",
        chat: OpenAIMessages.chat)

    /// UltraChat's own form (a list of texts, the user's first), or its later one with messages.
    static let ultraChat = ChatFormat(name: "ultrachat", summary: "'data', texts in turn, or 'messages'") { record in
        guard let texts = record["data"] else { return try OpenAIMessages.chat(record) }
        guard let texts = texts.array else { throw RecordFault("'data' is not a list") }
        let turns = try texts.enumerated().map { index, text -> Chat.Turn in
            guard let text = text.string else { throw RecordFault("an entry of 'data' is not a string") }
            return index % 2 == 0 ? Chat.Turn(.user, text) : Chat.Turn(.assistant, text, isTrained: true)
        }
        return Chat(id: id(record), turns: turns)
    }

    /// Stanford Alpaca's records; `system` and `history` as LLaMA-Factory writes them.
    static let alpaca = ChatFormat(name: "alpaca", summary: "'instruction', 'input' and 'output'") { record in
        guard let instruction = record["instruction"]?.string, let output = record["output"]?.string else {
            throw RecordFault("'instruction' or 'output' is missing or not a string")
        }
        var turns: [Chat.Turn] = []
        if let system = record["system"]?.string, !system.isEmpty { turns.append(Chat.Turn(.system, system)) }
        for pair in record["history"]?.array ?? [] {
            let texts = pair.array?.compactMap(\.string) ?? []
            guard texts.count == 2 else { throw RecordFault("an entry of 'history' is not a pair of texts") }
            turns += [Chat.Turn(.user, texts[0]), Chat.Turn(.assistant, texts[1], isTrained: true)]
        }
        let input = record["input"]?.string ?? ""
        turns.append(Chat.Turn(.user, input.isEmpty ? instruction : instruction + "\n\n" + input))
        turns.append(Chat.Turn(.assistant, output, isTrained: true))
        return Chat(id: id(record), turns: turns)
    }

    private static func conversations(_ record: JSONValue, isTrainedByDefault: Bool) throws -> Chat {
        guard let values = record["conversations"]?.array else { throw RecordFault("'conversations' is missing or not a list") }
        var turns: [Chat.Turn] = []
        if let system = record["system"]?.string, !system.isEmpty { turns.append(Chat.Turn(.system, system)) }
        for value in values {
            guard let name = (value["from"] ?? value["role"])?.string else { throw RecordFault("a turn has no text 'from'") }
            guard let text = (value["value"] ?? value["content"])?.string else { throw RecordFault("a turn has no text 'value'") }
            let (role, author) = try speaker(name)
            var isTrained = role == .assistant && isTrainedByDefault
            switch value["loss"] {
            case .bool(let loss)?: isTrained = role == .assistant && loss
            case .null?, nil: break
            default: throw RecordFault("a turn's 'loss' is not true, false or null")
            }
            let weight = try weight(value["weight"])
            turns.append(
                Chat.Turn(
                    role, text, isTrained: isTrained && weight > 0, weight: weight > 0 ? weight : 1, author: author))
        }
        return Chat(id: id(record), turns: turns)
    }

    /// How much a turn counts: a number from 0, 1 when there is none.
    static func weight(_ value: JSONValue?) throws -> Double {
        switch value {
        case .number(let number)? where number >= 0 && number.isFinite: return number
        case .null?, nil: return 1
        default: throw RecordFault("a turn's 'weight' is not a number from 0")
        }
    }

    /// Who a file's word for a speaker means.
    static func speaker(_ name: String) throws -> (Role, Author?) {
        switch name.lowercased() {
        case "system", "developer": return (.system, nil)
        case "human", "user": return (.user, nil)
        case "gpt", "assistant", "chatgpt", "bing", "bard", "model", "function_call": return (.assistant, nil)
        case "tool", "function", "observation", "ipython": return (.user, .environment)
        default: throw RecordFault("a turn has the unknown role '\(name.prefix(20))'")
        }
    }

    static func id(_ record: JSONValue) -> String? {
        for key in ["id", "prompt_id", "conversation_id"] {
            switch record[key] {
            case .string(let text)?: return text
            case .number(let number)?: return number == number.rounded() ? String(format: "%.0f", number) : "\(number)"
            default: continue
            }
        }
        return nil
    }
}
