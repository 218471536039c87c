import Foundation
import TemperCore

/// What became of one general conversation that was chosen.
enum RenderedConversation: Sendable {
    /// One, or one for each reply.
    case documents([CuratedDocument])
    case tooLong
    case contaminated
    case unusable(String)
}

/// Makes tokens of a general conversation.
typealias GeneralRendering = @Sendable (Document) throws -> RenderedConversation

/// One file of general conversations, from which a mix draws.
///
/// Two passes. The first reads the whole file as a stream and keeps, of the conversations that can be used, those with the
/// smallest priorities, which are drawn from the seed and the record's position: a uniform sample without repetition, of which only
/// position, place and priority are in memory. The second fetches these from the file in order of priority, which is a random order,
/// and passes over those that are too long; if too many are, the first is done again for twice as many. So memory depends on how
/// many are wanted, never on the file.
struct GeneralSource {
    /// What is read, checked and turned into tokens at once.
    static let batchSize = 1024
    /// The number of characters from which the language is told.
    static let languageCharacters = 4000

    let url: URL
    let format: ChatFormat
    let language: String
    /// Tells sources apart in draws; the file's name without its folder, so that the same recipe gives the same bytes anywhere.
    let name: String
    let seed: UInt64

    /// The place of a conversation that was chosen.
    struct Pick: Sendable {
        var priority: UInt64
        var index: Int
        var offset: Int
        var count: Int
    }

    /// - Parameter number: its position among the sources.
    init(_ source: MixOptions.Source, number: Int, options: MixOptions, seed: UInt64) throws {
        url = URL(fileURLWithPath: source.path)
        language = options.language
        name = "\(number):\(url.lastPathComponent)"
        self.seed = seed
        if let given = source.format, let format = ChatFormat.all.first(where: { $0.name == given }) {
            self.format = format
            return
        }
        let stream = try RecordStream(url)
        let first = IteratorSequence(AnyIterator { stream.nextRaw() }).lazy.compactMap { try? $0.source() }.first {
            $0.object != nil
        }
        guard let first, let format = ChatFormat.detect(first) else {
            throw TemperError(
                .data, "the format of the conversations cannot be told",
                hint: "name it: { path: …, format: \(ChatFormat.all.map(\.name).joined(separator: " | ")) }", place: source.path,
                boundary: .data)
        }
        self.format = format
    }

    /// What became of one record in the first pass.
    private enum Reading: Sendable {
        case unusable(String)
        /// - tokens: what the user says, turn by turn, for the contamination check; empty without one.
        case usable(found: [String], tokens: [[Int32]])
    }

    /// What the first pass gives.
    struct Choice: Sendable {
        /// How many were asked for.
        var limit: Int
        /// The conversations with the smallest priorities, in order.
        var picks: [Pick]
        var report: MixReport.Source
    }

    /// Draws conversations, in a random order.
    ///
    /// - Parameters:
    ///   - wanted: how many; fewer come when there are no more.
    ///   - choice: of ``choose(for:workers:_:)``.
    ///   - matcher: what tells conversations to pass over.
    ///   - redactor: replaces secrets.
    ///   - render: makes tokens of a document.
    /// - Throws: ``TemperError`` with code `data` when there is none to draw.
    func draw(
        _ wanted: Int, from choice: Choice, workers: Int, _ matcher: TestTexts.Matcher?, _ redactor: Redactor?,
        render: GeneralRendering
    ) throws -> (documents: [CuratedDocument], report: MixReport.Source) {
        var choice = choice
        while true {
            var (picks, report) = (choice.picks, choice.report)
            var documents: [CuratedDocument] = []
            for start in stride(from: 0, to: picks.count, by: Self.batchSize) where documents.count < wanted {
                let batch = Array(picks[start..<min(picks.count, start + Self.batchSize)])
                for item in try self.documents(batch, workers: workers, matcher, redactor, render) where documents.count < wanted
                {
                    switch item {
                    case .documents(let some): documents += some.prefix(wanted - documents.count)
                    case .unusable(let reason): ImportReport.add(reason, at: url.lastPathComponent, to: &report.dropped)
                    case .tooLong: report.tooLong += 1
                    case .contaminated: report.contaminated = (report.contaminated ?? 0) + 1
                    }
                }
            }
            guard documents.count == wanted || picks.count == report.usable else {
                var unread: TestTexts?
                choice = try choose(2 * choice.limit, workers: workers, &unread)
                continue
            }
            guard !documents.isEmpty || wanted == 0 else {
                throw TemperError(
                    .data, "there is no conversation that can be used among its \(report.records) records",
                    hint: (report.dropped.map { "\($0.reason): \($0.count)" }
                        + ["too long: \(report.tooLong)", "contaminated: \(report.contaminated ?? 0)"])
                        .joined(separator: "; "), place: url.path, boundary: .data)
            }
            (report.drawn, report.distinct) = (wanted, documents.count)
            return (documents, report)
        }
    }

    /// The first pass, for as many conversations as are wanted and some more, in case some cannot be used.
    ///
    /// - Parameter tests: sees every conversation of the file that can be used.
    func choose(for wanted: Int, workers: Int, _ tests: inout TestTexts?) throws -> Choice {
        try choose(wanted + wanted / 4 + 16, workers: workers, &tests)
    }

    private func choose(_ wanted: Int, workers: Int, _ tests: inout TestTexts?) throws -> Choice {
        var report = MixReport.Source(name: url.lastPathComponent, format: format.name)
        let numbering = tests
        let stream = try RecordStream(url)
        var picks: [Pick] = []
        /// Above it no conversation is chosen any more.
        var limit = UInt64.max
        func trim() {
            picks.sort { ($0.priority, $0.index) < ($1.priority, $1.index) }
            guard picks.count > wanted else { return }
            picks.removeSubrange(wanted...)
            limit = picks.last?.priority ?? 0
        }
        while true {
            var batch: [RecordStream.Raw] = []
            while batch.count < Self.batchSize, let raw = stream.nextRaw() { batch.append(raw) }
            guard !batch.isEmpty else { break }
            for (raw, reading) in zip(batch, try OrderedParallel.map(batch, workers: workers) { try read($0, numbering) }) {
                report.records += 1
                let place = url.lastPathComponent + raw.place
                switch reading {
                case .unusable(let reason): ImportReport.add(reason, at: place, to: &report.dropped)
                case .usable(let found, let tokens):
                    for turn in tokens { tests?.scan(turn) }
                    for reason in found { ImportReport.add(reason, at: place, to: &report.found) }
                    report.usable += 1
                    let priority = RandomSource.derive(seed, ["general", name, String(raw.index)])
                    guard priority <= limit else { continue }
                    picks.append(Pick(priority: priority, index: raw.index, offset: raw.offset, count: raw.bytes.count))
                }
            }
            if picks.count > 2 * max(wanted, Self.batchSize) { trim() }
        }
        trim()
        return Choice(limit: wanted, picks: picks, report: report)
    }

    /// Chosen conversations, fetched and rendered, in the order of the picks.
    private func documents(
        _ picks: [Pick], workers: Int, _ matcher: TestTexts.Matcher?, _ redactor: Redactor?, _ render: GeneralRendering
    ) throws -> [RenderedConversation] {
        let stream = try RecordStream(url)
        let raws = try picks.map { pick in
            RecordStream.Raw(
                index: pick.index, place: "", offset: pick.offset, bytes: try stream.bytes(at: pick.offset, count: pick.count))
        }
        let chosen = try OrderedParallel.map(raws, workers: workers) { raw -> Document? in
            do {
                let document = try document(raw).document
                return matcher?.matches(document.askedTexts) == true ? nil : document
            } catch let fault as RecordFault {
                throw TemperError(
                    .data, "the file changed while it was read: \(fault.reason)", place: url.path, boundary: .data, cause: fault)
            }
        }
        let shown = redactor.map { redactor in chosen.map { $0.map(redactor.redacted) } } ?? chosen
        return try OrderedParallel.map(shown, workers: workers) { document in
            guard let document else { return .contaminated }
            return try render(document)
        }
    }

    private func read(_ raw: RecordStream.Raw, _ tests: TestTexts?) throws -> Reading {
        do {
            let (document, chat, found) = try document(raw)
            guard language != "en" || LanguageFilter.isEnglish(chat.turns.lazy.map(\.text), limit: Self.languageCharacters) else {
                return .unusable("not in English")
            }
            return .usable(found: found, tokens: tests.map { document.askedTexts.map($0.tokens) } ?? [])
        } catch let fault as RecordFault {
            return .unusable(fault.reason)
        }
    }

    private func document(_ raw: RecordStream.Raw) throws -> (document: Document, chat: Chat, found: [String]) {
        let chat = try format.chat(try raw.source())
        let (document, found) = try chat.document(source: "general/" + url.lastPathComponent, number: raw.index)
        return (document, chat, found)
    }
}
