import TemperCore

/// What answers the questions that the tools ask: an embedded triple store or a SPARQL server.
protocol GraphSource: Sendable {
    /// The relations (to entities) or attributes (numbers and dates) that elements of a set have, sorted.
    ///
    /// - Throws: ``GraphRefusal`` when the set is too large; ``TemperError`` when the source failed.
    func properties(of set: GraphExpression, _ kind: GraphPropertyKind) async throws -> [String]
    /// The elements of a set, sorted; the number alone for a count. Entities the expression names are not answers.
    ///
    /// - Throws: as ``properties(of:_:)``.
    func answers(to expression: GraphExpression) async throws -> [String]
    /// The type of a relation's objects, if the graph says.
    func range(of relation: String) async throws -> String?
}

enum GraphPropertyKind: Sendable, Hashable {
    case relation, attribute
}

/// Words of Freebase that the sources know.
enum FreebaseName {
    static let prefix = "http://rdf.freebase.com/ns/"
    static let type = "type.object.type"
    /// What a relation leads to, a property of the relation itself.
    static let range = "type.property.expected_type"
    /// Relations of the graph's own book-keeping, which are never shown.
    static let hiddenDomains: Set<Substring> = ["type", "common", "freebase", "kg", "dataworld", "pipeline", "scheme"]

    static func isShown(_ relation: String) -> Bool {
        !relation.contains("/") && !hiddenDomains.contains(relation.prefix { $0 != "." })
    }
}

/// A question that is too large to answer: the policy's doing, so an observation and no failure.
struct GraphRefusal: Error, Sendable {
    var reason: String
}

/// How much a question may ask for.
struct GraphLimits: Sendable, Hashable {
    /// Elements of a set.
    var values = 10_000
    /// Rows that the embedded store reads for one question.
    var rows = 2_000_000
    /// Operators and names of an expression.
    var size = 64

    init() {}

    var tooManyValues: GraphRefusal { GraphRefusal(reason: "The result has more than \(values) values.") }
    var tooManyRows: GraphRefusal { GraphRefusal(reason: "It reads more than \(rows) facts.") }

    /// - Throws: ``GraphRefusal`` when the expression is too long.
    func check(_ expression: GraphExpression) throws {
        if expression.size > size { throw GraphRefusal(reason: "The variable is built from more than \(size) parts.") }
    }
}
