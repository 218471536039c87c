extension JinjaFilters {
    static func map(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let items = try value.items()
        if arguments.positional.isEmpty {
            let given = try arguments.bound("map", ["attribute", "default"])
            guard let path = given[0] else { throw JinjaFault("'map' needs a filter or 'attribute'") }
            return .list(
                try list(
                    items.map {
                        let found = try attribute(path, of: $0, interpreter)
                        return found.isUndefined ? given[1] ?? found : found
                    }, interpreter))
        }
        let (name, rest) = try step(arguments, "map")
        return .list(try list(items.map { try interpreter.filter(name, $0, rest) }, interpreter))
    }

    /// The filter or test that the first argument names, with the arguments for it.
    private static func step(_ arguments: JinjaArguments, _ filter: String) throws -> (String, JinjaArguments) {
        guard let name = arguments.positional.first?.text?.string else { throw JinjaFault("'\(filter)' needs a name") }
        return (name, JinjaArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named))
    }

    static func pick(
        _ name: String, _ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter, keeps: Bool,
        byAttribute: Bool = false
    ) throws -> JinjaValue {
        var arguments = arguments
        var path: JinjaValue?
        if byAttribute {
            guard !arguments.positional.isEmpty else { throw JinjaFault("'\(name)' needs the name of an attribute") }
            path = arguments.positional.removeFirst()
        }
        let kept = try value.items().filter { item in
            try interpreter.work.step()
            let tested = try path.map { try attribute($0, of: item, interpreter) } ?? item
            guard !arguments.positional.isEmpty else { return tested.isTrue == keeps }
            let (test, rest) = try step(arguments, name)
            return try interpreter.test(test, tested, rest) == keeps
        }
        return .list(try list(kept, interpreter))
    }
}
