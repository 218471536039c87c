package import TemperCore

/// A chat as ids, each with who wrote it.
package struct EncodedConversation: Sendable, Hashable {
    /// [T]
    package var ids: [Int32]
    /// [T]; nil: the template's own text.
    package var authors: [Author?]
    /// [T]; the message a token belongs to, `messages.count` for a generation prompt.
    package var messageIndex: [Int]
    /// [T]; the span of the message whose text a token is; nil for the template's own text and the end of a turn.
    package var spanIndex: [Int?]
}

extension ChatTemplate {
    /// The chat as one text.
    ///
    /// - Throws: as ``pieces(_:tools:addGenerationPrompt:)``.
    package func render(
        _ messages: [Message], tools: [ToolDefinition] = [], addGenerationPrompt: Bool = false
    ) throws -> String {
        try pieces(messages, tools: tools, addGenerationPrompt: addGenerationPrompt).map(\.text).joined()
    }

    /// The chat as ids.
    ///
    /// The ids of the first messages and a generation prompt are a prefix of the ids of the whole; with a model's own template
    /// ``requireExact(_:trained:)`` checks it.
    ///
    /// - Throws: ``TemperError`` with code `data` as ``pieces(_:tools:addGenerationPrompt:)``, and when the tokenizer lacks a
    ///   special token of the template; Vicuna and Alpaca are plain text and write `</s>` out instead.
    package func encode(
        _ messages: [Message], tools: [ToolDefinition] = [], tokenizer: Tokenizer, addGenerationPrompt: Bool = false
    ) throws -> EncodedConversation {
        try requireSpecialTokens(of: tokenizer)
        var result = EncodedConversation(ids: [], authors: [], messageIndex: [], spanIndex: [])
        for piece in try pieces(messages, tools: tools, addGenerationPrompt: addGenerationPrompt) {
            // A tokenizer that puts a space before a text does so once.
            let ids = tokenizer.encode(
                piece.text, allowingSpecialTokens: piece.holdsSpecialTokens, isContinued: !result.ids.isEmpty)
            result.ids += ids
            result.authors += ids.map { _ in piece.author }
            result.messageIndex += ids.map { _ in piece.messageIndex }
            result.spanIndex += ids.map { _ in piece.spanIndex }
        }
        return result
    }

    /// Checks that the replies of a chat can be learnt exactly as a model is asked for them. Temper's own layouts always can.
    ///
    /// - Parameter trained: indices of messages of the assistant.
    /// - Throws: ``TemperError`` with code `data` that says what a model's own template does to which message.
    package func requireExact(_ messages: [Message], trained: Set<Int>) throws {
        if case .model(let template) = self { try template.requireExact(messages, trained: trained) }
    }

    func requireSpecialTokens(of tokenizer: Tokenizer) throws {
        let needed: [String]
        switch self {
        case .chatML: needed = ["<|im_start|>", "<|im_end|>"]
        case .llama2: needed = ["<s>", "</s>"]
        case .vicuna, .alpaca: needed = []
        case .model(let template):
            try template.requireReadable()
            needed = template.requiredTokens
        }
        for token in needed where tokenizer.id(ofSpecial: token) == nil {
            throw TemperError(
                .data, "the tokenizer has no special token '\(token)', which the chat template '\(rawValue)' needs",
                hint: "choose another template (vicuna and alpaca need none) or another tokenizer", boundary: .data)
        }
    }
}
