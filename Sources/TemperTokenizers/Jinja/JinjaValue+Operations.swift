import Foundation

extension JinjaValue {
    /// Python's `==`; `work` counts the values looked at, since shared parts can make a value huge.
    static func equal(_ left: JinjaValue, _ right: JinjaValue, _ work: JinjaWork) throws -> Bool {
        try work.spend(1)
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let left), .text(let right)):
            try work.spend(min(left.count, right.count))
            return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            guard left.items.count == right.items.count else { return false }
            for (one, other) in zip(left.items, right.items) where try !equal(one, other, work) { return false }
            return true
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            for (key, value) in zip(left.keys, left.values) {
                guard let other = try right.value(key), try equal(value, other, work) else { return false }
            }
            return true
        case (.object(let left), .object(let right)): return left === right
        default:
            if let left = left.whole, let right = right.whole { return left == right }
            guard let left = left.number, let right = right.number else { return false }
            return left == right
        }
    }

    /// Python's `<`, with its error for values that have no order.
    static func less(_ left: JinjaValue, _ right: JinjaValue, _ symbol: String, _ work: JinjaWork) throws -> Bool {
        try work.spend(1)
        switch (left, right) {
        case (.undefined(let message), _), (_, .undefined(let message)): throw JinjaFault(message)
        case (.text(let left), .text(let right)): return left < right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (one, other) in zip(left.items, right.items) where try !equal(one, other, work) {
                return try less(one, other, symbol, work)
            }
            return left.items.count < right.items.count
        default:
            if let left = left.whole, let right = right.whole { return left < right }
            guard let left = left.number, let right = right.number else {
                throw JinjaFault(
                    "'\(symbol)' not supported between instances of '\(left.typeName)' and '\(right.typeName)'")
            }
            return left < right
        }
    }

    /// What a loop goes over.
    func items() throws -> [JinjaValue] {
        switch self {
        case .undefined: return []
        case .list(let list), .tuple(let list): return list.items
        case .map(let map): return map.keys
        case .text(let text): return text.glyphs.map { .text(JinjaText([$0])) }
        case .object(let object):
            if let loop = object as? JinjaLoop { return loop.rest() }
            throw JinjaFault("'\(typeName)' object is not iterable")
        default: throw JinjaFault("'\(typeName)' object is not iterable")
        }
    }

    func length() throws -> Int {
        switch self {
        case .undefined: return 0
        case .text(let text): return text.count
        case .list(let list), .tuple(let list): return list.items.count
        case .map(let map): return map.count
        case .object(let object):
            if let loop = object as? JinjaLoop { return loop.length }
            throw JinjaFault("object of type '\(typeName)' has no len()")
        default: throw JinjaFault("object of type '\(typeName)' has no len()")
        }
    }

    /// Python's `in`.
    func contains(_ value: JinjaValue, _ work: JinjaWork) throws -> Bool {
        switch self {
        case .text(let text):
            if case .undefined(let message) = value { throw JinjaFault(message) }
            guard let part = value.text else {
                throw JinjaFault("'in <string>' requires string as left operand, not \(value.typeName)")
            }
            try work.spend(text.count)
            return text.contains(part)
        case .map(let map): return try map.value(value) != nil
        case .list, .tuple, .undefined: return try items().contains { try Self.equal($0, value, work) }
        default: throw JinjaFault("argument of type '\(typeName)' is not a container or iterable")
        }
    }

    // MARK: Arithmetic

    enum Operator: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case modulo = "%"
        case power = "**"
    }

    static func calculate(_ left: JinjaValue, _ symbol: Operator, _ right: JinjaValue, _ work: JinjaWork) throws -> JinjaValue {
        if case .undefined(let message) = left { throw JinjaFault(message) }
        if symbol == .modulo, case .text(let format) = left {
            return .text(try JinjaFormat.percent(format, right, work))
        }
        if case .undefined(let message) = right { throw JinjaFault(message) }
        switch (left, symbol, right) {
        case (.text(let left), .add, .text(let right)):
            try work.makeText(left.count + right.count)
            guard left.isMarkup || right.isMarkup else { return .text(left + right) }
            var text = left.escaped + right.escaped
            text.isMarkup = true
            return .text(text)
        case (.list(let left), .add, .list(let right)):
            try work.makeList(left.items.count + right.items.count)
            return .list(JinjaList(depth: max(left.depth, right.depth), items: left.items + right.items))
        case (.tuple(let left), .add, .tuple(let right)):
            try work.makeList(left.items.count + right.items.count)
            return .tuple(JinjaList(depth: max(left.depth, right.depth), items: left.items + right.items))
        case (.text(let text), .multiply, _) where right.whole != nil: return .text(try repeated(text, right.whole ?? 0, work))
        case (_, .multiply, .text(let text)) where left.whole != nil: return .text(try repeated(text, left.whole ?? 0, work))
        case (.list(let list), .multiply, _) where right.whole != nil:
            return .list(try repeated(list, right.whole ?? 0, work))
        case (_, .multiply, .list(let list)) where left.whole != nil: return .list(try repeated(list, left.whole ?? 0, work))
        default: break
        }
        if symbol != .divide, let one = left.whole, let other = right.whole {
            if symbol == .power, other < 0 { return .float(pow(Double(one), Double(other))) }
            return .int(try whole(one, symbol, other))
        }
        if let one = left.number, let other = right.number { return .float(try real(one, symbol, other)) }
        if case (.text, .add) = (left, symbol) {
            throw JinjaFault("can only concatenate str (not \"\(right.typeName)\") to str")
        }
        throw JinjaFault(
            "unsupported operand type(s) for \(symbol.rawValue): '\(left.typeName)' and '\(right.typeName)'")
    }

    private static func repeated(_ text: JinjaText, _ count: Int, _ work: JinjaWork) throws -> JinjaText {
        let count = max(0, count)
        let (length, overflows) = text.count.multipliedReportingOverflow(by: count)
        try work.makeText(overflows ? .max : length)
        guard !text.isEmpty else { return text }
        var glyphs: [JinjaText.Glyph] = []
        glyphs.reserveCapacity(length)
        for _ in 0..<count { glyphs += text.glyphs }
        return JinjaText(glyphs)
    }

    private static func repeated(_ list: JinjaList, _ count: Int, _ work: JinjaWork) throws -> JinjaList {
        let count = max(0, count)
        let (length, overflows) = list.items.count.multipliedReportingOverflow(by: count)
        try work.makeList(overflows ? .max : length)
        guard !list.items.isEmpty else { return list }
        return JinjaList(depth: list.depth, items: (0..<count).flatMap { _ in list.items })
    }

    private static func whole(_ left: Int, _ symbol: Operator, _ right: Int) throws -> Int {
        let result: (partialValue: Int, overflow: Bool)
        switch symbol {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .floorDivide, .modulo, .divide:
            guard right != 0 else { throw JinjaFault("integer division or modulo by zero") }
            let quotient = left.dividedReportingOverflow(by: right)
            guard !quotient.overflow else { throw JinjaFault("the number is too large") }
            let remainder = left - quotient.partialValue * right
            let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
            if symbol == .modulo { return isBelow ? remainder + right : remainder }
            return isBelow ? quotient.partialValue - 1 : quotient.partialValue
        case .power:
            var (base, exponent, product) = (left, right, 1)
            while exponent > 0 {
                if exponent & 1 == 1 { product = try whole(product, .multiply, base) }
                exponent >>= 1
                if exponent > 0 { base = try whole(base, .multiply, base) }
            }
            return product
        }
        guard !result.overflow else { throw JinjaFault("the number is too large") }
        return result.partialValue
    }

    private static func real(_ left: Double, _ symbol: Operator, _ right: Double) throws -> Double {
        switch symbol {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .power:
            guard left >= 0 || right == right.rounded() else { throw JinjaFault("a complex number has no place in a template") }
            guard left != 0 || right >= 0 else { throw JinjaFault("zero to a negative power") }
            return pow(left, right)
        case .divide, .floorDivide, .modulo:
            guard right != 0 else { throw JinjaFault("division by zero") }
            if symbol == .divide { return left / right }
            let floored = (left / right).rounded(.down)
            if symbol == .floorDivide { return floored }
            let rest = fmod(left, right)
            return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
        }
    }
}
