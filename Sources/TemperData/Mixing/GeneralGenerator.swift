package import TemperCore

/// General conversations that are made as they are drawn, such as those of the pocket world.
package struct GeneralGenerator: Sendable {
    /// How many are made and turned into tokens at once.
    private static let batchSize = 256

    /// What a recipe writes in a path's place.
    package let name: String
    /// The conversation of an index, nil where the index has none; the same (seed, index) gives the same.
    private let conversation: @Sendable (_ index: Int, _ seed: UInt64) -> [Message]?

    package init(name: String, conversation: @escaping @Sendable (_ index: Int, _ seed: UInt64) -> [Message]?) {
        self.name = name
        self.conversation = conversation
    }

    /// The first conversations that can be used, each made once.
    ///
    /// - Parameters:
    ///   - matcher: what tells conversations to pass over.
    ///   - redactor: replaces secrets.
    ///   - render: makes tokens of a document.
    /// - Throws: ``TemperError`` with code `data` when hardly any can be used.
    func draw(
        _ wanted: Int, seed: UInt64, workers: Int, _ matcher: TestTexts.Matcher?, _ redactor: Redactor?, render: GeneralRendering
    ) throws -> (documents: [CuratedDocument], report: MixReport.Source) {
        var report = MixReport.Source(name: name, format: "generated")
        var documents: [CuratedDocument] = []
        while documents.count < wanted {
            let batch = Array(report.records..<report.records + Self.batchSize)
            let made = try OrderedParallel.map(batch, workers: workers) { index -> Made in
                guard let document = document(index, seed: seed) else { return .none }
                return matcher?.matches(document.askedTexts) == true ? .contaminated : .document(document)
            }
            let shown = made.map { item -> Made in
                if let redactor, case .document(let document) = item { return .document(redactor.redacted(document)) }
                return item
            }
            let rendered = try OrderedParallel.map(shown, workers: workers) { item -> RenderedConversation? in
                switch item {
                case .none: nil
                case .contaminated: .contaminated
                case .document(let document): try render(document)
                }
            }
            for item in rendered where documents.count < wanted {
                report.records += 1
                switch item {
                case nil: continue
                case .documents(let some): documents += some.prefix(wanted - documents.count)
                case .unusable(let reason):
                    ImportReport.add(reason, at: name, to: &report.dropped)
                    continue
                case .contaminated: report.contaminated = (report.contaminated ?? 0) + 1
                case .tooLong: report.tooLong += 1
                }
                report.usable += 1
            }
            guard report.records < 100 * (wanted + 100) || documents.count == wanted else {
                throw TemperError(
                    .data, "of \(report.records) conversations of '\(name)' only \(documents.count) can be used",
                    hint: "too long: \(report.tooLong); contaminated: \(report.contaminated ?? 0)", boundary: .data)
            }
        }
        (report.drawn, report.distinct) = (wanted, documents.count)
        return (documents, report)
    }

    private enum Made: Sendable {
        case none, contaminated
        case document(Document)
    }

    /// Lets the tests see as many conversations as are wanted.
    func scan(_ wanted: Int, seed: UInt64, _ tests: inout TestTexts?) {
        guard tests != nil else { return }
        for index in 0..<wanted {
            for text in document(index, seed: seed)?.askedTexts ?? [] { tests?.scan(text) }
        }
    }

    private func document(_ index: Int, seed: UInt64) -> Document? {
        guard let messages = conversation(index, seed) else { return nil }
        return Document(
            messages: messages.map { message in
                Document.Message(
                    role: message.role,
                    spans: message.spans.map { Document.Span($0.text, by: $0.author, train: message.role == .assistant) })
            },
            provenance: Document.Provenance(run: "", source: "general/" + name, number: index, id: String(index)))
    }
}
