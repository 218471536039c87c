/// The methods of texts, lists and dicts. Those that would change a list or dict are unsafe, as in Jinja's immutable sandbox.
enum JinjaMethods {
    typealias Body = (JinjaArguments, JinjaInterpreter) throws -> JinjaValue

    /// Methods of Python that a template cannot have here; naming one is an error, not an undefined value.
    private static let unsupported: [String: Set<String>] = [
        "str": ["encode", "expandtabs", "format_map", "maketrans", "translate", "isidentifier"],
        "dict": ["fromkeys"],
        "int": [
            "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "imag", "numerator", "real", "to_bytes",
        ],
        "float": ["as_integer_ratio", "conjugate", "fromhex", "hex", "imag", "is_integer", "real"],
    ]
    private static let changing: [String: Set<String>] = [
        "list": ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"],
        "dict": ["clear", "pop", "popitem", "setdefault", "update"],
    ]

    static func method(_ name: String, of value: JinjaValue) throws -> JinjaValue? {
        if changing[value.typeName]?.contains(name) == true {
            return .undefined(
                "access to attribute '\(name)' of '\(value.typeName)' object is unsafe: a template cannot change it")
        }
        if unsupported[value.typeName]?.contains(name) == true {
            throw JinjaFault("the method '\(name)' of '\(value.typeName)' is not supported")
        }
        let body: Body?
        switch value {
        case .text(let text): body = self.text(name, text)
        case .map(let map): body = self.map(name, map)
        case .list(let list): body = name == "copy" ? { _, _ in .list(list) } : self.list(name, list)
        case .tuple(let list): body = self.list(name, list)
        default: body = nil
        }
        return body.map { .object(JinjaFunction(name, $0)) }
    }

    private static func map(_ name: String, _ map: JinjaMap) -> Body? {
        switch name {
        case "get":
            return { arguments, _ in
                let given = try arguments.bound("get", ["key", "default"], required: 1)
                return try given[0].flatMap { try map.value($0) } ?? given[1] ?? .none
            }
        case "items": return { _, _ in .list(try JinjaFilters.pairs(map)) }
        case "keys": return { _, _ in .list(try JinjaList(map.keys)) }
        case "values": return { _, _ in .list(try JinjaList(map.values)) }
        case "copy": return { _, _ in .map(map) }
        default: return nil
        }
    }

    private static func list(_ name: String, _ list: JinjaList) -> Body? {
        switch name {
        case "count":
            return { arguments, interpreter in
                let value = try arguments.bound("count", ["value"], required: 1)[0] ?? .none
                return .int(try list.items.filter { try JinjaValue.equal($0, value, interpreter.work) }.count)
            }
        case "index":
            return { arguments, interpreter in
                let value = try arguments.bound("index", ["value"], required: 1)[0] ?? .none
                guard let place = try list.items.firstIndex(where: { try JinjaValue.equal($0, value, interpreter.work) }) else {
                    throw JinjaFault("the value is not in the list")
                }
                return .int(place)
            }
        default: return nil
        }
    }
}
