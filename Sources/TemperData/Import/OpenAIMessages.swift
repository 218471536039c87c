import Foundation
import TemperCore

/// OpenAI's `messages`, read and written: roles, text, tools, tool calls, weights.
///
/// Tools and calls become text in the form of ``ToolText``, since a chat template of Temper sees text only: the
/// functions one a line in `<tools>` at the end of the system message, each call as JSON in `<tool_call>`, each answer in
/// `<tool_response>`. Writing turns the same text back. The names of calls (`call_…`) are not kept: they are numbered anew.
enum OpenAIMessages {
    static let toolsStart = "The functions are:\n<tools>\n"
    static let toolsEnd = "\n</tools>"
    static let callStart = ToolText.callMark + "\n"
    static let callEnd = "\n" + ToolText.callEnd
    static let responseStart = ToolText.responseMark + "\n"
    static let responseEnd = "\n" + ToolText.responseEnd

    static func chat(_ record: JSONValue) throws -> Chat {
        guard let messages = record["messages"]?.array else { throw RecordFault("'messages' is missing or not a list") }
        var turns = try messages.map(turn)
        if let tools = record["tools"]?.array, !tools.isEmpty {
            let list = try tools.map { String(decoding: try JSONEncoder.stable().encode($0), as: UTF8.self) }
            let text = toolsStart + list.joined(separator: "\n") + toolsEnd
            if turns.first?.role == .system {
                turns[0].text += "\n\n" + text
            } else {
                turns.insert(Chat.Turn(.system, text), at: 0)
            }
        }
        return Chat(id: ChatFormat.id(record), turns: turns)
    }

    private static func turn(_ message: JSONValue) throws -> Chat.Turn {
        guard let name = message["role"]?.string else { throw RecordFault("a message has no text 'role'") }
        let (role, author) = try ChatFormat.speaker(name)
        var text = try content(message["content"])
        if let calls = message["tool_calls"]?.array, !calls.isEmpty {
            let written = try calls.map { call -> String in
                guard let name = call["function"]?["name"]?.string else { throw RecordFault("a tool call names no function") }
                let arguments = try argumentText(call["function"]?["arguments"])
                return callStart + "{\"name\": \(try json(.string(name))), \"arguments\": \(arguments)}" + callEnd
            }
            text = ([text] + written).filter { !$0.isEmpty }.joined(separator: "\n")
        }
        if author == .environment { text = responseStart + text + responseEnd }
        let weight = try ChatFormat.weight(message["weight"])
        return Chat.Turn(
            role, text, isTrained: role == .assistant && weight > 0, weight: weight > 0 ? weight : 1, author: author)
    }

    /// The text of a message: a string, null beside tool calls, or parts of which each is text.
    private static func content(_ value: JSONValue?) throws -> String {
        switch value {
        case .string(let text)?: return text
        case .null?, nil: return ""
        case .array(let parts)?:
            return try parts.map { part in
                guard let text = part["text"]?.string else { throw RecordFault("a message holds something other than text") }
                return text
            }.joined()
        default: throw RecordFault("a message's 'content' is not text")
        }
    }

    /// The arguments as the model wrote them: JSON in a text, or an object.
    private static func argumentText(_ value: JSONValue?) throws -> String {
        switch value {
        case .string(let text)?:
            do { _ = try JSONValue.record(Array(text.utf8)) } catch { throw RecordFault("a tool call's arguments are not JSON") }
            return text
        case .object?: return try value.map(json) ?? "{}"
        case nil, .null?: return "{}"
        default: throw RecordFault("a tool call's arguments are not JSON")
        }
    }

    private static func json(_ value: JSONValue) throws -> String {
        String(decoding: try JSONEncoder.stable().encode(value), as: UTF8.self)
    }

    // MARK: Writing

    /// A document as `{messages, tools?}`; a reply that is not learnt has `weight` 0.
    static func record(_ document: Document) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        var messages: [JSONValue] = []
        var calls = 0
        var open: [String] = []
        for (index, message) in document.messages.enumerated() {
            var text = message.text
            if index == 0, message.role == .system, let (rest, tools) = split(tools: text) {
                fields["tools"] = .array(tools)
                if rest.isEmpty { continue }
                text = rest
            }
            if message.role == .user, let answers = responses(text), answers.count <= open.count {
                for answer in answers {
                    messages.append(
                        .object([
                            "role": .string("tool"), "tool_call_id": .string(open.removeFirst()), "content": .string(answer),
                        ]))
                }
                continue
            }
            var object: [String: JSONValue] = ["role": .string(message.role.rawValue), "content": .string(text)]
            if message.role == .assistant {
                if let (content, functions) = split(calls: text) {
                    object["content"] = content.isEmpty ? .null : .string(content)
                    open = []
                    object["tool_calls"] = .array(
                        functions.map { function in
                            calls += 1
                            open.append("call_\(calls)")
                            return .object([
                                "id": .string("call_\(calls)"), "type": .string("function"), "function": function,
                            ])
                        })
                }
                let weight = message.trainedWeight ?? 0
                if weight != 1 { object["weight"] = .number(weight) }
            }
            messages.append(.object(object))
        }
        fields["messages"] = .array(messages)
        return .object(fields)
    }

    private static func split(tools text: String) -> (rest: String, tools: [JSONValue])? {
        guard text.hasSuffix(toolsEnd), let start = text.range(of: toolsStart, options: .backwards) else { return nil }
        let lines = text[start.upperBound...].dropLast(toolsEnd.count).split(separator: "\n")
        let tools = lines.compactMap { parsed(String($0)) }
        guard tools.count == lines.count else { return nil }
        let rest = text[..<start.lowerBound]
        return (String(rest.hasSuffix("\n\n") ? rest.dropLast(2) : rest), tools)
    }

    /// The text before the calls, and each `{name, arguments}`; nil when there is no call or one is not as it is written here.
    private static func split(calls text: String) -> (content: String, functions: [JSONValue])? {
        guard let first = text.range(of: callStart),
            first.lowerBound == text.startIndex || text[..<first.lowerBound].hasSuffix("\n")
        else { return nil }
        var functions: [JSONValue] = []
        for part in text[first.lowerBound...].components(separatedBy: callEnd) where !part.isEmpty {
            let part = part.hasPrefix("\n") ? String(part.dropFirst()) : part
            let mark = ", \"arguments\": "
            guard part.hasPrefix(callStart + "{\"name\": "), part.hasSuffix("}"), let arguments = part.range(of: mark),
                let name = parsed(String(part.dropFirst(callStart.count)))?["name"]
            else { return nil }
            functions.append(
                .object(["name": name, "arguments": .string(String(part[arguments.upperBound...].dropLast()))]))
        }
        let content = text[..<first.lowerBound]
        return (String(content.hasSuffix("\n") ? content.dropLast() : content), functions)
    }

    private static func responses(_ text: String) -> [String]? {
        guard text.hasPrefix(responseStart), text.hasSuffix(responseEnd) else { return nil }
        return text.dropFirst(responseStart.count).dropLast(responseEnd.count)
            .components(separatedBy: responseEnd + "\n" + responseStart)
    }

    /// JSON, or nil when the text only looks like a call: it then stays text.
    private static func parsed(_ text: String) -> JSONValue? { try? JSONValue.record(Array(text.utf8)) }
}
