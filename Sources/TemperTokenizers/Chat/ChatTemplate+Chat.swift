import TemperCore

extension ChatTemplate {
    /// The ids of a chat up to the reply that is asked for: what the server gives a model, and what every trained reply follows.
    ///
    /// A model's own template puts functions, calls, results and reasoning into its own words; where it has none, and in Temper's own
    /// layouts, ``ToolWords`` does. With a model's own template the ids are those that `transformers` gives for the rendered text, save
    /// that text from outside never becomes a special token.
    ///
    /// - Throws: ``TemperError`` with code `data` for what the template refuses, for tools that are no JSON list, and when the
    ///   tokenizer lacks a special token of the template.
    package func prompt(_ chat: TemplateChat, tokenizer: Tokenizer) throws -> [Int32] {
        if case .model(let template) = self {
            try requireSpecialTokens(of: tokenizer)
            return try ModelTemplate.encode(template.promptText(template.adapted(chat)), tokenizer)
        }
        return try encode(
            chat.ordered.worded().plainMessages, tokenizer: tokenizer, addGenerationPrompt: true
        ).ids
    }

    /// A chat for training, in one text or in one for each reply; before every trained reply stand the ids of ``prompt(_:tokenizer:)``.
    ///
    /// - Parameters:
    ///   - trained: positions of replies.
    ///   - cut: positions of replies whose spans are not all trained alike.
    /// - Throws: as ``prompt(_:tokenizer:)``, and when a template shows a reply otherwise than it is, or without an end of turn.
    package func training(
        _ chat: TemplateChat, trained: Set<Int>, cut: Set<Int>, tokenizer: Tokenizer
    ) throws -> [TrainingText] {
        if case .model(let template) = self {
            try requireSpecialTokens(of: tokenizer)
            return try template.training(chat, trained: trained, cut: cut, tokenizer: tokenizer)
        }
        let worded = try chat.ordered.worded()
        var encoded = try encode(worded.plainMessages, tokenizer: tokenizer)
        for index in encoded.ids.indices {
            let source = worded.messages[encoded.messageIndex[index]].source
            encoded.messageIndex[index] = source
            let given = chat.messages[source]
            if !given.calls.isEmpty || given.reasoning != nil { encoded.spanIndex[index] = nil }
            encoded.isReply[index] = trained.contains(source) && encoded.authors[index] != nil
        }
        return [TrainingText(encoded: encoded)]
    }
}
