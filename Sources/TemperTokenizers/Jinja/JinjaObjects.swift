/// The arguments of a call.
struct JinjaArguments {
    var positional: [JinjaValue] = []
    var named: [(String, JinjaValue)] = []

    /// The arguments by the names of a function's parameters.
    ///
    /// - Throws: ``JinjaFault`` for an argument too many, one given twice, or a required one not given.
    func bound(_ function: String, _ names: [String], required: Int = 0) throws -> [JinjaValue?] {
        guard positional.count <= names.count else {
            throw JinjaFault("'\(function)' takes \(names.count) argument(s), not \(positional.count)")
        }
        var values: [JinjaValue?] = positional + Array(repeating: nil, count: names.count - positional.count)
        for (name, value) in named {
            guard let place = names.firstIndex(of: name) else { throw JinjaFault("'\(function)' has no argument '\(name)'") }
            guard values[place] == nil else { throw JinjaFault("'\(function)' is given '\(name)' twice") }
            values[place] = value
        }
        for place in 0..<required where values[place] == nil {
            throw JinjaFault("'\(function)' is not given '\(names[place])'")
        }
        return values
    }
}

/// A function or method that the interpreter itself offers.
final class JinjaFunction: JinjaObject, @unchecked Sendable {
    // Unchecked: as JinjaObject.
    typealias Body = (JinjaArguments, JinjaInterpreter) throws -> JinjaValue
    let name: String
    private let body: Body

    init(_ name: String, _ body: @escaping Body) {
        self.name = name
        self.body = body
    }

    override var typeName: String { "function" }
    override var isCallable: Bool { true }

    override func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        try body(arguments, interpreter)
    }
}

/// A macro with the names in sight where it was defined.
final class JinjaMacro: JinjaObject, @unchecked Sendable {
    // Unchecked: as JinjaObject.
    private let signature: JinjaSignature
    private let scope: JinjaScope

    init(_ signature: JinjaSignature, _ scope: JinjaScope) {
        self.signature = signature
        self.scope = scope
    }

    override var typeName: String { "Macro" }
    override var isCallable: Bool { true }

    override func attribute(_ name: String) throws -> JinjaValue? {
        switch name {
        case "name": .string(signature.name)
        case "arguments": .tuple(try JinjaList(signature.parameters.map { .string($0) }))
        case "catch_kwargs": .bool(signature.usesKwargs)
        case "catch_varargs": .bool(signature.usesVarargs)
        case "caller": .bool(signature.usesCaller)
        default: nil
        }
    }

    override func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        let parameters = signature.parameters
        let text = try interpreter.inScope(scope) {
            let own = interpreter.scope
            var given: [String: JinjaValue] = [:]
            for (name, value) in zip(parameters, arguments.positional) { given[name] = value }
            let extra = Array(arguments.positional.dropFirst(parameters.count))
            var extraNamed = JinjaMap()
            for (name, value) in arguments.named {
                if parameters.contains(name) {
                    guard given[name] == nil else { throw JinjaFault("macro '\(signature.name)' is given '\(name)' twice") }
                    given[name] = value
                } else if name == "caller", signature.usesCaller {
                    own.values["caller"] = value
                } else if signature.usesKwargs {
                    try extraNamed.set(.string(name), value)
                } else if name == "caller" {
                    throw JinjaFault("macro '\(signature.name)' is called with a block but does not use 'caller'")
                } else {
                    throw JinjaFault("macro '\(signature.name)' has no argument '\(name)'")
                }
            }
            guard extra.isEmpty || signature.usesVarargs else {
                throw JinjaFault(
                    "macro '\(signature.name)' takes \(parameters.count) argument(s), not \(arguments.positional.count)")
            }
            if signature.usesVarargs { own.values["varargs"] = .tuple(try JinjaList(extra)) }
            if signature.usesKwargs { own.values["kwargs"] = .map(extraNamed) }
            if signature.usesCaller, own.values["caller"] == nil, !parameters.contains("caller") {
                own.values["caller"] = .undefined("no caller defined")
            }
            let firstDefault = parameters.count - signature.defaults.count
            for (index, name) in parameters.enumerated() {
                if let value = given[name] {
                    own.values[name] = value
                } else if index >= firstDefault {
                    own.values[name] = try interpreter.evaluate(signature.defaults[index - firstDefault])
                } else {
                    own.values[name] = .undefined("parameter '\(name)' was not provided")
                }
            }
            return try interpreter.capture { _ = try interpreter.run(signature.body) }
        }
        return .text(text)
    }
}

/// What `namespace()` makes: the one value whose attributes can be set.
final class JinjaNamespace: JinjaObject, @unchecked Sendable {
    // Unchecked: as JinjaObject.
    private var values: [String: JinjaValue] = [:]

    override var typeName: String { "Namespace" }
    override func attribute(_ name: String) throws -> JinjaValue? { values[name] }

    func set(_ name: String, _ value: JinjaValue) throws {
        guard !name.hasPrefix("_") else {
            throw JinjaFault("a namespace cannot store '\(name)': its names do not begin with an underscore")
        }
        if case .object(let object) = value, object is JinjaNamespace {
            throw JinjaFault("a namespace cannot stand inside another value")
        }
        values[name] = value
    }
}

/// `loop` in the body of a loop.
final class JinjaLoop: JinjaObject, @unchecked Sendable {
    // Unchecked: as JinjaObject.
    private let items: [JinjaValue]
    private var index = -1
    private var last: [JinjaValue]?

    init(_ items: [JinjaValue]) { self.items = items }

    override var typeName: String { "LoopContext" }
    var length: Int { items.count }

    func advance() -> JinjaValue? {
        guard index + 1 < items.count else { return nil }
        index += 1
        return items[index]
    }

    /// What the loop has still to come to.
    func rest() -> [JinjaValue] { Array(items[(index + 1)...]) }

    override func attribute(_ name: String) throws -> JinjaValue? {
        switch name {
        case "index": return .int(index + 1)
        case "index0": return .int(index)
        case "revindex": return .int(items.count - index)
        case "revindex0": return .int(items.count - index - 1)
        case "first": return .bool(index == 0)
        case "last": return .bool(index == items.count - 1)
        case "length": return .int(items.count)
        // Only recursive loops, which there are not, go deeper.
        case "depth": return .int(1)
        case "depth0": return .int(0)
        case "previtem": return index > 0 ? items[index - 1] : .undefined("there is no previous item")
        case "nextitem": return index + 1 < items.count ? items[index + 1] : .undefined("there is no next item")
        case "cycle":
            let index = index
            return .object(
                JinjaFunction("cycle") { arguments, _ in
                    guard !arguments.positional.isEmpty else { throw JinjaFault("no items for cycling given") }
                    return arguments.positional[index % arguments.positional.count]
                })
        case "changed":
            return .object(
                JinjaFunction("changed") { [self] arguments, interpreter in
                    if let last, last.count == arguments.positional.count,
                        try zip(last, arguments.positional).allSatisfy({ try JinjaValue.equal($0, $1, interpreter.work) })
                    {
                        return .bool(false)
                    }
                    last = arguments.positional
                    return .bool(true)
                })
        default: return nil
        }
    }
}

/// What `cycler()` makes.
final class JinjaCycler: JinjaObject, @unchecked Sendable {
    // Unchecked: as JinjaObject.
    private let items: [JinjaValue]
    private var index = 0

    init(_ items: [JinjaValue]) { self.items = items }

    override var typeName: String { "Cycler" }

    override func attribute(_ name: String) throws -> JinjaValue? {
        switch name {
        case "current": return items[index]
        case "next":
            return .object(
                JinjaFunction("next") { [self] _, _ in
                    defer { index = (index + 1) % items.count }
                    return items[index]
                })
        case "reset":
            return .object(
                JinjaFunction("reset") { [self] _, _ in
                    index = 0
                    return .none
                })
        default: return nil
        }
    }
}
