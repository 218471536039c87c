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

    /// Tokens and mask. A token is trained iff its span is (``TrainedAuthors``); the token that ends a reply goes with the
    /// reply's last span, since a model must learn to stop. Its weight is its span's.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the document when no token is trained, when the trained
    ///   tokens of a span do not decode to the span byte for byte, or when a model's own template shows a reply otherwise than
    ///   the model is asked for it.
    package func encode(_ document: Document) throws -> EncodedDocument {
        let document = trained.verdict(on: document)
        let messages = document.messages.map { Message($0.role, $0.spans.map { Span($0.text, by: $0.author) }) }
        do {
            try template.requireExact(messages, trained: trainedMessages(of: document))
        } catch let error as TemperError {
            throw TemperError(
                error.code, error.message, hint: error.hint, place: document.provenance.name, boundary: .data, cause: error)
        }
        let encoded = try template.encode(messages, tokenizer: tokenizer)
        var mask = [UInt8](repeating: 0, count: encoded.ids.count)
        var weights = [Float](repeating: 1, count: encoded.ids.count)
        var decoded: [SpanPlace: [UInt8]] = [:]
        for index in encoded.ids.indices {
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
        for (m, message) in document.messages.enumerated() {
            for (s, span) in message.spans.enumerated() where span.train {
                guard decoded[SpanPlace(message: m, span: s), default: []].elementsEqual(span.text.utf8) else {
                    throw TemperError(
                        .data, "the trained tokens of message \(m), span \(s) do not decode to its text",
                        hint: "the tokenizer or the chat template '\(template.rawValue)' changes text",
                        place: document.provenance.name, boundary: .data)
                }
            }
        }
        guard mask.contains(1) else {
            throw TemperError(
                .data, "no token of the document is trained", hint: "does 'curate.train_on' name the authors of its replies?",
                place: document.provenance.name, boundary: .data)
        }
        let isWeighted = weights.contains { $0 != 1 }
        return EncodedDocument(
            document: document, tokens: TokenDocument(ids: encoded.ids, mask: mask, weights: isWeighted ? weights : nil),
            authors: encoded.authors)
    }

    private func trainedMessages(of document: Document) -> Set<Int> {
        Set(document.messages.indices.filter { document.messages[$0].spans.contains { $0.train && !$0.text.isEmpty } })
    }

    private struct SpanPlace: Hashable {
        var message: Int
        var span: Int
    }
}
