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
    /// [T]; whether a token is of a reply that is trained, its end of turn with it.
    package var isReply: [Bool]
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
    /// In Temper's own layouts every span is encoded by itself, so the ids of the first messages and a generation prompt are a prefix
    /// of the ids of the whole. What a model's own template writes is encoded as one text.
    ///
    /// - Throws: ``TemperError`` with code `data` as ``pieces(_:tools:addGenerationPrompt:)``, and when the tokenizer lacks a
    ///   special token of the template; Vicuna and Alpaca are plain text and write `</s>` out instead.
    package func encode(
        _ messages: [Message], tools: [ToolDefinition] = [], tokenizer: Tokenizer, addGenerationPrompt: Bool = false
    ) throws -> EncodedConversation {
        try requireSpecialTokens(of: tokenizer)
        var isOneText = false
        if case .model = self { isOneText = true }
        let pieces = try pieces(messages, tools: tools, addGenerationPrompt: addGenerationPrompt)
        return EncodedConversation(
            pieces.enumerated().map { index, piece in
                ChatRun(
                    text: piece.text, isControl: piece.holdsSpecialTokens, author: piece.author, message: piece.messageIndex,
                    span: piece.spanIndex, group: isOneText ? 0 : index)
            }, tokenizer: tokenizer)
    }

    /// - Throws: ``TemperError`` with code `data` for a template that cannot be read, and when the tokenizer lacks a special token of it.
    package func requireSpecialTokens(of tokenizer: Tokenizer) throws {
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
