import TemperCore

/// Writes SPARQL 1.1 queries for expressions.
///
/// Names become whole addresses, never parts of a query's grammar. An extremum keeps every element that shares it, and is taken
/// among numbers and dates only. AgentBench writes Virtuoso's dialect instead (`SELECT COUNT DISTINCT ?x`), and one flat pattern
/// in which a second extremum or a union has no place.
struct SPARQLQuery {
    let prefix: String
    let limits: GraphLimits
    private var variables = 0
    private var excluded: [String] = []

    init(prefix: String, limits: GraphLimits) {
        self.prefix = prefix
        self.limits = limits
    }

    /// The elements of a set, or `?n` for a count; the name of the variable asked for is in `SELECT`.
    ///
    /// - Throws: ``GraphRefusal`` when an expression is too long to ask.
    mutating func answers(to expression: GraphExpression) throws -> String {
        if case .count(let part) = expression {
            return try checked("SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {\n\(readable(part, "?x"))}")
        }
        return try checked("SELECT DISTINCT ?x WHERE {\n\(readable(expression, "?x"))}\nLIMIT \(limits.values + 1)")
    }

    /// The relations or attributes of a set.
    ///
    /// - Throws: as ``answers(to:)``.
    mutating func properties(of set: GraphExpression, _ kind: GraphPropertyKind) throws -> String {
        let subject: String
        var body = ""
        if case .entity(let id) = set {
            subject = address(id)
        } else {
            subject = "?x"
            body = "{ SELECT DISTINCT ?x WHERE {\n\(try readable(set, "?x"))} }\n"
        }
        body += "\(subject) ?r ?o .\nFILTER(STRSTARTS(STR(?r), \"\(prefix)\"))\n"
        body += kind == .relation ? "FILTER(!isLiteral(?o))\n" : isRanked("?o")
        return try checked("SELECT DISTINCT ?r WHERE {\n\(body)}")
    }

    func range(of relation: String) -> String {
        "SELECT ?t WHERE { \(address(relation)) \(address(FreebaseName.range)) ?t }"
    }

    private func checked(_ query: String) throws -> String {
        guard query.utf8.count <= 32_768 else { throw GraphRefusal(reason: "The variable is too long to ask for.") }
        return query
    }

    /// A pattern for what an answer may hold of a set.
    private mutating func readable(_ expression: GraphExpression, _ variable: String) throws -> String {
        try limits.check(expression)
        excluded = expression.entities.sorted()
        return try pattern(expression, variable, isReadable: true)
    }

    private func isReadable(_ variable: String) -> String {
        let named = excluded.map { "FILTER(\(variable) != \(address($0)))\n" }.joined()
        return "FILTER(!isLiteral(\(variable)) || LANG(\(variable)) = \"\" || LANGMATCHES(LANG(\(variable)), \"en\"))\n" + named
    }

    private func isRanked(_ variable: String) -> String {
        let types = GraphTerm.dateTypes.sorted().map { "<http://www.w3.org/2001/XMLSchema#\($0)>" }.joined(separator: ", ")
        return "FILTER(isNumeric(\(variable)) || DATATYPE(\(variable)) IN (\(types)))\n"
    }

    private mutating func fresh() -> String {
        variables += 1
        return "?v\(variables)"
    }

    /// - Parameter isReadable: whether entities the expression names and values in other languages are left out.
    private mutating func pattern(_ expression: GraphExpression, _ variable: String, isReadable: Bool = false) throws -> String {
        var text: String
        switch expression {
        case .entity(let id): text = "VALUES \(variable) { \(address(id)) }\n"
        case .type(let type): text = "\(variable) \(address(FreebaseName.type)) \(address(type)) .\n"
        case .join(let relation, let forward, let part):
            let other: String
            if case .entity(let id) = part {
                other = address(id)
                text = ""
            } else {
                other = fresh()
                text = try pattern(part, other)
            }
            let (subject, object) = forward ? (other, variable) : (variable, other)
            text += "\(subject) \(address(relation)) \(object) .\n"
        case .and(let left, let right): text = try pattern(left, variable) + pattern(right, variable)
        case .or(let left, let right):
            text = "{\n\(try pattern(left, variable))} UNION {\n\(try pattern(right, variable))}\n"
        case .extremum(let part, let attribute, let isMaximum):
            let (element, value, best) = (fresh(), fresh(), fresh())
            text = try pattern(part, variable, isReadable: isReadable)
            text += "\(variable) \(address(attribute)) \(value) .\n"
            text += "{ SELECT \(best) WHERE {\n" + (try pattern(part, element, isReadable: isReadable))
            text += "\(element) \(address(attribute)) \(best) .\n" + isRanked(best)
            text += "} ORDER BY \(isMaximum ? "DESC" : "ASC")(\(best)) LIMIT 1 }\nFILTER(\(value) = \(best))\n"
            return text
        case .count: throw GraphRefusal(reason: "A number has no elements.")
        }
        return isReadable ? text + self.isReadable(variable) : text
    }

    /// A name in full; characters that an address cannot hold are escaped by their code.
    private func address(_ name: String) -> String {
        let full = name.contains("://") ? name : prefix + name
        var text = "<"
        for scalar in full.unicodeScalars {
            if scalar.value <= 0x20 || "<>\"{}|^`\\".unicodeScalars.contains(scalar) {
                text += "%" + scalar.value.padded(2, radix: 16).uppercased()
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + ">"
    }
}
