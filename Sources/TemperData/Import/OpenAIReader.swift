import TemperCore
import TemperTokenizers

/// Reads chats in OpenAI's shape and its relatives: `messages` with roles, content as text or parts, `tools`, calls and results;
/// legacy `functions`; Responses' items; Anthropic's content blocks; ms-swift's `tool_call` turns; wrapper keys of agent logs.
struct OpenAIReader {
    /// Where the list of turns may stand.
    static let wrappers = ["messages", "traj", "trajectory", "history", "conversation"]
    private var turns: [Chat.Turn] = []
    private var found: [String] = []

    static func chat(_ record: SourceJSON) throws -> Chat {
        if let name = RecordShape.foreign(record) { throw RecordFault(name) }
        var fields = try SourceFields(record, of: "the record")
        var given: SourceJSON?
        for name in wrappers where given == nil { given = fields.take(name) }
        guard let messages = try list(given) else {
            throw RecordFault("'messages' is missing or not a list")
        }
        return try chat(messages, &fields)
    }

    /// A chat of some messages, with what else the record says.
    static func chat(_ messages: [SourceJSON], _ fields: inout SourceFields) throws -> Chat {
        var reader = OpenAIReader()
        if let system = fields.take("system", "instructions") {
            let parts = try Parts(system)
            if !parts.text.isEmpty { reader.turns.append(Chat.Turn(.system, parts.text)) }
        }
        for message in messages { try reader.read(message) }
        var chat = Chat(id: fields.name("id", "prompt_id", "conversation_id", "task_id", "uuid"), turns: reader.turns)
        let (own, legacy) = (try ChatTools.list(fields.take("tools")), try ChatTools.list(fields.take("functions")))
        chat.tools = own ?? legacy
        chat.obey(try fields.mark())
        // They steer the service, which then wrote what the chat shows.
        _ = fields.take("parallel_tool_calls", "tool_choice", "function_call")
        if let prompt = fields.take("prompt"), prompt.string != chat.turns.first(where: { $0.role == .user })?.text {
            reader.found.append("the key 'prompt' of the record, not read")
        }
        chat.found = reader.found + fields.others
        return chat
    }

    private static func list(_ value: SourceJSON?) throws -> [SourceJSON]? {
        if let text = value?.string { return try SourceJSON(text: text).array }
        return value?.array
    }

    // MARK: Turns

    private mutating func read(_ message: SourceJSON) throws {
        var fields = try SourceFields(message, of: "a turn")
        if let type = message["type"]?.string, type != "message", try item(type, &fields) { return }
        _ = message["type"]?.string == "message" ? fields.take("type") : nil
        guard let name = try fields.string("role") else { throw RecordFault("a message has no text 'role'") }
        let mark = try fields.mark()
        let parts = try Parts(fields.take("content"))
        found += parts.found
        switch name.lowercased() {
        case "tool_call":
            try add(calls: ChatTools.written(parts.text, &found), mark)
        case "tool", "tool_response", "function", "ipython":
            let id = fields.name("tool_call_id") ?? fields.take("tool_call_ids")?.array?.first?.string
            let name = try fields.string("name", "function")
            result(parts.text, id: id, name: name)
        default:
            let (role, author) = try ChatFormat.speaker(name)
            for given in parts.results { result(given.text, id: given.id, name: nil) }
            guard parts.results.isEmpty || !parts.text.isEmpty || !parts.calls.isEmpty else { break }
            var turn = Chat.Turn(role, parts.text, author: author)
            turn.isNull = parts.isNull
            turn.name = try fields.string("name")
            var marks = [mark] + parts.marks
            if role == .assistant { try assistant(&turn, &fields, parts, &marks) }
            turn.obey(marks.dropFirst().reduce(marks[0]) { $0.joined($1) })
            turns.append(turn)
        }
        found += fields.others
    }

    private mutating func assistant(
        _ turn: inout Chat.Turn, _ fields: inout SourceFields, _ parts: Parts, _ marks: inout [SourceFields.Mark]
    ) throws {
        turn.calls = parts.calls
        for value in fields.take("tool_calls")?.array ?? [] {
            let (call, mark) = try ChatTools.call(value, &found)
            turn.calls.append(call)
            marks.append(mark)
        }
        if let value = fields.take("function_call") { turn.calls.append(try ChatTools.call(value, &found).call) }
        let reasoning = try fields.string("reasoning_content", "reasoning", "thinking")
        turn.reasoning = [parts.reasoning, reasoning].compactMap { $0 }.first { !$0.isEmpty }
    }

    private mutating func result(_ text: String, id: String?, name: String?) {
        var turn = Chat.Turn(.user, text, author: .environment)
        turn.result = Document.ToolResult(callID: id, name: name)
        turns.append(turn)
    }

    private mutating func add(calls: [TemplateChat.Call], _ mark: SourceFields.Mark) throws {
        var turn = Chat.Turn(.assistant, "")
        (turn.calls, turn.isNull) = (calls, true)
        turn.obey(mark)
        turns.append(turn)
    }

    /// An item of OpenAI's Responses that is no message.
    private mutating func item(_ type: String, _ fields: inout SourceFields) throws -> Bool {
        switch type {
        case "function_call":
            let mark = try fields.mark()
            guard let name = try fields.string("name") else { throw RecordFault("a tool call names no function") }
            let id = fields.name("call_id", "id")
            let arguments = try fields.string("arguments") ?? "{}"
            try add(calls: [.init(id: id, name: name, arguments: arguments)], mark)
        case "function_call_output":
            let id = fields.name("call_id")
            result(try Parts(fields.take("output")).text, id: id, name: nil)
        case "reasoning":
            let text = try Parts(fields.take("content", "summary")).text
            var turn = Chat.Turn(.assistant, "")
            turn.reasoning = text.isEmpty ? nil : text
            turn.obey(try fields.mark())
            if !text.isEmpty { turns.append(turn) }
        default: return false
        }
        _ = fields.take("type")
        _ = fields.take("id")
        _ = fields.take("status")
        found += fields.others
        return true
    }
}
