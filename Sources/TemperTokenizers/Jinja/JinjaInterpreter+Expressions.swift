extension JinjaInterpreter {
    func evaluate(_ expression: JinjaExpression) throws -> JinjaValue {
        try nested { try value(of: expression) }
    }

    private func value(of expression: JinjaExpression) throws -> JinjaValue {
        switch expression {
        case .constant(let value): return value
        case .name(let name): return scope.value(name) ?? .undefined("'\(name)' is undefined")
        case .list(let items): return .list(try JinjaList(items.map(evaluate)))
        case .tuple(let items): return .tuple(try JinjaList(items.map(evaluate)))
        case .map(let pairs): return try map(pairs)
        case .negative(let value): return try negated(evaluate(value))
        case .positive(let value): return try positive(evaluate(value))
        case .not(let value): return .bool(try !evaluate(value).isTrue)
        case .and(let parts): return try firstValue(of: parts) { !$0.isTrue }
        case .or(let parts): return try firstValue(of: parts) { $0.isTrue }
        case .concatenation(let parts):
            let texts = try parts.map { try evaluate($0).str(work) }
            try work.makeText(texts.reduce(0) { $0 + $1.count })
            return .text(JinjaText.joined(texts, by: JinjaText("")))
        case .arithmetic(let first, let rest):
            var value = try evaluate(first)
            for (symbol, other) in rest { value = try JinjaValue.calculate(value, symbol, evaluate(other), work) }
            return value
        case .comparison(let first, let rest): return .bool(try compare(first, rest))
        case .conditional(let then, let test, let otherwise, let line):
            if try evaluate(test).isTrue { return try evaluate(then) }
            if let otherwise { return try evaluate(otherwise) }
            return .undefined("the inline 'if' on line \(line) is false and has no 'else'")
        case .access(let base, let steps): return try access(evaluate(base), steps)
        }
    }

    /// The value of a call that a `call` block makes.
    func evaluate(_ call: JinjaExpression, caller: JinjaMacro) throws -> JinjaValue {
        guard case .access(let base, let steps) = call, let last = steps.last, case .call(let list) = last.kind else {
            throw JinjaFault("expected a call")
        }
        let function = try access(evaluate(base), Array(steps.dropLast()))
        var arguments = try self.arguments(list)
        arguments.named.append(("caller", .object(caller)))
        return try self.call(function, arguments)
    }

    private func map(_ pairs: [(JinjaExpression, JinjaExpression)]) throws -> JinjaValue {
        var map = JinjaMap()
        for (key, value) in pairs { try map.set(evaluate(key), evaluate(value)) }
        return .map(map)
    }

    private func negated(_ value: JinjaValue) throws -> JinjaValue {
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .float(let number): return .float(-number)
        default:
            guard let whole = value.whole else { throw JinjaFault("bad operand type for unary -: '\(value.typeName)'") }
            return try JinjaValue.calculate(.int(0), .subtract, .int(whole), work)
        }
    }

    private func positive(_ value: JinjaValue) throws -> JinjaValue {
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .float: return value
        default:
            guard let whole = value.whole else { throw JinjaFault("bad operand type for unary +: '\(value.typeName)'") }
            return .int(whole)
        }
    }

    private func firstValue(of parts: [JinjaExpression], where decides: (JinjaValue) -> Bool) throws -> JinjaValue {
        var value = JinjaValue.none
        for part in parts {
            value = try evaluate(part)
            if decides(value) { break }
        }
        return value
    }

    private func compare(_ first: JinjaExpression, _ rest: [(JinjaExpression.Comparison, JinjaExpression)]) throws -> Bool {
        var left = try evaluate(first)
        for (comparison, expression) in rest {
            let right = try evaluate(expression)
            let holds =
                switch comparison {
                case .equal: try JinjaValue.equal(left, right, work)
                case .notEqual: try !JinjaValue.equal(left, right, work)
                case .less: try JinjaValue.less(left, right, "<", work)
                case .greater: try JinjaValue.less(right, left, ">", work)
                case .lessOrEqual: try isOrdered(left, right, "<=")
                case .greaterOrEqual: try isOrdered(right, left, ">=")
                case .contained: try right.contains(left, work)
                case .notContained: try !right.contains(left, work)
                }
            guard holds else { return false }
            left = right
        }
        return true
    }

    /// `left <= right`; a number that is none is in no order.
    func isOrdered(_ left: JinjaValue, _ right: JinjaValue, _ symbol: String) throws -> Bool {
        if try JinjaValue.less(left, right, symbol, work) { return true }
        return try JinjaValue.equal(left, right, work)
    }

    // MARK: Access

    func access(_ base: JinjaValue, _ steps: [JinjaExpression.Access]) throws -> JinjaValue {
        var value = base
        for step in steps {
            line = step.line
            switch step.kind {
            case .attribute(let name): value = try attribute(name, of: value)
            case .item(let key): value = try item(evaluate(key), of: value)
            case .slice(let start, let stop, let step):
                value = try slice(value, start.map(evaluate), stop.map(evaluate), step.map(evaluate))
            case .call(let list): value = try call(value, arguments(list))
            case .filter, .test: value = try apply([step], to: value)
            }
        }
        return value
    }

    func apply(_ steps: [JinjaExpression.Access], to value: JinjaValue) throws -> JinjaValue {
        var value = value
        for step in steps {
            line = step.line
            switch step.kind {
            case .filter(let name, let list): value = try filter(name, value, arguments(list))
            case .test(let name, let list, let isNegated):
                value = .bool(try test(name, value, arguments(list)) != isNegated)
            default: value = try access(value, [step])
            }
        }
        return value
    }

    func filter(_ name: String, _ value: JinjaValue, _ arguments: JinjaArguments) throws -> JinjaValue {
        guard let filter = JinjaFilters.all[name] else { throw JinjaFault("unknown filter '\(name)'") }
        try work.step()
        return try filter(value, arguments, self)
    }

    func test(_ name: String, _ value: JinjaValue, _ arguments: JinjaArguments) throws -> Bool {
        guard let test = JinjaTests.all[name] else { throw JinjaFault("unknown test '\(name)'") }
        try work.step()
        return try test(value, arguments, self)
    }

    func call(_ function: JinjaValue, _ arguments: JinjaArguments) throws -> JinjaValue {
        switch function {
        case .undefined(let message): throw JinjaFault(message)
        case .object(let object):
            try work.step()
            let line = line
            let value = try nested { try object.call(arguments, self) }
            self.line = line
            return value
        default: throw JinjaFault("'\(function.typeName)' object is not callable")
        }
    }

    private func arguments(_ list: JinjaArgumentList) throws -> JinjaArguments {
        var arguments = JinjaArguments()
        arguments.positional = try list.positional.map(evaluate)
        arguments.named = try list.named.map { ($0.0, try evaluate($0.1)) }
        if let spread = list.spread { arguments.positional += try evaluate(spread).items() }
        if let spread = list.namedSpread {
            guard case .map(let map) = try evaluate(spread) else { throw JinjaFault("what follows '**' is not a dict") }
            for (key, value) in zip(map.keys, map.values) {
                guard let name = key.text else { throw JinjaFault("the keys of what follows '**' are not names") }
                arguments.named.append((name.string, value))
            }
        }
        return arguments
    }

    /// `value.name`: a method or attribute, else an item.
    func attribute(_ name: String, of value: JinjaValue) throws -> JinjaValue {
        if let found = try ownAttribute(name, of: value) { return found }
        if case .map(let map) = value, let found = map[name] { return found }
        return missing(name, of: value)
    }

    /// `value[key]`: an item, else a method or attribute.
    func item(_ key: JinjaValue, of value: JinjaValue) throws -> JinjaValue {
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .map(let map):
            switch key {
            case .list, .map, .object, .undefined: return missing(try key.str(work).string, of: value)
            default: if let found = try map.value(key) { return found }
            }
        case .list, .tuple, .text:
            if let index = key.whole {
                let count = try value.length()
                let place = index < 0 ? index + count : index
                guard place >= 0, place < count else {
                    return .undefined("there is no item \(index): the \(value.typeName) has \(count)")
                }
                switch value {
                case .list(let list), .tuple(let list): return list.items[place]
                case .text(let text): return .text(JinjaText([text.glyphs[place]]))
                default: break
                }
            }
        case .object(let object):
            if let loop = object as? JinjaLoop, let index = key.whole {
                return loop.rest().indices.contains(index) ? loop.rest()[index] : .none
            }
        default: break
        }
        guard let name = key.text?.string else {
            return .undefined("'\(value.typeName) object' has no element of that key")
        }
        return try ownAttribute(name, of: value) ?? missing(name, of: value)
    }

    private func missing(_ name: String, of value: JinjaValue) -> JinjaValue {
        if case .none = value { return .undefined("'None' has no attribute '\(name)'") }
        return .undefined("'\(value.typeName) object' has no attribute '\(name)'")
    }

    private func ownAttribute(_ name: String, of value: JinjaValue) throws -> JinjaValue? {
        if case .undefined(let message) = value { throw JinjaFault(message) }
        if name.hasPrefix("__") {
            if case .map(let map) = value, map[name] != nil { return nil }
            return .undefined("access to attribute '\(name)' of '\(value.typeName)' object is unsafe")
        }
        if case .object(let object) = value { return try object.attribute(name) }
        return try JinjaMethods.method(name, of: value)
    }

    /// Python's slices.
    private func slice(_ value: JinjaValue, _ start: JinjaValue?, _ stop: JinjaValue?, _ step: JinjaValue?) throws -> JinjaValue {
        func bound(_ value: JinjaValue?) throws -> Int? {
            guard let value else { return nil }
            if case .none = value { return nil }
            if case .undefined(let message) = value { throw JinjaFault(message) }
            guard let whole = value.whole else { throw JinjaFault("slice indices must be integers or None") }
            return whole
        }
        let (start, stop, step) = (try bound(start), try bound(stop), try bound(step) ?? 1)
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .list(let list):
            let items = try JinjaSlice.places(list.items.count, start, stop, step).map { list.items[$0] }
            try work.makeList(items.count)
            return .list(JinjaList(depth: list.depth, items: items))
        case .tuple(let list):
            let items = try JinjaSlice.places(list.items.count, start, stop, step).map { list.items[$0] }
            try work.makeList(items.count)
            return .tuple(JinjaList(depth: list.depth, items: items))
        case .text(let text):
            let glyphs = try JinjaSlice.places(text.count, start, stop, step).map { text.glyphs[$0] }
            try work.makeText(glyphs.count)
            return .text(JinjaText(glyphs))
        default: return .undefined("'\(value.typeName) object' cannot be sliced")
        }
    }
}

/// The places that `[start:stop:step]` takes of `count`.
enum JinjaSlice {
    static func places(_ count: Int, _ start: Int?, _ stop: Int?, _ step: Int) throws -> StrideTo<Int> {
        guard step != 0 else { throw JinjaFault("slice step cannot be zero") }
        func clamped(_ index: Int, _ low: Int, _ high: Int) -> Int {
            let place = index < 0 ? (index < -count ? low : index + count) : index
            return min(max(place, low), high)
        }
        // Beyond the count a step takes one item at most.
        let step = min(max(step, -count - 1), count + 1)
        if step > 0 {
            return stride(from: clamped(start ?? 0, 0, count), to: clamped(stop ?? count, 0, count), by: step)
        }
        let first = start.map { clamped($0, -1, count - 1) } ?? count - 1
        let end = stop.map { clamped($0, -1, count - 1) } ?? -1
        return stride(from: first, to: end, by: step)
    }
}
