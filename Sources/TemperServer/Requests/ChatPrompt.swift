import TemperCore
import TemperTokenizers
import TemperTransformer

/// A chat with its tools in the tokens of a model.
///
/// This is the one place that knows how functions, calls and their answers are put into words: in the form that Hermes and
/// Qwen models are trained on, which goes into the system message, so it serves every template.
enum ChatPrompt {
    static let callMark = "<tool_call>", callEnd = "</tool_call>"

    /// - Throws: ``APIError`` when the chat does not fit the context or the template.
    static func encode(_ request: ChatRequest, _ served: ServedModel) throws -> [Int32] {
        let tools = request.toolChoice == .none ? [] : request.tools
        var messages = try plain(request.messages, tools: tools)
        var start = ""
        if request.continuesLastMessage, let last = messages.popLast() { start = last.text }
        try served.requireMayFit(byteCount: messages.reduce(start.utf8.count) { $0 + $1.text.utf8.count })
        let model = served.model
        var prompt = try model.template.encode(messages, tokenizer: model.tokenizer, addGenerationPrompt: true).ids
        if !start.isEmpty { prompt += model.tokenizer.encode(start, isContinued: true) }
        return prompt
    }

    /// The chat in the roles that every template has.
    private static func plain(_ given: [ChatMessage], tools: [ChatRequest.Tool]) throws(APIError) -> [Message] {
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

    private static func text(_ message: ChatMessage) -> String {
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

    /// What a reply that must call a function begins with.
    static let callStart = "\(callMark)\n{\"name\": \""

    /// What follows a function's name.
    static let argumentsStart = "\", \"arguments\": "
}
