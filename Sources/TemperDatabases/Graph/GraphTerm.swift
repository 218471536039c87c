import Foundation

/// A node of a graph: an entity by its short name, or a value.
package enum GraphTerm: Sendable, Hashable {
    /// A name without the graph's prefix, such as `m.05t073s`; a whole address when it lies outside.
    case entity(String)
    /// A value as written, with the last part of its XML Schema type (`integer`, `gYear`; nil for text) and its language.
    case value(String, type: String? = nil, language: String? = nil)

    package var isEntity: Bool { if case .entity = self { true } else { false } }

    package var text: String {
        switch self {
        case .entity(let name): name
        case .value(let text, _, _): text
        }
    }

    static let numberTypes: Set<String> = [
        "integer", "int", "long", "short", "byte", "decimal", "float", "double", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    ]
    static let dateTypes: Set<String> = ["gYear", "gYearMonth", "date", "dateTime"]

    /// The rank of a number or a date in the order of its kind; nil for anything else. Time zones are ignored.
    package var rank: Double? {
        guard case .value(let text, let type?, _) = self else { return nil }
        if Self.numberTypes.contains(type) { return Double(text).flatMap { $0.isNaN ? nil : $0 } }
        return Self.dateTypes.contains(type) ? Self.days(text) : nil
    }

    /// A date as a number that grows with time: year, month, day and time of day as far as they are given.
    private static func days(_ text: String) -> Double? {
        let isBefore = text.hasPrefix("-")
        let parts = (isBefore ? text.dropFirst() : text[...]).split(separator: "T", maxSplits: 1)
        guard let date = parts.first else { return nil }
        let numbers = date.split(separator: "-").prefix(3).map { Double($0.prefix { $0.isNumber }) }
        guard let year = numbers.first.flatMap({ $0 }) else { return nil }
        let month = numbers.count > 1 ? numbers[1] ?? 1 : 1
        let day = numbers.count > 2 ? numbers[2] ?? 1 : 1
        var time = 0.0
        if parts.count == 2 {
            let clock = parts[1].prefix(8).split(separator: ":").map { Double($0) ?? 0 }
            for (part, unit) in zip(clock, [1.0 / 24, 1.0 / 1_440, 1.0 / 86_400]) { time += part * unit }
        }
        return (isBefore ? -year : year) * 372 + (month - 1) * 31 + (day - 1) + time
    }

    /// Whether an answer may hold it: an entity, or a value in no language or in English (AgentBench's filter).
    package var isReadable: Bool {
        guard case .value(_, _, let language?) = self else { return true }
        return language.lowercased() == "en" || language.lowercased().hasPrefix("en-")
    }

    /// As an answer: AgentBench drops the zone that Freebase's dates carry.
    package static func answer(_ text: String) -> String { text.replacing("-08:00", with: "") }
}

/// Subject, relation, object.
package struct GraphTriple: Sendable, Hashable {
    package var subject: String
    package var relation: String
    package var object: GraphTerm

    package init(_ subject: String, _ relation: String, _ object: GraphTerm) {
        self.subject = subject
        self.relation = relation
        self.object = object
    }
}
