/// A set of nodes said as an expression: what a variable `#n` stands for. Written as in GrailQA (Gu et al. 2021), whose logical
/// forms AgentBench uses:
/// ```
/// (JOIN r x)          what has an element of x as its r
/// (JOIN (R r) x)      the r of an element of x
/// (AND a b) (OR a b)  both, either; a bare word in AND is a type: everything of that type
/// (ARGMAX a r) (ARGMIN a r)   the elements with the greatest, least value of the attribute r
/// (COUNT a)           how many
/// ```
package indirect enum GraphExpression: Sendable, Hashable {
    case entity(String)
    /// Everything of a type.
    case type(String)
    /// The step from `x` along a relation, `forward` from subject to object (written `(R r)`), or back.
    case join(String, forward: Bool, GraphExpression)
    case and(GraphExpression, GraphExpression)
    case or(GraphExpression, GraphExpression)
    /// The elements with the greatest (or least) value of an attribute, all of them when several share it.
    case extremum(GraphExpression, attribute: String, isMaximum: Bool)
    case count(GraphExpression)

    package var text: String {
        switch self {
        case .entity(let id), .type(let id): id
        case .join(let relation, true, let part): "(JOIN (R \(relation)) \(part.text))"
        case .join(let relation, false, let part): "(JOIN \(relation) \(part.text))"
        case .and(let left, let right): "(AND \(left.text) \(right.text))"
        case .or(let left, let right): "(OR \(left.text) \(right.text))"
        case .extremum(let part, let attribute, let isMaximum): "(\(isMaximum ? "ARGMAX" : "ARGMIN") \(part.text) \(attribute))"
        case .count(let part): "(COUNT \(part.text))"
        }
    }

    /// How many operators and names it has.
    package var size: Int {
        switch self {
        case .entity, .type: 1
        case .join(_, _, let part), .extremum(let part, _, _), .count(let part): 1 + part.size
        case .and(let left, let right), .or(let left, let right): 1 + left.size + right.size
        }
    }

    /// The entities it names.
    package var entities: Set<String> {
        switch self {
        case .entity(let id): [id]
        case .type: []
        case .join(_, _, let part), .extremum(let part, _, _), .count(let part): part.entities
        case .and(let left, let right), .or(let left, let right): left.entities.union(right.entities)
        }
    }

    /// Whether a name has the form of a Freebase entity: `m.05t073s`, `g.112yf`.
    package static func isEntity(_ name: some StringProtocol) -> Bool {
        guard let first = name.first, "mfg".contains(first), name.dropFirst().first == ".", name.count > 2 else { return false }
        return name.dropFirst(2).allSatisfy { ($0.isLetter || $0.isNumber || $0 == "_") && $0.isASCII }
    }
}

extension GraphExpression {
    /// Reads an expression. `r_inv` stands for `(R r)`, as in AgentBench's programs.
    ///
    /// - Returns: nil when the text is not an expression.
    package init?(_ text: String) {
        var tokens = Self.tokens(text)[...]
        guard let node = Node(&tokens, depth: 0), tokens.isEmpty, let expression = Self.read(node, isStart: true) else {
            return nil
        }
        self = expression
    }

    private enum Node {
        case word(String)
        case list([Node])

        init?(_ tokens: inout ArraySlice<Substring>, depth: Int) {
            guard depth < 100, let token = tokens.popFirst(), token != ")" else { return nil }
            guard token == "(" else {
                self = .word(String(token))
                return
            }
            var nodes: [Node] = []
            while let next = tokens.first {
                if next == ")" {
                    tokens.removeFirst()
                    self = .list(nodes)
                    return
                }
                guard let node = Node(&tokens, depth: depth + 1) else { return nil }
                nodes.append(node)
            }
            return nil
        }

        var word: String? { if case .word(let word) = self { word } else { nil } }
    }

    private static func tokens(_ text: String) -> [Substring] {
        text.split { $0.isWhitespace }.flatMap { part -> [Substring] in
            var tokens: [Substring] = []
            var rest = part
            while let bracket = rest.firstIndex(where: { $0 == "(" || $0 == ")" }) {
                if bracket > rest.startIndex { tokens.append(rest[..<bracket]) }
                tokens.append(rest[bracket...bracket])
                rest = rest[rest.index(after: bracket)...]
            }
            if !rest.isEmpty { tokens.append(rest) }
            return tokens
        }
    }

    /// - Parameter isStart: whether a bare word is where a path starts; elsewhere it is a type, unless it looks like an entity.
    private static func read(_ node: Node, isStart: Bool) -> GraphExpression? {
        guard case .list(let parts) = node else {
            return node.word.map { isStart || isEntity($0) ? .entity($0) : .type($0) }
        }
        guard let name = parts.first?.word else { return nil }
        switch (name, parts.count) {
        case ("JOIN", 3):
            guard let part = read(parts[2], isStart: true) else { return nil }
            switch parts[1] {
            case .word(let relation) where relation.hasSuffix("_inv"):
                return .join(String(relation.dropLast(4)), forward: true, part)
            case .word(let relation): return .join(relation, forward: false, part)
            case .list(let inverse):
                guard inverse.count == 2, inverse[0].word == "R", let relation = inverse[1].word else { return nil }
                return .join(relation, forward: true, part)
            }
        case ("AND", 3), ("OR", 3):
            guard let left = read(parts[1], isStart: false), let right = read(parts[2], isStart: false) else { return nil }
            return name == "AND" ? .and(left, right) : .or(left, right)
        case ("ARGMAX", 3), ("ARGMIN", 3):
            guard let part = read(parts[1], isStart: false), let attribute = parts[2].word else { return nil }
            return .extremum(part, attribute: attribute, isMaximum: name == "ARGMAX")
        case ("COUNT", 2): return read(parts[1], isStart: false).map { .count($0) }
        default: return nil
        }
    }
}
