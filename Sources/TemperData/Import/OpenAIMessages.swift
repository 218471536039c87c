import Foundation
import TemperCore
import TemperTokenizers

/// OpenAI's `messages`, written: roles, text, tools, calls and results by id, weights. ``OpenAIReader`` reads them.
enum OpenAIMessages {
    /// A document as `{messages, tools?}`; a reply that is not learnt has `weight` 0. Ids are the source's where it has some.
    ///
    /// The value forgets in which order the keys of tools stand: see ``tools(_:)``.
    static func record(_ document: Document) -> JSONValue {
        var fields: [String: JSONValue] = ["messages": .array(messages(document))]
        if let tools = document.tools.flatMap({ try? JSONValue.record(Array($0.utf8)) }) { fields["tools"] = tools }
        return .object(fields)
    }

    static func messages(_ document: Document) -> [JSONValue] {
        var open: [String] = []
        var number = 0
        return document.messages.map { message in
            var object: [String: JSONValue] = ["role": .string(message.role.rawValue), "content": .string(message.text)]
            if let name = message.name { object["name"] = .string(name) }
            if let reasoning = message.reasoning { object["reasoning_content"] = .string(reasoning) }
            if let result = message.result {
                object["role"] = .string("tool")
                let next = open.isEmpty ? nil : open.removeFirst()
                object["tool_call_id"] = .string(result.callID ?? next ?? "call_0")
                if let name = result.name { object["name"] = .string(name) }
                return .object(object)
            }
            if let calls = message.calls {
                open = []
                if message.isNull == true { object["content"] = .null }
                object["tool_calls"] = .array(
                    calls.map { call in
                        number += 1
                        let id = call.id ?? "call_\(number)"
                        open.append(id)
                        let function: [String: JSONValue] = [
                            "name": .string(call.name), "arguments": .string(call.arguments),
                        ]
                        return .object(["id": .string(id), "type": .string("function"), "function": .object(function)])
                    })
            }
            if message.role == .assistant, case let weight = message.trainedWeight ?? 0, weight != 1 {
                object["weight"] = .number(weight)
            }
            return .object(object)
        }
    }
}
