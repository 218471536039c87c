extension JinjaParser {
    /// One expression, or a tuple where commas follow.
    mutating func tupleOrExpression(withConditional: Bool = true, until end: String? = nil, isInParentheses: Bool = false) throws
        -> JinjaExpression
    {
        var items: [JinjaExpression] = []
        var isTuple = false
        while true {
            if current.kind == .outputEnd || current.kind == .blockEnd || isAt(")") { break }
            if let end, isAt(name: end) { break }
            items.append(withConditional ? try expression() : try nested { try $0.disjunction() })
            guard skip(",") else { break }
            isTuple = true
        }
        if !isTuple {
            if let first = items.first { return first }
            guard isInParentheses else { throw fault("expected an expression, got '\(current.text)'") }
        }
        return .tuple(items)
    }

    mutating func expression() throws -> JinjaExpression { try nested { try $0.conditional() } }

    private mutating func nested(_ read: (inout JinjaParser) throws -> JinjaExpression) throws -> JinjaExpression {
        try enter()
        defer { leave() }
        return try read(&self)
    }

    private mutating func conditional() throws -> JinjaExpression {
        var value = try disjunction()
        var count = 0
        while isAt(name: "if") {
            let line = line
            advance()
            try countChain(&count)
            conditionalDepth += 1
            defer { conditionalDepth -= 1 }
            let test = try disjunction()
            let otherwise = skip(name: "else") ? try expression() : nil
            value = .conditional(then: value, test: test, otherwise: otherwise, line: line)
        }
        return value
    }

    /// `a if b if c …` is the one chain that nests to the left.
    private func countChain(_ count: inout Int) throws {
        count += 1
        guard count <= 8 else { throw fault("more than 8 conditions follow each other without 'else'") }
    }

    private mutating func disjunction() throws -> JinjaExpression {
        var parts = [try conjunction()]
        while skip(name: "or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws -> JinjaExpression {
        var parts = [try negation()]
        while skip(name: "and") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func negation() throws -> JinjaExpression {
        var isNegated = false
        var hasNot = false
        while skip(name: "not") {
            isNegated.toggle()
            hasNot = true
        }
        let value = try comparison()
        guard hasNot else { return value }
        return isNegated ? .not(value) : .not(.not(value))
    }

    private mutating func comparison() throws -> JinjaExpression {
        let first = try sum()
        var rest: [(JinjaExpression.Comparison, JinjaExpression)] = []
        while true {
            if case .symbol(let symbol) = current.kind, let comparison = JinjaExpression.Comparison(rawValue: symbol) {
                advance()
                rest.append((comparison, try sum()))
            } else if skip(name: "in") {
                rest.append((.contained, try sum()))
            } else if isAt(name: "not"), following.kind == .name("in") {
                advance()
                advance()
                rest.append((.notContained, try sum()))
            } else {
                return rest.isEmpty ? first : .comparison(first, rest)
            }
        }
    }

    private mutating func sum() throws -> JinjaExpression {
        try chain(["+", "-"]) { try $0.concatenation() }
    }

    private mutating func concatenation() throws -> JinjaExpression {
        var parts = [try product()]
        while skip("~") { parts.append(try product()) }
        return parts.count == 1 ? parts[0] : .concatenation(parts)
    }

    private mutating func product() throws -> JinjaExpression {
        try chain(["*", "/", "//", "%"]) { try $0.power() }
    }

    private mutating func power() throws -> JinjaExpression {
        try chain(["**"]) { try $0.unary(withFilters: true) }
    }

    private mutating func chain(_ symbols: Set<String>, _ operand: (inout JinjaParser) throws -> JinjaExpression) throws
        -> JinjaExpression
    {
        let first = try operand(&self)
        var rest: [(JinjaValue.Operator, JinjaExpression)] = []
        while case .symbol(let symbol) = current.kind, symbols.contains(symbol), let sign = JinjaValue.Operator(rawValue: symbol)
        {
            advance()
            rest.append((sign, try operand(&self)))
        }
        return rest.isEmpty ? first : .arithmetic(first, rest)
    }

    private mutating func unary(withFilters: Bool) throws -> JinjaExpression {
        let value: JinjaExpression
        if skip("-") {
            value = .negative(try nested { try $0.unary(withFilters: false) })
        } else if skip("+") {
            value = .positive(try nested { try $0.unary(withFilters: false) })
        } else {
            value = try primary()
        }
        var steps: [JinjaExpression.Access] = []
        try readPostfix(into: &steps)
        if withFilters { try readFilters(into: &steps) }
        return steps.isEmpty ? value : .access(value, steps)
    }

    private mutating func primary() throws -> JinjaExpression {
        switch current.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return .constant(.bool(true))
            case "false", "False": return .constant(.bool(false))
            case "none", "None": return .constant(.none)
            default:
                namesRead.insert(name)
                return .name(name)
            }
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text += more
                advance()
            }
            return .constant(.string(text))
        case .int(let value):
            advance()
            return .constant(.int(value))
        case .float(let value):
            advance()
            return .constant(.float(value))
        case .symbol("("):
            advance()
            let value = try nested { try $0.tupleOrExpression(isInParentheses: true) }
            try expect(")")
            return value
        case .symbol("["):
            advance()
            var items: [JinjaExpression] = []
            while !isAt("]") {
                if !items.isEmpty { try expect(",") }
                if isAt("]") { break }
                items.append(try expression())
            }
            try expect("]")
            return .list(items)
        case .symbol("{"):
            advance()
            var pairs: [(JinjaExpression, JinjaExpression)] = []
            while !isAt("}") {
                if !pairs.isEmpty { try expect(",") }
                if isAt("}") { break }
                let key = try expression()
                try expect(":")
                pairs.append((key, try expression()))
            }
            try expect("}")
            return .map(pairs)
        default: throw fault("unexpected '\(current.text)'")
        }
    }

    // MARK: What follows a value

    private mutating func readPostfix(into steps: inout [JinjaExpression.Access]) throws {
        while true {
            let line = line
            if skip(".") {
                if case .int(let number) = current.kind {
                    advance()
                    steps.append(.init(kind: .item(.constant(.int(number))), line: line))
                } else {
                    steps.append(.init(kind: .attribute(try expectName()), line: line))
                }
            } else if skip("[") {
                let kind = try subscription()
                try expect("]")
                steps.append(.init(kind: kind, line: line))
            } else if isAt("(") {
                steps.append(.init(kind: .call(try arguments()), line: line))
            } else {
                return
            }
        }
    }

    private mutating func subscription() throws -> JinjaExpression.Access.Kind {
        let first = isAt(":") ? nil : try expression()
        if let first, !isAt(":") {
            guard isAt(",") else { return .item(first) }
            var items = [first]
            while skip(","), !isAt("]") { items.append(try expression()) }
            return .item(.tuple(items))
        }
        try expect(":")
        let second = isAt(":") || isAt("]") ? nil : try expression()
        let third = skip(":") && !isAt("]") ? try expression() : nil
        return .slice(first, second, third)
    }

    private mutating func readFilters(into steps: inout [JinjaExpression.Access]) throws {
        while true {
            let line = line
            if isAt("|") {
                steps += try filters(startsInside: false)
            } else if skip(name: "is") {
                steps.append(.init(kind: try test(), line: line))
            } else if isAt("(") {
                steps.append(.init(kind: .call(try arguments()), line: line))
            } else {
                return
            }
        }
    }

    /// - Parameter startsInside: the first filter stands without `|`.
    mutating func filters(startsInside: Bool) throws -> [JinjaExpression.Access] {
        var steps: [JinjaExpression.Access] = []
        var isFirst = startsInside
        while isFirst || skip("|") {
            isFirst = false
            let line = line
            let name = try dottedName()
            guard conditionalDepth > 0 || JinjaFilters.all[name] != nil else { throw fault("unknown filter '\(name)'") }
            steps.append(.init(kind: .filter(name, isAt("(") ? try arguments() : JinjaArgumentList()), line: line))
        }
        return steps
    }

    private mutating func test() throws -> JinjaExpression.Access.Kind {
        let isNegated = skip(name: "not")
        let name = try dottedName()
        guard conditionalDepth > 0 || JinjaTests.all[name] != nil else { throw fault("unknown test '\(name)'") }
        if isAt("(") { return .test(name, try arguments(), isNegated: isNegated) }
        var arguments = JinjaArgumentList()
        if startsArgument {
            if isAt(name: "is") { throw fault("tests cannot follow each other with 'is'") }
            let value = try nested { try $0.primary() }
            var steps: [JinjaExpression.Access] = []
            try readPostfix(into: &steps)
            arguments.positional = [steps.isEmpty ? value : .access(value, steps)]
        }
        return .test(name, arguments, isNegated: isNegated)
    }

    /// Whether what follows the name of a test is its argument.
    private var startsArgument: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .int, .float, .symbol("["), .symbol("{"): true
        default: false
        }
    }

    private mutating func dottedName() throws -> String {
        var name = try expectName()
        while skip(".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func arguments() throws -> JinjaArgumentList {
        var list = JinjaArgumentList()
        try expect("(")
        var isFirst = true
        while !isAt(")") {
            if !isFirst { try expect(",") }
            if isAt(")") { break }
            isFirst = false
            if skip("*") {
                guard list.spread == nil, list.namedSpread == nil else { throw fault("a call spreads one list at most") }
                list.spread = try expression()
            } else if skip("**") {
                guard list.namedSpread == nil else { throw fault("a call spreads one dict at most") }
                list.namedSpread = try expression()
            } else if case .name(let name) = current.kind, following.kind == .symbol("=") {
                guard list.namedSpread == nil else { throw fault("a named argument follows a spread dict") }
                advance()
                advance()
                list.named.append((name, try expression()))
            } else {
                guard list.named.isEmpty, list.spread == nil, list.namedSpread == nil else {
                    throw fault("a plain argument follows a named one")
                }
                list.positional.append(try expression())
            }
        }
        try expect(")")
        return list
    }
}
