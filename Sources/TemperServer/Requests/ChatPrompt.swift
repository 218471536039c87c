import TemperCore
import TemperTokenizers
import TemperTransformer

/// A chat with its tools in the tokens of a model.
///
/// A model's own template that takes functions puts them, calls and answers into words. For every other template this is the
/// one place that does: in the form that Hermes and Qwen models are trained on, which goes into the system message.
enum ChatPrompt {
    static let callMark = "<tool_call>", callEnd = "</tool_call>"

    /// - Throws: ``APIError`` when the chat does not fit the context or the template.
    static func encode(_ request: ChatRequest, _ served: ServedModel) throws -> [Int32] {
        let tools = request.toolChoice == .none ? [] : request.tools
        let model = served.model
        var given = request.messages
        var start = ""
        if request.continuesLastMessage, let last = given.popLast() { start = text(last) }
        let messages = try plain(given, tools: tools)
        var prompt: [Int32]
        if case .model(let template) = model.template, template.takesTools,
            !tools.isEmpty || given.contains(where: { $0.role == .tool || !$0.calls.isEmpty })
        {
            // A template may leave out what an assistant wrote, and spaces between JSON.
            let certain = given.reduce(0) { $0 + ($1.role == .assistant ? 0 : $1.content.utf8.count) }
            try served.requireMayFit(byteCount: start.utf8.count + certain)
            prompt = try encode(given, tools: tools.isEmpty ? nil : request.toolsText, template, model.tokenizer)
        } else {
            try served.requireMayFit(byteCount: messages.reduce(start.utf8.count) { $0 + $1.text.utf8.count })
            prompt = try model.template.encode(messages, tokenizer: model.tokenizer, addGenerationPrompt: true).ids
        }
        if !start.isEmpty { prompt += model.tokenizer.encode(start, isContinued: true) }
        return prompt
    }

    /// The chat in the roles that every template has.
    static func plain(_ given: [ChatMessage], tools: [ChatRequest.Tool] = []) throws(APIError) -> [Message] {
        var messages: [Message] = []
        var open = false
        for (index, message) in given.enumerated() {
            switch message.role {
            case .system, .developer: messages.append(Message(.system, message.content, by: .instruction))
            case .user: messages.append(Message(.user, message.content, by: .instruction))
            case .assistant: messages.append(Message(.assistant, text(message), by: .policy))
            case .tool:
                guard open || message.role == .tool && index > 0 && !given[index - 1].calls.isEmpty else {
                    throw .field("messages[\(index)]", "answers no tool call")
                }
                // The answers of one turn share a message.
                let answer = "<tool_response>\n\(message.content)\n</tool_response>"
                if given[index - 1].role == .tool, let last = messages.popLast() {
                    messages.append(Message(.user, last.text + "\n" + answer, by: .environment))
                } else {
                    messages.append(Message(.user, answer, by: .environment))
                }
            }
            open = message.role == .tool
        }
        guard !tools.isEmpty else { return messages }
        let instruction = instruction(tools)
        if messages.first?.role == .system {
            messages[0] = Message(.system, messages[0].text + "\n\n" + instruction, by: .instruction)
        } else {
            messages.insert(Message(.system, instruction, by: .instruction), at: 0)
        }
        return messages
    }

    static func text(_ message: ChatMessage) -> String {
        let calls = message.calls.map { call in
            "\(callMark)\n{\"name\": \(JSONWriter.text(.string(call.name))), \"arguments\": \(call.arguments)}\n\(callEnd)"
        }
        return ([message.content].filter { !$0.isEmpty } + calls).joined(separator: "\n")
    }

    /// As Qwen2.5's template words it.
    private static func instruction(_ tools: [ChatRequest.Tool]) -> String {
        let lines = tools.map { JSONWriter.text($0.json) }.joined(separator: "\n")
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
    }

    /// The form of a call in these words.
    static let callForm = ModelTemplate.CallForm(
        start: "\(callMark)\n{\"name\": \"", middle: "\", \"arguments\": ", end: "}\n\(callEnd)")
}
