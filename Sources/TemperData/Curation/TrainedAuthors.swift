import TemperCore

/// The authors whose text is learnt, and with them the one place that says which parts of a document train.
struct TrainedAuthors: Sendable {
    private let authors: Set<Author>

    /// - Throws: ``TemperError`` with code `data` when one of them can never be trained.
    init(_ trainOn: [Author]) throws {
        if let author = trainOn.first(where: Author.neverTrained.contains) {
            throw TemperError(.data, "text of '\(author.rawValue)' can never be trained", boundary: .recipe)
        }
        authors = Set(trainOn)
    }

    func contains(_ author: Author) -> Bool { authors.contains(author) }

    /// The document as it trains: a span is marked iff it was, counts, is part of a reply and has an author that trains.
    func verdict(on document: Document) -> Document {
        var document = document
        for index in document.messages.indices {
            let isReply = document.messages[index].role == .assistant
            document.messages[index].spans = document.messages[index].spans.map { span in
                let isTrained = isReply && span.isTrained && contains(span.author)
                return Document.Span(span.text, by: span.author, train: isTrained, weight: isTrained ? span.weight : 1)
            }
        }
        return document
    }
}
