import TemperCore

/// What answers the questions that the tools ask: an embedded triple store or a SPARQL server.
package protocol GraphSource: Sendable {
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

package enum GraphPropertyKind: Sendable, Hashable {
    case relation, attribute
}

/// Words of Freebase that the sources know.
package enum FreebaseName {
    package static let prefix = "http://rdf.freebase.com/ns/"
    package static let type = "type.object.type"
    /// What a relation leads to, a property of the relation itself.
    package static let range = "type.property.expected_type"
    /// Relations of the graph's own book-keeping, which are never shown.
    package static let hiddenDomains: Set<Substring> = ["type", "common", "freebase", "kg", "dataworld", "pipeline", "scheme"]

    package static func isShown(_ relation: String) -> Bool {
        !relation.contains("/") && !hiddenDomains.contains(relation.prefix { $0 != "." })
    }
}

/// A question that is too large to answer: the policy's doing, so an observation and no failure.
package struct GraphRefusal: Error, Sendable {
    package var reason: String
}

/// How much a question may ask for.
package struct GraphLimits: Sendable, Hashable {
    /// Elements of a set.
    package var values = 10_000
    /// Rows that the embedded store reads for one question.
    package var rows = 2_000_000
    /// Operators and names of an expression.
    package var size = 64

    package init() {}

    var tooManyValues: GraphRefusal { GraphRefusal(reason: "The result has more than \(values) values.") }
    var tooManyRows: GraphRefusal { GraphRefusal(reason: "It reads more than \(rows) facts.") }

    /// - Throws: ``GraphRefusal`` when the expression is too long.
    package func check(_ expression: GraphExpression) throws {
        if expression.size > size { throw GraphRefusal(reason: "The variable is built from more than \(size) parts.") }
    }
}
