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
    package var value: JSONValue

    package init(index: Int, key: String? = nil, value: JSONValue) {
        self.index = index
        self.key = key
        self.value = value
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

    /// Reads one record.
    ///
    /// - Throws: an error whose text says what is wrong with the record.
    func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord
}

extension ImportFormat {
    package var shape: RecordStream.Shape? { nil }
    package var givesConversations: Bool { false }

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
        while let raw = stream.nextRaw() {
            report.records += 1
            let place = url.lastPathComponent + raw.place
            do {
                let value = try raw.value()
                let imported = try read(SourceRecord(index: raw.index, key: raw.key, value: value), options: options)
                if case .trajectory(let trajectory) = imported.content {
                    guard episodes.insert(trajectory.key).inserted else {
                        throw RecordFault("a second record of the same episode")
                    }
                    present.insert(trajectory.key.task)
                    first = first ?? trajectory.task
                }
                try keep(imported.content)
                for found in imported.found { report.find(found, at: place) }
                report.kept += 1
            } catch let fault as RecordFault {
                guard !options.isStrict else {
                    throw TemperError(.data, fault.reason, place: url.relativePath + raw.place, boundary: .data)
                }
                lastFault = raw.fault ?? lastFault
                report.drop(fault.reason, at: place)
            }
        }
        if report.records == 0 || (report.kept == 0 && lastFault != nil && report.records == 1) {
            throw TemperError(
                .data, "the file holds no record of '\(name)'" + (lastFault.map { ": \($0)" } ?? ""), place: url.relativePath,
                boundary: .data)
        }
        try addMissing(present, first, report.kept, options, &report, keep)
        return report
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
