/// The filters a template may use, with the arguments and defaults of Jinja's.
enum JinjaFilters {
    typealias Filter = @Sendable (JinjaValue, JinjaArguments, JinjaInterpreter) throws -> JinjaValue

    static let all: [String: Filter] = texts.merging(sequences) { $1 }.merging(others) { $1 }

    private static let others: [String: Filter] = [
        "default": fallback, "d": fallback, "length": length, "count": length, "string": { .text(try $0.str($2.work)) },
        "int": whole, "float": real, "abs": absolute, "round": round, "tojson": json, "attr": attribute,
    ]

    private static func fallback(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("default", ["default_value", "boolean"])
        let isReplaced = value.isUndefined || (given[1]?.isTrue == true && !value.isTrue)
        return isReplaced ? given[0] ?? .string("") : value
    }

    private static func length(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        _ = try arguments.bound("length", [])
        return .int(try value.length())
    }

    private static func whole(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("int", ["default", "base"])
        let base = given[1]?.whole ?? 10
        guard (2...36).contains(base) else { throw JinjaFault("'int' takes a base from 2 to 36") }
        switch value {
        case .undefined(let message): throw JinjaFault(message)
        case .text(let text):
            if let whole = JinjaNumber.whole(text, base: base) { return .int(whole) }
            if let real = JinjaNumber.real(text), let whole = Int(exactly: real.rounded(.towardZero)) { return .int(whole) }
        case .float(let real): if let whole = Int(exactly: real.rounded(.towardZero)) { return .int(whole) }
        default: if let whole = value.whole { return .int(whole) }
        }
        return given[0] ?? .int(0)
    }

    private static func real(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("float", ["default"])
        if case .undefined(let message) = value { throw JinjaFault(message) }
        return (value.number ?? value.text.flatMap(JinjaNumber.real)).map { .float($0) } ?? given[0] ?? .float(0)
    }

    private static func absolute(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        if case .float(let number) = value { return .float(abs(number)) }
        guard let whole = value.whole else { throw JinjaFault("bad operand type for abs(): '\(value.typeName)'") }
        return whole < 0 ? try JinjaValue.calculate(.int(0), .subtract, .int(whole), interpreter.work) : .int(whole)
    }

    private static func round(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("round", ["precision", "method"])
        let precision = given[0]?.whole ?? 0
        let method = given[1]?.text?.string ?? "common"
        guard let number = value.number else { throw JinjaFault("type \(value.typeName) doesn't define __round__ method") }
        guard abs(precision) <= 300 else { throw JinjaFault("'round' takes a precision from -300 to 300") }
        switch method {
        case "common":
            if let whole = value.whole, precision >= 0 { return .int(whole) }
            return .float(JinjaFormat.rounded(number, precision))
        case "ceil", "floor":
            let scale = try JinjaValue.calculate(.int(10), .power, .int(precision), interpreter.work).number ?? 1
            return .float((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
        default: throw JinjaFault("'round' has the methods common, ceil and floor, not '\(method)'")
        }
    }

    private static func json(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("tojson", ["ensure_ascii", "indent", "separators", "sort_keys"])
        var writer = JinjaJSONWriter(interpreter.work)
        writer.escapesNonASCII = given[0]?.isTrue ?? false
        writer.sortsKeys = given[3]?.isTrue ?? false
        switch given[1] {
        case nil, JinjaValue.none?: break
        case .text(let text)?: writer.indent = text
        case let value?:
            guard let width = value.whole, width <= 1000 else { throw JinjaFault("'tojson' takes an indent of at most 1000") }
            writer.indent = JinjaText(String(repeating: " ", count: max(0, width)))
        }
        if writer.indent != nil { writer.itemSeparator = JinjaText(",") }
        if let separators = given[2], case .tuple(let list) = separators, list.items.count == 2 {
            writer.itemSeparator = try list.items[0].str(interpreter.work)
            writer.keySeparator = try list.items[1].str(interpreter.work)
        } else if let separators = given[2] {
            switch separators {
            case .none: break
            default: throw JinjaFault("'tojson' takes two separators")
            }
        }
        try writer.write(value)
        return .text(JinjaText(writer.output))
    }

    private static func attribute(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let name = try arguments.bound("attr", ["name"], required: 1)[0]?.text?.string ?? ""
        if case .map = value {
            // Jinja's `attr` never looks at items.
            return try JinjaMethods.method(name, of: value) ?? .undefined("'dict object' has no attribute '\(name)'")
        }
        return try interpreter.attribute(name, of: value)
    }
}
