import TemperCore

/// Functions, calls, results and thoughts as text, in the words that Hermes and Qwen models are trained on: the one fallback for
/// templates that have no words of their own, the same for training and for serving.
///
/// Functions stand at the end of the system message, one a line in `<tools>`; each call is JSON in `<tool_call>`, at the end of
/// the reply; the results of one turn share a user's message, each in `<tool_response>`; reasoning stands in `<think>` before the
/// reply.
package enum ToolWords {
    package static let callMark = "<tool_call>"
    package static let callEnd = "</tool_call>"
    static let thinkMark = "<think>"
    static let thinkEnd = "</think>"

    static func write(_ call: TemplateChat.Call) -> String {
        "\(callMark)\n{\"name\": \(JinjaJSONWriter.quoted(call.name)), \"arguments\": \(call.arguments)}\n\(callEnd)"
    }

    static func write(result: String) -> String { "<tool_response>\n\(result)\n</tool_response>" }

    static func write(reasoning: String) -> String { "\(thinkMark)\n\(reasoning)\n\(thinkEnd)\n\n" }

    /// As Qwen2.5's template words it.
    ///
    /// - Parameter tools: a JSON list.
    /// - Throws: ``TemperError`` with code `data` for text that is no such list.
    static func instruction(_ tools: String) throws -> String {
        do {
            guard case .list(let list) = try JinjaJSONReader.value(of: tools) else { throw JinjaFault("the tools are no list") }
            let lines = try list.items.map { try JinjaJSONWriter.line($0) }.joined(separator: "\n")
            return """
                # Tools

                You may call one or more functions to assist with the user query.

                You are provided with function signatures within <tools></tools> XML tags:
                <tools>
                \(lines)
                </tools>

                For each function call, return a json object with function name and arguments within \(callMark)\(callEnd) XML tags:
                \(callMark)
                {"name": <function-name>, "arguments": <args-json-object>}
                \(callEnd)
                """
        } catch let fault as JinjaFault {
            throw TemperError(.data, fault.message, hint: fault.hint, place: "tools", boundary: .data)
        }
    }
}

extension TemplateChat {
    /// The chat as nothing but text of system, user and assistant.
    ///
    /// - Parameters:
    ///   - keepsTools: whether the functions are left to the template.
    ///   - keepsReasoning: whether reasoning is.
    /// - Throws: ``TemperError`` with code `data` for tools that are no JSON list.
    package func worded(keepsTools: Bool = false, keepsReasoning: Bool = false) throws -> TemplateChat {
        var chat = self
        chat.messages = []
        var wasResult = false
        for message in messages {
            if message.role == .tool {
                let text = ToolWords.write(result: message.text)
                let author = message.spans.last?.author ?? .environment
                if wasResult, let last = chat.messages.indices.last {
                    let before = chat.messages[last].text
                    chat.messages[last].spans = [Span(before + "\n" + text, by: author)]
                } else {
                    var result = Message(.user, text, by: author)
                    result.source = message.source
                    chat.messages.append(result)
                }
            } else {
                var plain = keepsReasoning ? message.callsWorded : message.callsWorded.reasoningWorded
                plain.name = nil
                chat.messages.append(plain)
            }
            wasResult = message.role == .tool
        }
        guard let tools, !keepsTools else { return chat }
        chat.tools = nil
        let instruction = try ToolWords.instruction(tools)
        if let first = chat.messages.first, first.role == .system {
            chat.messages[0].spans = [Span(first.text + "\n\n" + instruction, by: .instruction)]
        } else {
            chat.messages.insert(Message(.system, instruction, by: .instruction), at: 0)
        }
        return chat
    }
}

extension TemplateChat.Message {
    /// With its calls at the end of its text, in one span.
    package var callsWorded: TemplateChat.Message {
        guard !calls.isEmpty else { return self }
        var message = self
        message.calls = []
        message.isNull = false
        return message.with(text: ([text].filter { !$0.isEmpty } + calls.map(ToolWords.write)).joined(separator: "\n"))
    }

    /// With its reasoning before its text, in one span.
    var reasoningWorded: TemplateChat.Message {
        guard let reasoning else { return self }
        var message = self
        message.reasoning = nil
        return message.with(text: ToolWords.write(reasoning: reasoning) + text)
    }

    private func with(text: String) -> TemplateChat.Message {
        var message = self
        message.spans = [Span(text, by: spans.last?.author ?? .policy)]
        return message
    }
}
