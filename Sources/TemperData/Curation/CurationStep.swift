/// What one step of curation let through.
public struct CurationStep: Codable, Sendable, Hashable {
    public struct Dropped: Codable, Sendable, Hashable {
        public var reason: String
        public var count: Int
    }

    public var name: String
    /// What is counted: `episodes` or `documents`.
    public var unit: String
    public var entering: Int
    public var kept: Int
    /// In order of reason.
    public var dropped: [Dropped]

    enum CodingKeys: String, CodingKey {
        case name, unit, kept, dropped
        case entering = "in"
    }
}

/// Runs filters one after the other and keeps count.
struct StepLog {
    var steps: [CurationStep] = []

    /// Keeps the items for which there is no reason to drop them.
    mutating func filter<Item>(
        _ name: String, unit: String = "episodes", _ items: [Item], dropping reason: (Item) throws -> String?
    ) rethrows -> [Item] {
        var kept: [Item] = []
        var counts: [String: Int] = [:]
        for item in items {
            if let reason = try reason(item) { counts[reason, default: 0] += 1 } else { kept.append(item) }
        }
        record(name, unit: unit, entering: items.count, kept: kept.count, counts)
        return kept
    }

    mutating func record(_ name: String, unit: String, entering: Int, kept: Int, _ counts: [String: Int]) {
        steps.append(
            CurationStep(
                name: name, unit: unit, entering: entering, kept: kept,
                dropped: counts.sorted { $0.key < $1.key }.map { CurationStep.Dropped(reason: $0.key, count: $0.value) }))
    }

    /// One line: `500 episodes, errors 500, reward 131, …`.
    var summary: String {
        steps.map { "\($0.name) kept \($0.kept) of \($0.entering)" }.joined(separator: ", ")
    }
}
