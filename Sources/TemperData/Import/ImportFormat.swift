package import Foundation
package import TemperCore

/// What an import needs to know beside the file.
package struct ImportOptions: Sendable {
    /// The group of the episodes in the run.
    package var group: String
    /// The recipe's word for what wrote them.
    package var policy: String
    /// Ids of tasks that must be there; an absent one becomes an episode with outcome `missing` and reward 0.
    package var expectedTasks: [AgentTask]
    /// How many records there must be, where their ids are not known. More absent ones than ids are only counted.
    package var expectedCount: Int?
    /// Whether a record that cannot be read, or a conversation that must be mended, stops the import instead of being counted.
    package var isStrict: Bool
    /// Scores an answer against the gold one; stored scores are not trusted.
    package var score: @Sendable (_ answer: String?, _ gold: String) -> Score

    package init(
        group: String = "import", policy: String = "recording", expectedTasks: [AgentTask] = [], expectedCount: Int? = nil,
        isStrict: Bool = false,
        score: @escaping @Sendable (_ answer: String?, _ gold: String) -> Score = { _, _ in Score(reward: 0) }
    ) {
        self.group = group
        self.policy = policy
        self.expectedTasks = expectedTasks
        self.expectedCount = expectedCount
        self.isStrict = isStrict
        self.score = score
    }
}

/// A record of a file, read as JSON.
package struct SourceRecord: Sendable {
    /// Counted from 0.
    package var index: Int
    /// Its key, in a file that is one object.
    package var key: String?
    /// As the file spells it.
    package var source: SourceJSON
    package var value: JSONValue { source.value }

    package init(index: Int, key: String? = nil, source: SourceJSON) {
        self.index = index
        self.key = key
        self.source = source
    }

    /// A record that no file holds.
    package init(index: Int, key: String? = nil, value: JSONValue) throws {
        self.init(index: index, key: key, source: try SourceJSON(value))
    }
}

/// What a record became.
package struct ImportedRecord: Sendable {
    package enum Content: Sendable {
        case trajectory(Trajectory)
        /// A chat that is no episode, as a line of a dataset.
        case conversation(Document)
    }

    package var content: Content
    /// Faults of the record that do not keep it out, each with what was done.
    package var found: [String]

    package init(_ content: Content, found: [String] = []) {
        self.content = content
        self.found = found
    }
}

/// A file format that trajectories or conversations come in. A new one is a file with a type like this and a line in
/// ``ImportFormats``.
package protocol ImportFormat: Sendable {
    /// `fireact-results`.
    var name: String { get }
    /// One line for help texts.
    var summary: String { get }
    /// How records stand in its files; nil is JSON lines or an array, told apart by the first byte.
    var shape: RecordStream.Shape? { get }
    /// Whether its records are conversations rather than episodes.
    var givesConversations: Bool { get }

    /// The records of a file's record: itself, or those that it wraps, each with where it stands inside.
    func expand(_ record: SourceRecord) -> [(record: SourceRecord, place: String)]

    /// Reads one record.
    ///
    /// - Throws: an error whose text says what is wrong with the record.
    func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord
}

extension ImportFormat {
    package var shape: RecordStream.Shape? { nil }
    package var givesConversations: Bool { false }
    package func expand(_ record: SourceRecord) -> [(record: SourceRecord, place: String)] { [(record, "")] }

    /// Reads a file as a stream; only the record at hand is in memory.
    ///
    /// - Throws: ``TemperError`` with code `data` when the file as a whole is not of the format, when it holds no record, or in a
    ///   strict import at the first record that would be left out; what `keep` throws.
    package func read(
        _ url: URL, options: ImportOptions, keep: (ImportedRecord.Content) throws -> Void
    ) throws -> ImportReport {
        var report = ImportReport()
        var present: Set<String> = []
        var episodes: Set<EpisodeKey> = []
        var first: AgentTask?
        let stream = try RecordStream(url, shape: shape)
        var lastFault: String?
        func fail(_ fault: RecordFault, at place: String) throws {
            guard !options.isStrict else {
                throw TemperError(
                    .data, fault.reason, place: url.deletingLastPathComponent().appendingPathComponent(place).relativePath,
                    boundary: .data)
            }
            report.drop(fault.reason, at: place)
        }
        while let raw = stream.nextRaw() {
            let place = url.lastPathComponent + raw.place
            var records: [(record: SourceRecord, place: String)] = []
            do {
                let record = SourceRecord(index: raw.index, key: raw.key, source: try raw.source())
                records = expand(record)
                if let inner = records.first?.place, !inner.isEmpty {
                    let others = (record.source.object ?? []).filter { !inner.hasPrefix("." + $0.key) && !$0.value.isEmpty }
                    for (key, _) in others { report.find("the key '\(key.prefix(40))' around the records, not read", at: place) }
                    if options.isStrict, let other = others.first {
                        throw RecordFault("the key '\(other.key.prefix(40))' around the records, not read")
                    }
                }
            } catch let fault as RecordFault {
                report.records += 1
                lastFault = raw.fault ?? lastFault
                report.guess(raw.bytes)
                try fail(fault, at: place)
            }
            for (record, inner) in records {
                var record = record
                // Records that stand in others are numbered on.
                if !inner.isEmpty { record.index = report.records }
                report.records += 1
                do {
                    let imported = try read(record, options: options)
                    if case .trajectory(let trajectory) = imported.content {
                        guard episodes.insert(trajectory.key).inserted else {
                            throw RecordFault("a second record of the same episode")
                        }
                        present.insert(trajectory.key.task)
                        first = first ?? trajectory.task
                    }
                    try keep(imported.content)
                    for found in imported.found { report.find(found, at: place + inner) }
                    report.kept += 1
                } catch let fault as RecordFault {
                    report.guess(record.source, reading: name)
                    try fail(fault, at: place + inner)
                }
            }
        }
        if report.kept == 0, let whole = Self.whole(url) {
            report.advice = RecordShape.advice(whole, reading: name) ?? report.advice
        }
        if report.records == 0 || (report.kept == 0 && lastFault != nil && report.records == 1) {
            throw TemperError(
                .data, "the file holds no record of '\(name)'" + (lastFault.map { ": \($0)" } ?? ""), hint: report.advice,
                place: url.relativePath, boundary: .data)
        }
        try addMissing(present, first, report.kept, options, &report, keep)
        return report
    }

    /// A file of moderate size that is one object over several lines; nil for any other.
    private static func whole(_ url: URL) -> SourceJSON? {
        guard let data = try? Data(contentsOf: url, options: .mappedIfSafe), data.count < 1 << 26,
            data.first == UInt8(ascii: "{")
        else { return nil }
        return try? SourceJSON([UInt8](data))
    }

    /// Expected episodes that are not there, as episodes with outcome `missing` and reward 0.
    private func addMissing(
        _ present: Set<String>, _ first: AgentTask?, _ kept: Int, _ options: ImportOptions, _ report: inout ImportReport,
        _ keep: (ImportedRecord.Content) throws -> Void
    ) throws {
        var tasks = options.expectedTasks.filter { !present.contains($0.id) }
        for number in 0..<max(0, (options.expectedCount ?? 0) - kept - tasks.count) {
            tasks.append(
                AgentTask(
                    id: "missing-\(number)", suite: first?.suite ?? "hotpotqa", split: first?.split ?? "", instruction: "",
                    payload: .object([:])))
        }
        for task in tasks {
            report.drop(Outcome.missing.rawValue, at: task.id)
            let score = options.score(nil, task.referenceAnswer ?? "")
            try keep(
                .trajectory(
                    Trajectory(
                        key: EpisodeKey(group: options.group, suite: task.suite, task: task.id, method: .react), task: task,
                        policy: options.policy, seed: 0, turns: [], outcome: .missing,
                        score: Score(reward: 0, metrics: score.metrics.mapValues { _ in 0 }))))
        }
    }

    /// The episodes of a file, in memory.
    package func read(_ url: URL, options: ImportOptions) throws -> (trajectories: [Trajectory], report: ImportReport) {
        var trajectories: [Trajectory] = []
        let report = try read(url, options: options) { content in
            if case .trajectory(let trajectory) = content { trajectories.append(trajectory) }
        }
        return (trajectories, report)
    }
}

/// The formats by name.
package enum ImportFormats {
    package static let all: [any ImportFormat] =
        [FireActResults(), FireActAlpaca(), FireActChat()] + ChatFormat.all

    /// - Throws: ``TemperError`` with code `usage` that lists the names there are.
    package static func named(_ name: String) throws -> any ImportFormat {
        if let format = all.first(where: { $0.name == name }) { return format }
        throw TemperError(
            .usage, "there is no import format '\(name)'", hint: "there are: \(all.map(\.name).joined(separator: ", "))",
            boundary: .data)
    }
}
