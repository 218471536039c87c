/// The functions every template may call: Jinja's, and those that `transformers` adds.
enum JinjaFunctions {
    typealias Function = @Sendable (JinjaArguments, JinjaInterpreter) throws -> JinjaValue

    static let all: [String: Function] = [
        "range": range, "dict": dict, "namespace": namespace, "raise_exception": raiseException, "strftime_now": strftimeNow,
        "joiner": joiner, "cycler": cycler,
    ]

    /// The sandbox of Jinja allows so many.
    private static let longestRange = 100_000

    private static func range(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        guard arguments.named.isEmpty, (1...3).contains(arguments.positional.count) else {
            throw JinjaFault("'range' takes one to three plain arguments")
        }
        let bounds = try arguments.positional.map { value in
            if case .undefined(let message) = value { throw JinjaFault(message) }
            guard let whole = value.whole else {
                throw JinjaFault("'\(value.typeName)' object cannot be interpreted as an integer")
            }
            return whole
        }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw JinjaFault("'range' needs a step other than zero") }
        let (distance, overflows) = stop.subtractingReportingOverflow(start)
        guard !overflows, step != .min, abs(distance / step) <= longestRange else {
            throw JinjaFault("'range' gives at most \(longestRange) numbers")
        }
        let items = stride(from: start, to: stop, by: step).map { JinjaValue.int($0) }
        try interpreter.work.makeList(items.count)
        return .list(JinjaList(depth: 1, items: items))
    }

    private static func dict(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        guard arguments.positional.count <= 1 else { throw JinjaFault("'dict' takes one plain argument at most") }
        var map = JinjaMap()
        switch arguments.positional.first {
        case nil: break
        case .map(let other)?: map = other
        case let value?:
            for pair in try value.items() {
                let items = try pair.items()
                guard items.count == 2 else { throw JinjaFault("'dict' takes pairs of key and value") }
                try map.set(items[0], items[1])
            }
        }
        for (name, value) in arguments.named { try map.set(.string(name), value) }
        return .map(map)
    }

    private static func namespace(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        let namespace = JinjaNamespace()
        guard case .map(let map) = try dict(arguments, interpreter) else { return .none }
        for (key, value) in zip(map.keys, map.values) { try namespace.set(key.str(interpreter.work).string, value) }
        return .object(namespace)
    }

    private static func raiseException(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        let message = try arguments.bound("raise_exception", ["message"], required: 1)[0]
        let text = try message?.str(interpreter.work).string ?? ""
        throw JinjaFault(
            "the chat template refuses the conversation: \(text)", hint: "change the messages, or name another chat template")
    }

    private static func strftimeNow(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        guard let format = try arguments.bound("strftime_now", ["format"], required: 1)[0]?.text else {
            throw JinjaFault("'strftime_now' takes a string")
        }
        return .string(try JinjaFormat.date(interpreter.now, format.string))
    }

    private static func joiner(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        let separator = try arguments.bound("joiner", ["sep"])[0] ?? .string(", ")
        var isUsed = false
        return .object(
            JinjaFunction("joiner") { _, _ in
                defer { isUsed = true }
                return isUsed ? separator : .string("")
            })
    }

    private static func cycler(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        guard !arguments.positional.isEmpty, arguments.named.isEmpty else { throw JinjaFault("'cycler' needs at least one item") }
        return .object(JinjaCycler(arguments.positional))
    }
}
