/// The tests that may follow `is`.
enum JinjaTests {
    typealias Test = @Sendable (JinjaValue, JinjaArguments, JinjaInterpreter) throws -> Bool

    static let all: [String: Test] = kinds.merging(comparisons) { $1 }

    private static let kinds: [String: Test] = [
        "defined": { value, _, _ in !value.isUndefined }, "undefined": { value, _, _ in value.isUndefined },
        "none": { value, _, _ in value.isNone }, "true": { value, _, _ in value.isBool(true) },
        "false": { value, _, _ in value.isBool(false) },
        "boolean": { value, _, _ in value.isBool(true) || value.isBool(false) },
        "integer": { value, _, _ in value.whole != nil && !value.isBool(true) && !value.isBool(false) },
        "float": { value, _, _ in value.number != nil && value.whole == nil },
        "number": { value, _, _ in value.number != nil }, "string": { value, _, _ in value.text != nil },
        "mapping": { value, _, _ in
            if case .map = value { return true }
            return false
        },
        "sequence": { value, _, _ in
            switch value {
            case .undefined, .text, .list, .tuple, .map: return true
            default: return false
            }
        },
        "iterable": { value, _, _ in
            switch value {
            case .undefined, .text, .list, .tuple, .map: return true
            case .object(let object): return object is JinjaLoop
            default: return false
            }
        },
        "callable": { value, _, _ in
            if case .object(let object) = value { return object.isCallable }
            return value.isUndefined
        },
        "escaped": { value, _, _ in value.text?.isMarkup == true },
        "lower": { value, _, interpreter in JinjaCase.isLower(try value.str(interpreter.work)) },
        "upper": { value, _, interpreter in JinjaCase.isUpper(try value.str(interpreter.work)) },
        "odd": { value, _, interpreter in try remainder(value, .int(2), interpreter) == 1 },
        "even": { value, _, interpreter in try remainder(value, .int(2), interpreter) == 0 },
        "divisibleby": { value, arguments, interpreter in
            try remainder(value, operand("divisibleby", arguments), interpreter) == 0
        },
        "filter": { value, _, _ in value.text.map { JinjaFilters.all[$0.string] != nil } ?? false },
        "test": { value, _, _ in value.text.map { all[$0.string] != nil } ?? false },
    ]

    private static let comparisons: [String: Test] = {
        let equal: Test = { try JinjaValue.equal($0, operand("eq", $1), $2.work) }
        let unequal: Test = { try !JinjaValue.equal($0, operand("ne", $1), $2.work) }
        let less: Test = { try JinjaValue.less($0, operand("lt", $1), "<", $2.work) }
        let greater: Test = { try JinjaValue.less(operand("gt", $1), $0, ">", $2.work) }
        let atMost: Test = { try $2.isOrdered($0, operand("le", $1), "<=") }
        let atLeast: Test = { try $2.isOrdered(operand("ge", $1), $0, ">=") }
        let same: Test = { value, arguments, interpreter in
            let other = try operand("sameas", arguments)
            switch (value, other) {
            case (.bool, .bool), (.none, .none), (.object, .object): return try JinjaValue.equal(value, other, interpreter.work)
            case (.bool, _), (_, .bool), (.none, _), (_, .none): return false
            default: throw JinjaFault("'sameas' is supported for true, false and none")
            }
        }
        return [
            "==": equal, "eq": equal, "equalto": equal, "!=": unequal, "ne": unequal, "<": less, "lt": less, "lessthan": less,
            ">": greater, "gt": greater, "greaterthan": greater, "<=": atMost, "le": atMost, ">=": atLeast, "ge": atLeast,
            "sameas": same, "in": { try operand("in", $1).contains($0, $2.work) },
        ]
    }()

    private static func operand(_ name: String, _ arguments: JinjaArguments) throws -> JinjaValue {
        guard arguments.named.isEmpty, arguments.positional.count == 1 else {
            throw JinjaFault("the test '\(name)' takes one argument")
        }
        return arguments.positional[0]
    }

    private static func remainder(_ value: JinjaValue, _ divisor: JinjaValue, _ interpreter: JinjaInterpreter) throws -> Double? {
        guard value.text == nil else { throw JinjaFault("a string is neither odd nor even") }
        return try JinjaValue.calculate(value, .modulo, divisor, interpreter.work).number
    }
}

extension JinjaValue {
    fileprivate func isBool(_ expected: Bool) -> Bool {
        if case .bool(let value) = self { return value == expected }
        return false
    }
}
