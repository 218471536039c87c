public import Foundation
import TemperCore
public import TemperData
public import TemperEnvironments

/// What the stage `derive` made of what: `derived/report.json`.
public struct DeriveReport: Codable, Sendable, Hashable {
    /// One way of making tasks for one suite.
    public struct Part: Codable, Sendable, Hashable {
        public struct Rejected: Codable, Sendable, Hashable {
            public var reason: Rejection.Reason
            public var count: Int
            /// The first of them, each with what was found.
            public var places: [String]
        }

        /// Places named for a reason.
        static let placesPerReason = 5

        public var suite: String
        /// `self_instruct`, `thoughts` or `interaction`.
        public var way: String
        /// Proposals asked for, or tasks with a reference looked at.
        public var proposed = 0
        public var kept = 0
        public var rejected: [Rejected] = []

        init(suite: String, way: String) {
            self.suite = suite
            self.way = way
        }

        mutating func reject(_ place: String, _ rejection: Rejection) {
            let text = "\(place): \(rejection.detail.prefix(200))"
            guard let index = rejected.firstIndex(where: { $0.reason == rejection.reason }) else {
                return rejected.append(Rejected(reason: rejection.reason, count: 1, places: [text]))
            }
            rejected[index].count += 1
            if rejected[index].places.count < Self.placesPerReason { rejected[index].places.append(text) }
        }

        /// How often a reason was met.
        public func count(_ reason: Rejection.Reason) -> Int { rejected.first { $0.reason == reason }?.count ?? 0 }

        /// Reasons in the order in which a task meets them.
        mutating func sort() {
            let order = Rejection.Reason.allCases
            rejected.sort { (order.firstIndex(of: $0.reason) ?? 0) < (order.firstIndex(of: $1.reason) ?? 0) }
        }
    }

    public var parts: [Part] = []

    public init() {}

    /// Nil when the run has derived nothing yet.
    public static func read(_ folder: RunFolder) throws -> DeriveReport? {
        guard FileManager.default.fileExists(atPath: folder.deriveReport.path) else { return nil }
        return try ReadFile.json(DeriveReport.self, from: folder.deriveReport)
    }
}

extension RunFolder {
    public var derived: URL { url.appendingPathComponent("derived", isDirectory: true) }
    public var deriveReport: URL { derived.appendingPathComponent("report.json") }
    /// The tasks that were derived for a suite, such as `derived/pocket/database.jsonl`.
    public func derived(suite: String) -> URL { derived.appendingPathComponent(suite + ".jsonl") }
}
