/// A value of the interpreter, with Python's behaviour. Nothing but a namespace can be changed.
enum JinjaValue: Sendable {
    /// Stands for something there is not; the text says what, for the error that most uses of it are.
    case undefined(String)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(JinjaText)
    case list(JinjaList)
    case tuple(JinjaList)
    case map(JinjaMap)
    case object(JinjaObject)

    static func string(_ text: String) -> JinjaValue { .text(JinjaText(text)) }
}

/// Items of a list or tuple.
struct JinjaList: Sendable {
    let items: [JinjaValue]
    /// How deep containers stand in each other, 1 for a flat list; bounded, so that walking a value is safe.
    let depth: Int

    init(_ items: [JinjaValue]) throws {
        self.items = items
        depth = try JinjaValue.depth(of: items)
    }

    init(texts: [JinjaText]) {
        items = texts.map { .text($0) }
        depth = 1
    }

    init(depth: Int, items: [JinjaValue]) {
        self.items = items
        self.depth = depth
    }
}

/// A mapping in the order of insertion.
struct JinjaMap: Sendable {
    private(set) var keys: [JinjaValue] = []
    private(set) var values: [JinjaValue] = []
    private(set) var depth = 1
    private var index: [Key: Int] = [:]

    /// What keys are compared by; `1`, `1.0` and `true` are one key, as in Python.
    private enum Key: Hashable {
        case none
        case number(Double)
        case text(JinjaText)
        case tuple([Key])
    }

    init() {}

    init(_ pairs: [(String, JinjaValue)]) throws {
        for (key, value) in pairs { try set(.string(key), value) }
    }

    var count: Int { keys.count }

    private static func key(_ value: JinjaValue) throws -> Key {
        switch value {
        case .none: return .none
        case .bool(let value): return .number(value ? 1 : 0)
        case .int(let value): return .number(Double(value))
        case .float(let value): return .number(value)
        case .text(let text): return .text(text)
        case .tuple(let list): return .tuple(try list.items.map(key))
        default: throw JinjaFault("unhashable type: '\(value.typeName)'")
        }
    }

    func value(_ key: JinjaValue) throws -> JinjaValue? {
        let key = try Self.key(key)
        return index[key].map { values[$0] }
    }

    /// The value of a plain name.
    subscript(name: String) -> JinjaValue? { index[.text(JinjaText(name))].map { values[$0] } }

    mutating func set(_ key: JinjaValue, _ value: JinjaValue) throws {
        depth = max(depth, try JinjaValue.depth(of: [value]))
        let hashed = try Self.key(key)
        if let place = index[hashed] {
            values[place] = value
        } else {
            index[hashed] = keys.count
            keys.append(key)
            values.append(value)
        }
    }
}

/// A value with attributes of its own, or one that can be called.
class JinjaObject: @unchecked Sendable {
    // Unchecked: an object belongs to the one rendering that made it and never leaves it.

    /// Python's name of the type, for messages.
    var typeName: String { "object" }
    func attribute(_ name: String) throws -> JinjaValue? { nil }
    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        throw JinjaFault("'\(typeName)' object is not callable")
    }
    var isCallable: Bool { false }
}

extension JinjaValue {
    static let maximumDepth = 64

    fileprivate static func depth(of items: [JinjaValue]) throws -> Int {
        var deepest = 0
        for item in items {
            switch item {
            case .list(let list), .tuple(let list): deepest = max(deepest, list.depth)
            case .map(let map): deepest = max(deepest, map.depth)
            case .object(let object) where object is JinjaNamespace:
                throw JinjaFault("a namespace cannot stand inside another value")
            default: break
            }
        }
        guard deepest < maximumDepth else {
            throw JinjaFault("lists and dicts stand more than \(maximumDepth) deep in each other")
        }
        return deepest + 1
    }

    /// Python's name of the type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .text: "str"
        case .list: "list"
        case .tuple: "tuple"
        case .map: "dict"
        case .object(let object): object.typeName
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let list), .tuple(let list): !list.items.isEmpty
        case .map(let map): map.count > 0
        case .object: true
        }
    }

    var isUndefined: Bool {
        if case .undefined = self { return true }
        return false
    }

    /// A whole number, with `true` as 1.
    var whole: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        default: nil
        }
    }

    /// A number, with `true` as 1.
    var number: Double? {
        if case .float(let value) = self { return value }
        return whole.map(Double.init)
    }

    var text: JinjaText? {
        if case .text(let text) = self { return text }
        return nil
    }
}

/// What went wrong; the interpreter adds the line.
struct JinjaFault: Error {
    var message: String
    var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
