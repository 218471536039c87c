import TemperCore

/// A chat in tokens, for training.
package struct TrainingText: Sendable, Hashable {
    package var encoded: EncodedConversation
    /// The position in the given chat of the one reply that is trained; nil when it is all that are to be.
    package var reply: Int?
}

extension ModelTemplate {
    /// The chat for training: in one text, where what the model is shown before each trained reply stands in it, token for token;
    /// otherwise one text for each reply, since the template rewrites what came before (Qwen3, DeepSeek-R1).
    ///
    /// - Parameters:
    ///   - trained: positions of replies.
    ///   - cut: positions of replies whose spans are not all trained alike, which are tokenised one by one.
    /// - Throws: as ``reply(_:in:)``; what the template refuses.
    func training(
        _ given: TemplateChat, trained: Set<Int>, cut: Set<Int>, tokenizer: Tokenizer
    ) throws -> [TrainingText] {
        var chat = try adapted(given)
        func isTrained(_ message: TemplateChat.Message) -> Bool {
            message.role == .assistant && trained.contains(message.source)
                && (!message.text.isEmpty || !message.calls.isEmpty || message.reasoning != nil)
        }
        guard let last = chat.messages.lastIndex(where: isTrained) else {
            var whole = try rendered(chat, addGenerationPrompt: false)
            if whole.forms.splits {
                chat = chat.split
                whole = try rendered(chat, addGenerationPrompt: false)
            }
            return [TrainingText(encoded: encode(whole.text, whole.chat, chat, [], cut, tokenizer))]
        }
        chat = chat.prefix(last + 1)
        if try rendered(chat, addGenerationPrompt: false).forms.splits { chat = chat.split }
        let replies = try chat.messages.indices.filter { isTrained(chat.messages[$0]) }.map { try reply($0, in: chat) }
        guard let whole = replies.last else { return [] }
        if replies.dropLast().allSatisfy({ whole.text.hasPrefix(JinjaText($0.text.glyphs[..<$0.range.upperBound])) }) {
            let encoded = encode(whole.text, whole.chat, chat, replies, cut, tokenizer)
            if isAsShown(encoded, replies, chat, cut, tokenizer) {
                try requireText(of: encoded, replies, tokenizer)
                return [TrainingText(encoded: encoded)]
            }
        }
        return try replies.map { reply in
            let encoded = encode(reply.text, reply.chat, chat, [reply], cut, tokenizer)
            try requireText(of: encoded, [reply], tokenizer)
            return TrainingText(encoded: encoded, reply: chat.messages[reply.index].source)
        }
    }

    /// Whether the tokens before each reply are those of its prompt. What a reply begins with may join the prompt's last token where
    /// the reply is history.
    private func isAsShown(
        _ encoded: EncodedConversation, _ replies: [ReplyText], _ chat: TemplateChat, _ cut: Set<Int>, _ tokenizer: Tokenizer
    ) -> Bool {
        guard replies.count > 1, let last = replies.last else { return true }
        if let endOfTurnText, let endOfTurn, endOfTurnText.hasSuffix(endOfTurn), tokenizer.id(ofSpecial: endOfTurn) != nil {
            return encode(last.text, last.chat, chat, [last], cut, tokenizer).ids == encoded.ids
        }
        return replies.allSatisfy { reply in
            let prompt = JinjaText(reply.text.glyphs[..<reply.range.lowerBound])
            return encoded.ids.starts(with: Self.encode(prompt, tokenizer))
        }
    }

    /// Checks that the tokens of the replies decode to them byte for byte.
    private func requireText(of encoded: EncodedConversation, _ replies: [ReplyText], _ tokenizer: Tokenizer) throws {
        let bytes = encoded.ids.indices.filter { encoded.isReply[$0] }.flatMap { tokenizer.bytes(of: encoded.ids[$0]) }
        let text = replies.map { JinjaText($0.text.glyphs[$0.range]).string }.joined()
        guard bytes.elementsEqual(text.utf8) else {
            throw TemperError(
                .data, "the trained tokens do not decode to the text of the replies",
                hint: "the tokenizer changes text", boundary: .data)
        }
    }

    private func encode(
        _ text: JinjaText, _ tracked: TrackedChat, _ chat: TemplateChat, _ replies: [ReplyText], _ cut: Set<Int>,
        _ tokenizer: Tokenizer
    ) -> EncodedConversation {
        var runs: [ChatRun] = []
        var (reply, group, last) = (0, 0, 0)
        for (index, glyph) in text.glyphs.enumerated() {
            while reply < replies.count, replies[reply].range.upperBound <= index { reply += 1 }
            let own = reply < replies.count && replies[reply].range.contains(index) ? replies[reply] : nil
            let place = tracked.place(of: glyph)
            if let place { last = place.message }
            let message = own?.index ?? last
            var run = ChatRun(text: "", isControl: glyph.origin == JinjaText.control, message: chat.messages[message].source)
            run.isReply = own != nil
            if let place, own == nil || place.message == own?.index {
                (run.span, run.author) = (place.span, tracked.messages[place.message].spans[place.span].author)
            } else if own != nil {
                run.author = tracked.messages[message].spans.last?.author
            }
            let isSame =
                runs.last.map {
                    $0.isControl == run.isControl && $0.span == run.span && $0.message == run.message
                        && $0.isReply == run.isReply
                } ?? false
            let begins = index == own?.range.lowerBound || index == (reply > 0 ? replies[reply - 1].range.upperBound : -1)
            if !isSame || begins {
                if begins || (own != nil && cut.contains(run.message) && runs.last?.span != run.span) { group += 1 }
                run.group = group
                runs.append(run)
            }
            runs[runs.count - 1].text.unicodeScalars.append(glyph.scalar)
        }
        return EncodedConversation(runs, tokenizer: tokenizer)
    }
}
