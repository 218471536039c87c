public import TemperCore

/// A chat as ids, each with who wrote it.
public struct EncodedConversation: Sendable, Hashable {
    /// [T]
    public var ids: [Int32]
    /// [T]; nil: the template's own text.
    public var authors: [Author?]
    /// [T]; the message a token belongs to, `messages.count` for a generation prompt.
    public var messageIndex: [Int]
    /// [T]; the span of the message whose text a token is; nil for the template's own text and the end of a turn.
    public var spanIndex: [Int?]
}

extension ChatTemplate {
    /// The chat as one text.
    ///
    /// - Throws: as ``pieces(_:addGenerationPrompt:)``.
    public func render(_ messages: [Message], addGenerationPrompt: Bool = false) throws -> String {
        try pieces(messages, addGenerationPrompt: addGenerationPrompt).map(\.text).joined()
    }

    /// The chat as ids.
    ///
    /// The ids of the first messages and a generation prompt are a prefix of the ids of the whole.
    ///
    /// - Throws: ``TemperError`` with code `data` as ``pieces(_:addGenerationPrompt:)``, and when the tokenizer lacks a
    ///   special token of the template; Vicuna and Alpaca are plain text and write `</s>` out instead.
    public func encode(
        _ messages: [Message], tokenizer: Tokenizer, addGenerationPrompt: Bool = false
    ) throws -> EncodedConversation {
        try requireSpecialTokens(of: tokenizer)
        var result = EncodedConversation(ids: [], authors: [], messageIndex: [], spanIndex: [])
        for piece in try pieces(messages, addGenerationPrompt: addGenerationPrompt) {
            let ids = tokenizer.encode(piece.text, allowingSpecialTokens: piece.spanIndex == nil)
            result.ids += ids
            result.authors += ids.map { _ in piece.author }
            result.messageIndex += ids.map { _ in piece.messageIndex }
            result.spanIndex += ids.map { _ in piece.spanIndex }
        }
        return result
    }

    private func requireSpecialTokens(of tokenizer: Tokenizer) throws {
        let needed: [String]
        switch self {
        case .chatML: needed = ["<|im_start|>", "<|im_end|>"]
        case .llama2: needed = ["<s>", "</s>"]
        case .vicuna, .alpaca: needed = []
        }
        for token in needed where tokenizer.id(ofSpecial: token) == nil {
            throw TemperError(
                .data, "the tokenizer has no special token '\(token)', which the chat template '\(rawValue)' needs",
                hint: "choose another template (vicuna and alpaca need none) or another tokenizer", boundary: .data)
        }
    }
}
