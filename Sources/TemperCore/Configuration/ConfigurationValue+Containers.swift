extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    public static var shape: ValueShape { .optional(Wrapped.shape) }
    public static func read(
        _ node: ConfigurationNode, over current: Wrapped??, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Wrapped? {
        guard node.isNull else { return try Wrapped.read(node, over: current ?? nil, at: path, reader) }
        reader.note(path)
        return nil
    }
    public var configuration: JSONValue { self?.configuration ?? .null }
    public func rangeProblem(at path: ConfigurationPath) -> String? { self?.rangeProblem(at: path) }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    public static var shape: ValueShape { .list(Element.shape) }
    public static func read(
        _ node: ConfigurationNode, over current: [Element]?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> [Element] {
        guard let list = node.list else { throw reader.mismatch(node, at: path, expected: "a list") }
        reader.note(path)
        return try list.enumerated().map { try Element.read($0.element, over: nil, at: path.element($0.offset), reader) }
    }
    public var configuration: JSONValue { .array(map(\.configuration)) }
    public func rangeProblem(at path: ConfigurationPath) -> String? {
        enumerated().lazy.compactMap { $0.element.rangeProblem(at: path.element($0.offset)) }.first
    }
}

/// Free keys. The first layer that names one replaces the default as a whole; a later one adds to it.
extension Dictionary: ConfigurationValue where Key == String, Value: ConfigurationValue {
    public static var shape: ValueShape { .mapping(Value.shape) }
    public static func read(
        _ node: ConfigurationNode, over current: [String: Value]?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> [String: Value] {
        guard let entries = node.entries else { throw reader.mismatch(node, at: path, expected: "a mapping") }
        var values = reader.hasSome(below: path) ? current ?? [:] : [:]
        for entry in entries {
            values[entry.key] = try Value.read(entry.value, over: values[entry.key], at: path.appending(entry.key), reader)
        }
        return values
    }
    public var configuration: JSONValue { .object(mapValues(\.configuration)) }
    public func rangeProblem(at path: ConfigurationPath) -> String? {
        sorted { $0.key < $1.key }.lazy.compactMap { $0.value.rangeProblem(at: path.appending($0.key)) }.first
    }
}

/// A list of texts that may be given as a single one.
public struct OneOrMore: ConfigurationValue {
    public var texts: [String]

    public init(texts: [String]) { self.texts = texts }

    public static var shape: ValueShape { .either([.text, .list(.text)]) }
    public static func read(
        _ node: ConfigurationNode, over current: OneOrMore?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> OneOrMore {
        if node.text != nil { return OneOrMore(texts: [try String.read(node, over: nil, at: path, reader)]) }
        return OneOrMore(texts: try [String].read(node, over: nil, at: path, reader))
    }
    public var configuration: JSONValue { texts.configuration }
}
