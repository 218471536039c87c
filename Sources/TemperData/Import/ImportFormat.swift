public import Foundation
public import TemperCore

/// What an importer read, kept and left out: the result of `temper import`.
public struct ImportReport: Codable, Sendable, Hashable {
    /// Records of one kind of fault, with the first places where they stand.
    public struct Dropped: Codable, Sendable, Hashable {
        public var reason: String
        public var count: Int
        /// `file[key]` or `file:line`, at most ten.
        public var places: [String]
    }

    public var records = 0
    public var kept = 0
    public var dropped: [Dropped] = []

    public init() {}

    /// Counts a record that is left out.
    mutating func drop(_ reason: String, at place: String) {
        if let index = dropped.firstIndex(where: { $0.reason == reason }) {
            dropped[index].count += 1
            if dropped[index].places.count < 10 { dropped[index].places.append(place) }
        } else {
            dropped.append(Dropped(reason: reason, count: 1, places: [place]))
        }
    }
}

/// What an import needs to know beside the file.
public struct ImportOptions: Sendable {
    /// The group of the episodes in the run.
    public var group: String
    /// The recipe's word for what wrote them.
    public var policy: String
    /// Ids of tasks that must be there; an absent one becomes an episode with outcome `missing` and reward 0.
    public var expectedTasks: [AgentTask]
    /// How many records there must be, where their ids are not known. More absent ones than ids are only counted.
    public var expectedCount: Int?
    /// Whether a record that cannot be read stops the import instead of being counted.
    public var isStrict: Bool
    /// Scores an answer against the gold one; stored scores are not trusted.
    public var score: @Sendable (_ answer: String?, _ gold: String) -> Score

    public init(
        group: String = "import", policy: String = "recording", expectedTasks: [AgentTask] = [], expectedCount: Int? = nil,
        isStrict: Bool = false, score: @escaping @Sendable (_ answer: String?, _ gold: String) -> Score
    ) {
        self.group = group
        self.policy = policy
        self.expectedTasks = expectedTasks
        self.expectedCount = expectedCount
        self.isStrict = isStrict
        self.score = score
    }
}

/// A file format that trajectories come in. A new one is a file with a type like this and a line in ``ImportFormats``.
public protocol ImportFormat: Sendable {
    /// `fireact-results`.
    var name: String { get }
    /// One line for help texts.
    var summary: String { get }

    /// Reads a file.
    ///
    /// - Throws: ``TemperError`` with code `data` when the file as a whole is not of the format, or when a record is not and
    ///   the import is strict.
    func read(_ url: URL, options: ImportOptions) throws -> (trajectories: [Trajectory], report: ImportReport)
}

/// The formats by name.
public enum ImportFormats {
    public static let all: [any ImportFormat] = [
        FireActResults(),
        FireActAlpaca(),
        FireActChat(),
    ]

    /// - Throws: ``TemperError`` with code `usage` that lists the names there are.
    public static func named(_ name: String) throws -> any ImportFormat {
        if let format = all.first(where: { $0.name == name }) { return format }
        throw TemperError(
            .usage, "there is no import format '\(name)'", hint: "there are: \(all.map(\.name).joined(separator: ", "))",
            boundary: .data)
    }
}

/// A record that is not as its format says: the reason, in words that do not name the record.
struct RecordFault: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// The part that all importers share: tries each record, counts or throws, adds what is missing.
struct ImportLoop {
    let url: URL
    let options: ImportOptions

    /// - Parameter records: a place such as `[6238]` or `:12` and what reads the record there.
    func run<Record>(
        _ records: [(place: String, record: Record)], read: (Record) throws -> Trajectory
    ) throws -> (trajectories: [Trajectory], report: ImportReport) {
        var report = ImportReport()
        var trajectories: [Trajectory] = []
        var seen: Set<EpisodeKey> = []
        for (place, record) in records {
            report.records += 1
            do {
                let trajectory = try read(record)
                guard seen.insert(trajectory.key).inserted else { throw RecordFault("a second record of the same episode") }
                trajectories.append(trajectory)
                report.kept += 1
            } catch let fault as RecordFault {
                guard !options.isStrict else {
                    throw TemperError(.data, fault.reason, place: url.path + place, boundary: .data)
                }
                report.drop(fault.reason, at: url.lastPathComponent + place)
            }
        }
        let present = Set(trajectories.map(\.key.task))
        let absent = options.expectedTasks.filter { !present.contains($0.id) }
        trajectories += absent.map(missing)
        for task in absent { report.drop(Outcome.missing.rawValue, at: task.id) }
        let unnamed = (options.expectedCount ?? 0) - trajectories.count
        for number in 0..<max(0, unnamed) {
            let first = trajectories.first?.task
            let task = AgentTask(
                id: "missing-\(number)", suite: first?.suite ?? "hotpotqa", split: first?.split ?? "", instruction: "",
                payload: .object([:]))
            trajectories.append(missing(task))
            report.drop(Outcome.missing.rawValue, at: task.id)
        }
        return (trajectories, report)
    }

    private func missing(_ task: AgentTask) -> Trajectory {
        let score = options.score(nil, task.payload["answer"]?.string ?? "")
        return Trajectory(
            key: EpisodeKey(group: options.group, suite: task.suite, task: task.id, method: .react), task: task,
            policy: options.policy, seed: 0, turns: [], outcome: .missing,
            score: Score(reward: 0, metrics: score.metrics.mapValues { _ in 0 }))
    }
}
