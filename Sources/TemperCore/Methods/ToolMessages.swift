import Foundation

/// A chat of method `tools` as OpenAI's messages with `tool_calls` and role `tool`, and back.
///
/// Temper keeps calls as text (``ToolText``); this is the one place that knows OpenAI's shape: for requests, replies, imports and
/// exports alike.
public enum ToolMessages {
    /// OpenAI's messages. Text that holds no call stays a plain message.
    ///
    /// A call that the chat leaves unanswered gets an empty answer when another message follows, as the service demands.
    public static func encode(_ messages: [Message]) -> [JSONValue] {
        var values: [JSONValue] = []
        var open: String?
        for message in messages {
            let text = message.text
            if message.role == .assistant, let call = ToolText.call(in: text) {
                if let id = open { values.append(tool(id, "")) }
                let id = id(values.count)
                values.append(assistant(call, id: id))
                open = id
                continue
            }
            let observation = message.role == .user ? ToolText.observation(in: text) : nil
            if let id = open { values.append(tool(id, observation ?? "")) }
            if open == nil || observation == nil { values.append(plain(message.role.rawValue, observation ?? text)) }
            open = nil
        }
        return values
    }

    /// A chat from OpenAI's messages. Several calls in one message become one turn each, with their own answers.
    ///
    /// - Parameter author: whose the words of the assistant are.
    /// - Throws: ``TemperError`` with code `data` that says which message is not of the form.
    public static func decode(_ values: [JSONValue], author: Author) throws -> [Message] {
        var messages: [Message] = []
        var index = 0
        while index < values.count {
            let (value, position) = (values[index], index)
            func fault(_ reason: String) -> TemperError {
                TemperError(.data, "message \(position) \(reason)", boundary: .data)
            }
            guard let role = value["role"]?.string else { throw fault("has no role") }
            let content = value["content"]?.string ?? ""
            index += 1
            switch role {
            case "system": messages.append(Message(.system, content, by: .instruction))
            case "user", "developer": messages.append(Message(.user, content, by: .instruction))
            case "tool": throw fault("answers no call")
            case "assistant":
                let calls = value["tool_calls"]?.array ?? []
                guard !calls.isEmpty else {
                    messages.append(Message(.assistant, content, by: author))
                    continue
                }
                var answers: [String: String] = [:]
                while index < values.count, values[index]["role"]?.string == "tool" {
                    guard let id = values[index]["tool_call_id"]?.string else { throw fault("answers a call without its id") }
                    answers[id] = values[index]["content"]?.string ?? ""
                    index += 1
                }
                for (number, call) in calls.enumerated() {
                    guard let spans = spans(call, content: number == 0 ? content : "", author) else {
                        throw fault("holds a call without a name")
                    }
                    messages.append(Message(.assistant, spans))
                    let answer = call["id"]?.string.flatMap { answers[$0] }
                    if let answer { messages.append(Message(.user, ToolText.write(observation: answer), by: .environment)) }
                }
            default: throw fault("has the unknown role '\(role)'")
            }
        }
        return messages
    }

    /// The text of a reply with calls, of which the first counts.
    public static func text(content: String, calls: [JSONValue]) -> String? {
        calls.first.flatMap { spans($0, content: content, .policy) }?.map(\.text).joined()
    }

    /// A call in words: what the model gave by `author`, the rest converted.
    private static func spans(_ call: JSONValue, content: String, _ author: Author) -> [Span]? {
        guard let name = call["function"]?["name"]?.string else { return nil }
        let given = call["function"]?["arguments"]
        var arguments = given?.string ?? given.map(ToolText.encoded) ?? ""
        if arguments.isEmpty { arguments = "{}" }
        let call = ToolText.Call(content: content.isEmpty ? nil : content, name: name, arguments: arguments)
        let whole = ToolText.write(call)
        let marks = [content, ToolText.quoted(name), arguments]
        var spans: [Span] = []
        var rest = whole[...]
        for mark in marks where !mark.isEmpty {
            guard let range = rest.range(of: mark) else { continue }
            if range.lowerBound > rest.startIndex { spans.append(Span(String(rest[..<range.lowerBound]), by: .converted)) }
            spans.append(Span(mark, by: author))
            rest = rest[range.upperBound...]
        }
        if !rest.isEmpty { spans.append(Span(String(rest), by: .converted)) }
        return spans
    }

    private static func plain(_ role: String, _ text: String) -> JSONValue {
        .object(["role": .string(role), "content": .string(text)])
    }

    private static func tool(_ id: String, _ text: String) -> JSONValue {
        .object(["role": .string("tool"), "tool_call_id": .string(id), "content": .string(text)])
    }

    private static func assistant(_ call: ToolText.Call, id: String) -> JSONValue {
        let function = JSONValue.object(["name": .string(call.name), "arguments": .string(call.arguments)])
        return .object([
            "role": .string("assistant"), "content": call.content.map { .string($0) } ?? .null,
            "tool_calls": .array([.object(["id": .string(id), "type": .string("function"), "function": function])]),
        ])
    }

    /// Nine letters and digits: the form that the strictest services ask for.
    private static func id(_ position: Int) -> String {
        return "call" + position.padded(5)
    }
}
