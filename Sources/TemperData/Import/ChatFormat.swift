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
    let chat: @Sendable (SourceJSON) throws -> Chat

    package func expand(_ record: SourceRecord) -> [(record: SourceRecord, place: String)] {
        guard record.source["messages"] == nil, let samples = record.source["samples"]?.array,
            samples.contains(where: { $0["messages"] != nil })
        else { return [(record, "")] }
        return samples.enumerated().map { (SourceRecord(index: $0, key: record.key, source: $1), ".samples[\($0)]") }
    }

    package func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord {
        let chat = try chat(record.source)
        var source = name
        // `os_0`: AgentInstruct's tasks are told apart by their ids.
        if name == "agentinstruct", let suite = chat.id?.split(separator: "_").dropLast().joined(separator: "_"), !suite.isEmpty {
            source += "/" + suite
        }
        let (document, found) = try chat.document(source: source, number: record.index)
        if options.isStrict, let found = found.first { throw RecordFault(found) }
        return ImportedRecord(.conversation(document), found: found)
    }

    package static let all: [ChatFormat] = [agentInstruct, shareGPT, openAI, alpaca, ultraChat, promptCompletion, xlam, glaive]

    /// The format whose keys a record has; nil when it is none of these.
    static func detect(_ record: SourceJSON) -> ChatFormat? {
        if record["conversations"] != nil { return shareGPT }
        if record["data"]?.array != nil { return ultraChat }
        if OpenAIReader.wrappers.contains(where: { record[$0]?.array != nil }) { return openAI }
        if record["samples"]?.array?.first?["messages"] != nil { return openAI }
        if record["instruction"] != nil, record["output"] != nil { return alpaca }
        if record["prompt"] != nil, record["completion"] != nil { return promptCompletion }
        if record["query"] != nil, record["answers"] != nil { return xlam }
        if record["chat"]?.string?.contains("USER: ") == true { return glaive }
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
        name: "openai-chat",
        summary: "'messages' with roles, tools, calls and results; also Anthropic's blocks, Responses' items, 'traj', 'history'",
        chat: OpenAIReader.chat)

    /// UltraChat's own form (a list of texts, the user's first), or its later one with messages.
    static let ultraChat = ChatFormat(name: "ultrachat", summary: "'data', texts in turn, or 'messages'") { record in
        var fields = try SourceFields(record, of: "the record")
        guard let texts = fields.take("data") else { return try OpenAIReader.chat(record) }
        guard let texts = texts.array else { throw RecordFault("'data' is not a list") }
        let turns = try texts.enumerated().map { index, text -> Chat.Turn in
            guard let text = text.string else { throw RecordFault("an entry of 'data' is not a string") }
            return index % 2 == 0 ? Chat.Turn(.user, text) : Chat.Turn(.assistant, text, isTrained: true)
        }
        return try finished(Chat(turns: turns), &fields)
    }

    /// Stanford Alpaca's records; `system` and `history` as LLaMA-Factory writes them.
    static let alpaca = ChatFormat(name: "alpaca", summary: "'instruction', 'input' and 'output'") { record in
        guard let instruction = record["instruction"]?.string, let output = record["output"]?.string else {
            throw RecordFault("'instruction' or 'output' is missing or not a string")
        }
        var fields = try SourceFields(record, of: "the record")
        (_, _) = (fields.take("instruction"), fields.take("output"))
        var turns: [Chat.Turn] = []
        if let system = try fields.string("system"), !system.isEmpty { turns.append(Chat.Turn(.system, system)) }
        for pair in fields.take("history")?.array ?? [] {
            let texts = pair.array?.compactMap(\.string) ?? []
            guard texts.count == 2 else { throw RecordFault("an entry of 'history' is not a pair of texts") }
            turns += [Chat.Turn(.user, texts[0]), Chat.Turn(.assistant, texts[1], isTrained: true)]
        }
        let input = try fields.string("input") ?? ""
        turns.append(Chat.Turn(.user, input.isEmpty ? instruction : instruction + "\n\n" + input))
        turns.append(Chat.Turn(.assistant, output, isTrained: true))
        return try finished(Chat(turns: turns), &fields)
    }

    private static func conversations(_ record: SourceJSON, isTrainedByDefault: Bool) throws -> Chat {
        var fields = try SourceFields(record, of: "the record")
        guard let values = fields.take("conversations")?.array else {
            throw RecordFault("'conversations' is missing or not a list")
        }
        var chat = Chat(turns: [])
        if let system = try fields.string("system"), !system.isEmpty { chat.turns.append(Chat.Turn(.system, system)) }
        for value in values { try chat.add(value, isTrainedByDefault: isTrainedByDefault) }
        chat.tools = try ChatTools.list(fields.take("tools"))
        return try finished(chat, &fields)
    }

    /// With what else a record says: its id, marks of the whole, and what is not read.
    static func finished(_ chat: Chat, _ fields: inout SourceFields) throws -> Chat {
        var chat = chat
        chat.id = fields.name("id", "prompt_id", "conversation_id")
        chat.obey(try fields.mark())
        chat.found += fields.others
        return chat
    }

    /// Who a file's word for a speaker means.
    static func speaker(_ name: String) throws -> (Role, Author?) {
        switch name.lowercased() {
        case "system", "developer": return (.system, nil)
        case "human", "user": return (.user, nil)
        case "gpt", "assistant", "chatgpt", "bing", "bard", "model", "function_call": return (.assistant, nil)
        case "tool", "function", "observation", "ipython", "tool_response": return (.user, .environment)
        default: throw RecordFault("a turn has the unknown role '\(name.prefix(20))'")
        }
    }
}

extension Chat {
    /// A turn in ShareGPT's form.
    fileprivate mutating func add(_ value: SourceJSON, isTrainedByDefault: Bool) throws {
        var fields = try SourceFields(value, of: "a turn")
        guard let name = fields.take("from", "role")?.string else { throw RecordFault("a turn has no text 'from'") }
        guard let text = fields.take("value", "content")?.string else { throw RecordFault("a turn has no text 'value'") }
        let (role, author) = try ChatFormat.speaker(name)
        var turn = Turn(role, text, author: author)
        turn.obey(try fields.mark(), byDefault: isTrainedByDefault)
        if name == "function_call" {
            turn.calls = try ChatTools.written(text, &found)
            (turn.text, turn.isNull) = ("", true)
        }
        // Without a call before it, what the environment says is a text like any other.
        let last = turns.last { $0.result == nil }
        if author == .environment, turns.last?.result != nil || last?.calls.isEmpty == false, last?.role == .assistant {
            turn.result = Document.ToolResult(callID: fields.name("tool_call_id"), name: try fields.string("name"))
        }
        found += fields.others
        turns.append(turn)
    }
}
