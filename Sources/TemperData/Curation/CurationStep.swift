import TemperCore

/// What one step of curation let through.
package struct CurationStep: Codable, Sendable, Hashable {
    package struct Dropped: Codable, Sendable, Hashable {
        package var reason: String
        package var count: Int
    }

    package var name: String
    /// What is counted: `episodes`, `conversations` or `documents`.
    package var unit: String
    package var entering: Int
    package var kept: Int
    /// The dropped ones in order of reason.
    package var dropped: [Dropped]

    enum CodingKeys: String, CodingKey {
        case name, unit, kept, dropped
        case entering = "in"
    }
}

/// What has a name in decisions: an episode, an imported conversation, or a document of one of them.
protocol Curated {
    /// As ``Document/Provenance/episode``.
    var episodeName: String { get }
    /// The call whose reply alone a document trains; nil for a whole episode.
    var call: Int? { get }
}

extension Trajectory: Curated {
    var episodeName: String { key.text }
    var call: Int? { nil }
}

extension Document: Curated {
    var episodeName: String { provenance.episode }
    var call: Int? { provenance.call }
}

extension CuratedDocument: Curated {
    var episodeName: String { document.provenance.episode }
    var call: Int? { document.provenance.call }
}

/// Runs filters one after the other, keeps count, and remembers what each decided about every item.
struct StepLog {
    var steps: [CurationStep] = []
    /// The decisions by the item's name, in order of steps.
    private(set) var decisions: [String: [CurationDecision]] = [:]

    /// Keeps the items for which there is no reason to drop them.
    ///
    /// - Parameter note: why an item stays, where there is more to say than that nothing is against it.
    mutating func filter<Item: Curated>(
        _ name: String, unit: String = "episodes", _ items: [Item], keptBecause note: (Item) -> String? = { _ in nil },
        dropping reason: (Item) throws -> String?
    ) rethrows -> [Item] {
        var kept: [Item] = []
        var counts: [String: Int] = [:]
        for item in items {
            let reason = try reason(item)
            if let reason { counts[reason, default: 0] += 1 } else { kept.append(item) }
            decisions[item.episodeName, default: []].append(
                CurationDecision(step: name, call: item.call, kept: reason == nil, reason: reason ?? note(item)))
        }
        steps.append(
            CurationStep(
                name: name, unit: unit, entering: items.count, kept: kept.count,
                dropped: counts.sorted { $0.key < $1.key }.map { CurationStep.Dropped(reason: $0.key, count: $0.value) }))
        return kept
    }

    /// The document with what every step said of it, or of its episode.
    func explained(_ item: CuratedDocument) -> CuratedDocument {
        var item = item
        item.document.provenance.decisions = decisions[item.episodeName, default: []].filter {
            $0.call == nil || $0.call == item.call
        }
        return item
    }

    /// `20 dropped: …`, of the steps whose name begins so; nil when they dropped nothing.
    func commonestReason(of name: String) -> String? {
        let dropped = steps.filter { $0.name.hasPrefix(name) }.flatMap(\.dropped)
        return dropped.max { $0.count < $1.count }.map { "\($0.count) dropped: \($0.reason)" }
    }

    /// One line: `500 episodes, errors 500, reward 131, …`.
    var summary: String {
        steps.map { "\($0.name) kept \($0.kept) of \($0.entering)" }.joined(separator: ", ")
    }
}
