import TemperCore
import TemperTokenizers
import TemperTransformer

/// A chat with its tools in the tokens of a model: by ``ChatTemplate/prompt(_:tokenizer:)``, as for training.
enum ChatPrompt {
    /// - Throws: ``APIError`` when the chat does not fit the context; what the template refuses.
    static func encode(_ request: ChatRequest, _ served: ServedModel) throws -> [Int32] {
        let model = served.model
        var given = request.messages
        var start = ""
        if request.continuesLastMessage, let last = given.popLast() { start = last.value.callsWorded.text }
        try requireCalls(given)
        // A model's own template may leave out what an assistant wrote, and spaces between JSON.
        var isOwn = false
        if case .model = model.template { isOwn = true }
        let certain = given.reduce(start.utf8.count) { $0 + (isOwn && $1.role == .assistant ? 0 : $1.content.utf8.count) }
        try served.requireMayFit(byteCount: certain)
        let hasTools = request.toolChoice != .none && !request.tools.isEmpty
        let chat = TemplateChat(given.map(\.value), tools: hasTools ? request.toolsText : nil, thinks: request.thinks)
        var prompt = try model.template.prompt(chat, tokenizer: model.tokenizer)
        if !start.isEmpty { prompt += model.tokenizer.encode(start, isContinued: true) }
        return prompt
    }

    /// Refuses results that follow no call.
    private static func requireCalls(_ given: [ChatMessage]) throws(APIError) {
        var open = false
        for (index, message) in given.enumerated() {
            if message.role == .tool, !open { throw .field("messages[\(index)]", "answers no tool call") }
            open = message.role == .tool || !message.calls.isEmpty
        }
    }

    /// The form of a call in the words of templates that have none.
    static let callForm = ModelTemplate.CallForm(
        start: "\(ToolWords.callMark)\n{\"name\": \"", middle: "\", \"arguments\": ", end: "}\n\(ToolWords.callEnd)")
}

extension ChatMessage {
    /// As templates read it.
    var value: TemplateChat.Message {
        let role: TemplateChat.Role, author: Author
        switch self.role {
        case .system, .developer: (role, author) = (.system, .instruction)
        case .user: (role, author) = (.user, .instruction)
        case .assistant: (role, author) = (.assistant, .policy)
        case .tool: (role, author) = (.tool, .environment)
        }
        var message = TemplateChat.Message(role, content, by: author)
        message.isNull = !hasContent
        message.calls = calls.map { .init(id: $0.id.isEmpty ? nil : $0.id, name: $0.name, arguments: $0.arguments) }
        (message.callID, message.name, message.reasoning) = (callID, name, reasoning)
        return message
    }
}
