import Synchronization
import TemperCore

/// Triples in SQLite, in memory, indexed from subject to object and back. Safe to share between episodes.
package final class TripleStore: GraphSource {
    private let limits: GraphLimits
    private let connection: Mutex<TripleDatabase>

    /// - Throws: what the triples throw while they are read; ``TemperError`` with code `internal` when SQLite refuses.
    package convenience init(_ triples: [GraphTriple], limits: GraphLimits = GraphLimits()) throws {
        try self.init(limits: limits) { store in for triple in triples { try store(triple) } }
    }

    /// - Parameter read: hands over one triple after the other.
    package init(limits: GraphLimits = GraphLimits(), reading read: ((GraphTriple) throws -> Void) throws -> Void) throws {
        self.limits = limits
        let connection = try TripleDatabase()
        try connection.run("BEGIN")
        try read { try connection.insert($0) }
        try connection.run("COMMIT")
        try connection.finishLoading()
        self.connection = Mutex(connection)
    }

    package func properties(of set: GraphExpression, _ kind: GraphPropertyKind) async throws -> [String] {
        try limits.check(set)
        return try connection.withLock { connection in
            var evaluation = Evaluation(connection: connection, limits: limits, excluded: try connection.ids(set.entities))
            let elements = if case .entity = set { try evaluation.set(set) } else { try evaluation.readable(set) }
            var found: Set<Int64> = []
            for element in elements {
                try evaluation.read(kind == .relation ? .relationsOf : .attributesOf, element) { found.insert($0) }
            }
            return try found.map { try connection.text(of: $0) }.filter(FreebaseName.isShown).sorted()
        }
    }

    package func answers(to expression: GraphExpression) async throws -> [String] {
        try limits.check(expression)
        return try connection.withLock { connection in
            var evaluation = Evaluation(
                connection: connection, limits: limits, excluded: try connection.ids(expression.entities))
            if case .count(let part) = expression { return [String(try evaluation.readable(part).count)] }
            return try Set(evaluation.readable(expression).map { GraphTerm.answer(try connection.text(of: $0)) }).sorted()
        }
    }

    package func range(of relation: String) async throws -> String? {
        try connection.withLock { connection in
            guard let relation = try connection.id(of: relation), let range = try connection.id(of: FreebaseName.range) else {
                return nil
            }
            var types: [Int64] = []
            try connection.read(.objects, relation, range) { types.append($0) }
            return try types.map { try connection.text(of: $0) }.min()
        }
    }

    /// One question while it is answered.
    private struct Evaluation {
        let connection: TripleDatabase
        let limits: GraphLimits
        /// The entities that the expression names.
        let excluded: Set<Int64>
        private var rows = 0

        init(connection: TripleDatabase, limits: GraphLimits, excluded: Set<Int64>) {
            self.connection = connection
            self.limits = limits
            self.excluded = excluded
        }

        /// What an answer may hold of a set; an extremum is taken among these.
        mutating func readable(_ expression: GraphExpression) throws -> Set<Int64> {
            if case .extremum(let part, let attribute, let isMaximum) = expression {
                return try extremum(of: readable(part), attribute, isMaximum)
            }
            let all = try set(expression)
            return try all.filter { try !excluded.contains($0) && connection.isReadable($0) }
        }

        mutating func set(_ expression: GraphExpression) throws -> Set<Int64> {
            var result: Set<Int64> = []
            switch expression {
            case .entity(let id): result = try connection.ids([id])
            case .type(let type):
                if let type = try connection.id(of: type), let property = try connection.id(of: FreebaseName.type) {
                    try read(.subjects, type, property) { result.insert($0) }
                }
            case .join(let relation, let forward, let part):
                guard let relation = try connection.id(of: relation) else { return [] }
                for element in try set(part) {
                    try read(forward ? .objects : .subjects, element, relation) { result.insert($0) }
                    if result.count > limits.values { throw limits.tooManyValues }
                }
            case .and(let left, let right): result = try set(left).intersection(set(right))
            case .or(let left, let right): result = try set(left).union(set(right))
            case .extremum(let part, let attribute, let isMaximum):
                result = try extremum(of: set(part), attribute, isMaximum)
            case .count: throw GraphRefusal(reason: "A number has no elements.")
            }
            if result.count > limits.values { throw limits.tooManyValues }
            return result
        }

        private mutating func extremum(of set: Set<Int64>, _ attribute: String, _ isMaximum: Bool) throws -> Set<Int64> {
            guard let attribute = try connection.id(of: attribute) else { return [] }
            var best: Double?
            var result: Set<Int64> = []
            for element in set {
                var ranks: [Double] = []
                try connection.readRanks(element, attribute) { ranks.append($0) }
                try count(ranks.count)
                guard let rank = isMaximum ? ranks.max() : ranks.min() else { continue }
                if let best, best == rank {
                    result.insert(element)
                } else if best.map({ isMaximum ? rank > $0 : rank < $0 }) ?? true {
                    best = rank
                    result = [element]
                }
            }
            return result
        }

        mutating func read(_ query: TripleQuery, _ values: Int64..., use: (Int64) -> Void) throws {
            var read = 0
            try connection.read(query, values[0], values.count > 1 ? values[1] : nil) {
                read += 1
                use($0)
            }
            try count(read)
        }

        private mutating func count(_ read: Int) throws {
            rows += read
            if rows > limits.rows { throw limits.tooManyRows }
        }
    }
}
