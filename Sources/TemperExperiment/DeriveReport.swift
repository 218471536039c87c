package import Foundation
import TemperCore
package import TemperData
package import TemperEnvironments

/// What the stage `derive` made, and from what: `derived/report.json`.
package struct DeriveReport: Codable, Sendable, Hashable {
    /// One way of making tasks for one suite.
    package struct Part: Codable, Sendable, Hashable {
        package struct Rejected: Codable, Sendable, Hashable {
            package var reason: Rejection.Reason
            package var count: Int
            /// The first of them, each with what was found.
            package var places: [String]
        }

        /// Places named for a reason.
        static let placesPerReason = 5

        package var suite: String
        /// `self_instruct`, `thoughts` or `interaction`.
        package var way: String
        /// Proposals asked for, or tasks with a reference looked at.
        package var proposed = 0
        package var kept = 0
        package var rejected: [Rejected] = []

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
        package func count(_ reason: Rejection.Reason) -> Int { rejected.first { $0.reason == reason }?.count ?? 0 }

        /// Reasons in the order in which a task meets them.
        mutating func sort() {
            let order = Rejection.Reason.allCases
            rejected.sort { (order.firstIndex(of: $0.reason) ?? 0) < (order.firstIndex(of: $1.reason) ?? 0) }
        }
    }

    package var parts: [Part] = []

    package init() {}

    /// Nil when the run has derived nothing yet.
    package static func read(_ folder: RunFolder) throws -> DeriveReport? {
        guard FileManager.default.fileExists(atPath: folder.deriveReport.path) else { return nil }
        return try ReadFile.json(DeriveReport.self, from: folder.deriveReport)
    }
}

extension RunFolder {
    package var derived: URL { url.appendingPathComponent("derived", isDirectory: true) }
    package var deriveReport: URL { derived.appendingPathComponent("report.json") }
    /// The tasks that were derived for a suite, such as `derived/pocket/database.jsonl`.
    package func derived(suite: String) -> URL { derived.appendingPathComponent(suite + ".jsonl") }
}
