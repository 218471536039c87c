/// Reads the statements of a template.
struct JinjaParser {
    /// How deep statements and brackets may stand in each other.
    static let maximumDepth = 60

    private let tokens: [JinjaToken]
    private var index = 0
    private var depth = 0
    private var loopDepth = 0
    /// Inside `if`, where a missing filter only matters when it is reached.
    var conditionalDepth = 0
    /// The names read since the innermost macro began.
    var namesRead: Set<String> = []

    private init(_ tokens: [JinjaToken]) { self.tokens = tokens }

    /// - Throws: ``JinjaSyntaxFault`` with the line.
    static func statements(of source: String) throws -> (statements: [JinjaStatement], names: Set<String>) {
        var parser = JinjaParser(try JinjaLexer.tokens(of: source))
        return (try parser.statements(until: []), parser.namesRead)
    }

    // MARK: Tokens

    var current: JinjaToken { tokens[index] }
    var following: JinjaToken { tokens[min(index + 1, tokens.count - 1)] }
    var line: Int { tokens[index].line }

    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    func isAt(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }
    func isAt(name: String) -> Bool { current.kind == .name(name) }

    mutating func skip(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isAt(name: name) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String) throws {
        guard skip(symbol) else { throw fault("expected '\(symbol)', got '\(current.text)'") }
    }

    mutating func expectName() throws -> String {
        guard case .name(let name) = current.kind else { throw fault("expected a name, got '\(current.text)'") }
        advance()
        return name
    }

    func fault(_ message: String) -> JinjaSyntaxFault { JinjaSyntaxFault(message, line) }

    mutating func enter() throws {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw fault("statements and brackets stand more than \(Self.maximumDepth) deep in each other")
        }
    }

    mutating func leave() { depth -= 1 }

    // MARK: Statements

    /// The statements up to a block that begins with one of some names, where the parser then stands.
    private mutating func statements(until ends: Set<String>) throws -> [JinjaStatement] {
        try enter()
        defer { leave() }
        var result: [JinjaStatement] = []
        while true {
            let line = line
            switch current.kind {
            case .end:
                guard ends.isEmpty else { throw fault("expected '\(ends.sorted().joined(separator: "' or '"))' before the end") }
                return result
            case .data(let text):
                advance()
                result.append(JinjaStatement(kind: .data(JinjaText(text)), line: line))
            case .outputBegin:
                advance()
                let value = try tupleOrExpression()
                guard current.kind == .outputEnd else { throw fault("expected '}}', got '\(current.text)'") }
                advance()
                result.append(JinjaStatement(kind: .output([value]), line: line))
            case .blockBegin:
                advance()
                if case .name(let name) = current.kind, ends.contains(name) { return result }
                result.append(JinjaStatement(kind: try statement(), line: line))
                try blockEnd()
            default: throw fault("unexpected '\(current.text)'")
            }
        }
    }

    private mutating func blockEnd() throws {
        guard current.kind == .blockEnd else { throw fault("expected '%}', got '\(current.text)'") }
        advance()
    }

    /// A body with the blocks around it: from before `%}` to after the name of its end.
    private mutating func body(until ends: Set<String>) throws -> (statements: [JinjaStatement], end: String) {
        // A colon may stand there, as in Python.
        _ = skip(":")
        try blockEnd()
        let statements = try statements(until: ends)
        return (statements, try expectName())
    }

    private mutating func statement() throws -> JinjaStatement.Kind {
        let name = try expectName()
        switch name {
        case "for": return try loop()
        case "if": return try choice()
        case "set": return try assignment()
        case "macro":
            let macro = try expectName()
            return .macro(try signature(macro, until: "endmacro"))
        case "call":
            let outer = namesRead
            let parameters = isAt("(") ? try self.parameters() : ([], [])
            let call = try expression()
            guard case .access(_, let steps) = call, case .call? = steps.last?.kind else { throw fault("expected a call") }
            let read = namesRead
            let signature = try self.signature("caller", parameters, until: "endcall")
            namesRead = outer.union(read).union(namesRead)
            return .call(call, signature)
        case "filter":
            let filters = try self.filters(startsInside: true)
            return .filter(filters, try body(until: ["endfilter"]).statements)
        case "with": return try with()
        case "generation": return .generation(try body(until: ["endgeneration"]).statements)
        case "print":
            var values: [JinjaExpression] = []
            while current.kind != .blockEnd {
                if !values.isEmpty { try expect(",") }
                values.append(try expression())
            }
            return .output(values)
        case "break", "continue":
            guard loopDepth > 0 else { throw fault("'\(name)' stands outside of a loop") }
            return name == "break" ? .leave : .next
        default: throw fault("unknown statement '\(name)'")
        }
    }

    private mutating func loop() throws -> JinjaStatement.Kind {
        let target = try self.target(until: "in")
        if target.names.contains("loop") { throw fault("'loop' cannot be the name of an item") }
        guard skip(name: "in") else { throw fault("expected 'in', got '\(current.text)'") }
        let over = try tupleOrExpression(withConditional: false, until: "recursive")
        let test = skip(name: "if") ? try expression() : nil
        if isAt(name: "recursive") { throw fault("a 'recursive' loop is not supported") }
        loopDepth += 1
        let (statements, end) = try body(until: ["endfor", "else"])
        loopDepth -= 1
        let otherwise = end == "else" ? try body(until: ["endfor"]).statements : []
        return .loop(target: target, over: over, test: test, body: statements, otherwise: otherwise)
    }

    private mutating func choice() throws -> JinjaStatement.Kind {
        conditionalDepth += 1
        defer { conditionalDepth -= 1 }
        var branches: [(test: JinjaExpression, body: [JinjaStatement])] = []
        while true {
            let test = try tupleOrExpression(withConditional: false)
            let (statements, end) = try body(until: ["elif", "else", "endif"])
            branches.append((test, statements))
            if end == "elif" { continue }
            return .choice(branches, otherwise: end == "else" ? try body(until: ["endif"]).statements : [])
        }
    }

    private mutating func assignment() throws -> JinjaStatement.Kind {
        let target = try self.target(until: nil, allowsAttributes: true)
        if skip("=") { return .assignment(target, try tupleOrExpression()) }
        let filters = try self.filters(startsInside: false)
        return .capture(target, filters, try body(until: ["endset"]).statements)
    }

    private mutating func with() throws -> JinjaStatement.Kind {
        var values: [(JinjaTarget, JinjaExpression)] = []
        while current.kind != .blockEnd, !isAt(":") {
            if !values.isEmpty { try expect(",") }
            let target = try self.target(until: nil)
            try expect("=")
            values.append((target, try expression()))
        }
        return .with(values, try body(until: ["endwith"]).statements)
    }

    private mutating func parameters() throws -> (names: [String], defaults: [JinjaExpression]) {
        var (names, defaults): ([String], [JinjaExpression]) = ([], [])
        try expect("(")
        while !isAt(")") {
            if !names.isEmpty { try expect(",") }
            names.append(try expectName())
            if skip("=") {
                defaults.append(try expression())
            } else if !defaults.isEmpty {
                throw fault("a parameter without a default follows one with a default")
            }
        }
        try expect(")")
        return (names, defaults)
    }

    private mutating func signature(
        _ name: String, _ given: (names: [String], defaults: [JinjaExpression])? = nil, until end: String
    ) throws -> JinjaSignature {
        let parameters = try given ?? self.parameters()
        let (outerLoops, outerNames) = (loopDepth, namesRead)
        loopDepth = 0
        namesRead = []
        let statements = try body(until: [end]).statements
        let read = namesRead
        loopDepth = outerLoops
        namesRead = outerNames.union(read)
        return JinjaSignature(
            name: name, parameters: parameters.names, defaults: parameters.defaults, body: statements,
            usesVarargs: read.contains("varargs"), usesKwargs: read.contains("kwargs"), usesCaller: read.contains("caller"))
    }

    /// What `for`, `set` and `with` bind.
    private mutating func target(until end: String?, allowsAttributes: Bool = false) throws -> JinjaTarget {
        try enter()
        defer { leave() }
        var targets: [JinjaTarget] = []
        var isTuple = false
        while true {
            if let end, isAt(name: end), !targets.isEmpty { break }
            if current.kind == .blockEnd || isAt(")") || isAt("=") { break }
            if skip("(") {
                targets.append(try target(until: nil))
                try expect(")")
            } else {
                let name = try expectName()
                if ["true", "false", "none", "True", "False", "None"].contains(name) {
                    throw fault("'\(name)' cannot be assigned to")
                }
                if allowsAttributes, skip(".") {
                    targets.append(.attribute(name, try expectName()))
                } else {
                    targets.append(.name(name))
                }
            }
            guard skip(",") else { break }
            isTuple = true
        }
        guard let first = targets.first else { throw fault("expected a name, got '\(current.text)'") }
        return isTuple ? .tuple(targets) : first
    }
}
