import Foundation
import TemperCore

/// One file of general conversations, from which a mix draws.
///
/// Two passes. The first reads the whole file as a stream and keeps, of the conversations that can be used, those with the
/// smallest priorities, which are drawn from the seed and the record's position: a uniform sample without repetition, of which only
/// position, place and priority are in memory. The second fetches these from the file in order of priority, which is a random order.
/// Memory so depends on how many are wanted, never on the file.
struct GeneralSource {
    /// What is read, checked and turned into tokens at once.
    static let batchSize = 1024
    /// The language is told from so many characters.
    static let languageCharacters = 4000

    let url: URL
    let format: ChatFormat
    let language: String
    /// Tells sources apart in draws; the file's name without its folder, so that the same recipe gives the same bytes anywhere.
    let name: String
    let seed: UInt64

    /// A conversation that was chosen: where it stands.
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
        let first = try RecordStream(url).lazy.compactMap { try? $0.content.get() }.first { $0.object != nil }
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
        /// - Parameter fits: nil when nobody looked, since the record was not among the smallest anyway.
        case usable(found: [String], fits: Bool?)
    }

    /// Chooses conversations.
    ///
    /// - Parameters:
    ///   - wanted: how many.
    ///   - fits: whether a document can be learnt from, as to its length.
    func choose(_ wanted: Int, workers: Int, fits: @Sendable (Document) throws -> Bool) throws -> (
        picks: [Pick], report: MixReport.Source
    ) {
        var report = MixReport.Source(name: url.lastPathComponent, format: format.name)
        let stream = try RecordStream(url)
        var picks: [Pick] = []
        /// Above it no conversation is chosen any more.
        var limit = UInt64.max
        func trim() {
            picks.sort { ($0.priority, $0.index) < ($1.priority, $1.index) }
            guard picks.count > wanted else { return }
            picks.removeSubrange(wanted...)
            limit = wanted == 0 ? 0 : picks[wanted - 1].priority
        }
        while true {
            var batch: [RecordStream.Raw] = []
            while batch.count < Self.batchSize, let raw = stream.nextRaw() { batch.append(raw) }
            guard !batch.isEmpty else { break }
            let now = limit
            let readings = try OrderedParallel.map(batch, workers: workers) { raw in
                try read(raw) { priority(of: raw) <= now ? try fits($0) : nil }
            }
            for (raw, reading) in zip(batch, readings) {
                report.records += 1
                let place = url.lastPathComponent + raw.place
                switch reading {
                case .unusable(let reason): ImportReport.add(reason, at: place, to: &report.dropped)
                case .usable(let found, let fits):
                    for reason in found { ImportReport.add(reason, at: place, to: &report.found) }
                    report.usable += 1
                    if fits == false { report.tooLong += 1 }
                    guard fits == true else { continue }
                    picks.append(
                        Pick(priority: priority(of: raw), index: raw.index, offset: raw.offset, count: raw.bytes.count))
                }
            }
            if picks.count > 2 * max(wanted, Self.batchSize) { trim() }
        }
        trim()
        guard !picks.isEmpty || wanted == 0 else {
            throw TemperError(
                .data, "there is no conversation that can be used among its \(report.records) records",
                hint: report.dropped.map { "\($0.reason): \($0.count)" }.joined(separator: "; "), place: url.path, boundary: .data
            )
        }
        return (picks, report)
    }

    /// The chosen conversations, in the order of the picks.
    func documents(_ picks: [Pick], workers: Int) throws -> [Document] {
        let stream = try RecordStream(url)
        let raws = try picks.map { pick in
            RecordStream.Raw(
                index: pick.index, place: "", offset: pick.offset, bytes: try stream.bytes(at: pick.offset, count: pick.count))
        }
        return try OrderedParallel.map(raws, workers: workers) { raw in
            do {
                return try document(raw).document
            } catch {
                throw TemperError(.data, "the file changed while it was read", place: url.path, boundary: .data, cause: error)
            }
        }
    }

    private func priority(of raw: RecordStream.Raw) -> UInt64 {
        RandomSource.derive(seed, ["general", name, String(raw.index)])
    }

    private func read(_ raw: RecordStream.Raw, fits: (Document) throws -> Bool?) throws -> Reading {
        do {
            let (document, chat, found) = try document(raw)
            if language == "en", !LanguageFilter.isEnglish(chat.text(limit: Self.languageCharacters)) {
                return .unusable("not in English")
            }
            return .usable(found: found, fits: try fits(document))
        } catch let fault as RecordFault {
            return .unusable(fault.reason)
        }
    }

    private func document(_ raw: RecordStream.Raw) throws -> (document: Document, chat: Chat, found: [String]) {
        let chat = try format.chat(try raw.value())
        let (document, found) = try chat.document(source: "general/" + url.lastPathComponent, number: raw.index)
        return (document, chat, found)
    }
}
