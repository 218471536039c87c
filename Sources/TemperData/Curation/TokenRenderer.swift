package import TemperCore
package import TemperTokenizers

/// A document in tokens, each with its author.
package struct EncodedDocument: Sendable, Hashable {
    /// The document with only those spans marked that train.
    package var document: Document
    /// Ids, and a mask that is 1 where the token is learnt.
    package var tokens: TokenDocument
    /// One per token; nil for what the chat template itself writes.
    package var authors: [Author?]
}

/// Renders documents to tokens and mask, and proves each one.
package struct TokenRenderer: Sendable {
    package let tokenizer: Tokenizer
    package let template: ChatTemplate
    private let trained: TrainedAuthors

    /// - Parameter trainOn: the authors learnt from.
    /// - Throws: ``TemperError`` with code `data` when one of them can never be trained.
    package init(tokenizer: Tokenizer, template: ChatTemplate, trainOn: [Author] = Array(Author.trainedByDefault)) throws {
        self.tokenizer = tokenizer
        self.template = template
        trained = try TrainedAuthors(trainOn)
    }

    /// Tokens and mask of a document that one text can show. A token is trained iff its span is (``TrainedAuthors``); the token that
    /// ends a reply goes with the reply's last span, since a model must learn to stop, and so do its calls and its reasoning. Its
    /// weight is its span's.
    ///
    /// - Throws: as ``encodeAll(_:)``, and ``TemperError`` with code `data` when the document needs a text for each reply.
    package func encode(_ document: Document) throws -> EncodedDocument {
        let all = try encodeAll(document)
        guard all.count == 1 else {
            throw TemperError(
                .data, "the chat template '\(template.rawValue)' needs one document per reply", place: document.provenance.name,
                boundary: .data)
        }
        return all[0]
    }

    /// The document in tokens; one for each trained reply, with ``Document/Provenance/call``, where the template rewrites what comes
    /// before a reply, so that each reply follows exactly what the model is shown when it is asked for it.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the document when no token is trained, when the trained
    ///   tokens of a span do not decode to the span byte for byte, or when a model's own template shows a reply otherwise than
    ///   it is; what the template refuses.
    package func encodeAll(_ document: Document) throws -> [EncodedDocument] {
        var document = trained.verdict(on: document)
        if document.provenance.method == nil { document = document.joiningSpans }
        let cut = Set(
            document.messages.indices.filter { index in
                let spans = document.messages[index].spans
                return spans.contains { ($0.train, $0.weight) != (spans[0].train, spans[0].weight) }
            })
        do {
            return try template.training(
                document.chat, trained: trainedMessages(of: document), cut: cut, tokenizer: tokenizer
            ).map { text in
                try encoded(text.reply.map { document.only(reply: $0) } ?? document, text.encoded)
            }
        } catch let error as TemperError {
            throw TemperError(
                error.code, error.message, hint: error.hint, place: document.provenance.name, boundary: .data, cause: error)
        }
    }

    private func encoded(_ document: Document, _ encoded: EncodedConversation) throws -> EncodedDocument {
        var mask = [UInt8](repeating: 0, count: encoded.ids.count)
        var weights = [Float](repeating: 1, count: encoded.ids.count)
        var decoded: [SpanPlace: [UInt8]] = [:]
        for index in encoded.ids.indices where encoded.isReply[index] {
            guard let author = encoded.authors[index], encoded.messageIndex[index] < document.messages.count else { continue }
            let spans = document.messages[encoded.messageIndex[index]].spans
            let place = encoded.spanIndex[index]
            guard let span = place.map({ spans[$0] }) ?? spans.last, span.train, span.author == author else { continue }
            mask[index] = 1
            weights[index] = Float(span.weight)
            guard let place else { continue }
            decoded[SpanPlace(message: encoded.messageIndex[index], span: place), default: []] +=
                tokenizer.bytes(of: encoded.ids[index])
        }
        if !isOwn { try requireTexts(of: document, decoded) }
        guard mask.contains(1) else {
            throw TemperError(
                .data, "no token of the document is trained", hint: "does 'curate.train_on' name the authors of its replies?",
                boundary: .data)
        }
        let isWeighted = weights.contains { $0 != 1 }
        return EncodedDocument(
            document: document, tokens: TokenDocument(ids: encoded.ids, mask: mask, weights: isWeighted ? weights : nil),
            authors: encoded.authors)
    }

    /// Whether the template is a model's own, whose replies are tokenised as one text and checked as such.
    private var isOwn: Bool {
        if case .model = template { return true }
        return false
    }

    /// The proof: the trained tokens of every span decode to it.
    private func requireTexts(of document: Document, _ decoded: [SpanPlace: [UInt8]]) throws {
        for (m, message) in document.messages.enumerated() where message.calls == nil && message.reasoning == nil {
            for (s, span) in message.spans.enumerated() where span.train {
                guard decoded[SpanPlace(message: m, span: s), default: []].elementsEqual(span.text.utf8) else {
                    throw TemperError(
                        .data, "the trained tokens of message \(m), span \(s) do not decode to its text",
                        hint: "the tokenizer or the chat template '\(template.rawValue)' changes text", boundary: .data)
                }
            }
        }
    }

    private func trainedMessages(of document: Document) -> Set<Int> {
        Set(
            document.messages.indices.filter { index in
                let message = document.messages[index]
                return message.spans.contains { $0.train && (!$0.text.isEmpty || message.isStructured) }
            })
    }

    private struct SpanPlace: Hashable {
        var message: Int
        var span: Int
    }
}
