/// The form of a value, for documentation and JSON Schema.
public indirect enum ValueShape: Sendable {
    case flag, text, whole, number
    /// Any value, as JSON has them.
    case anything
    case choice([String])
    case optional(ValueShape)
    case list(ValueShape)
    /// Free keys; those in `known` have a shape of their own.
    case mapping(ValueShape, known: [(key: String, shape: ValueShape)] = [])
    case section(any Configurable.Type)
    /// One of several forms, such as `400` and `{ limit: 400 }`.
    case either([ValueShape])
}

/// A type that the value of a key can have.
public protocol ConfigurationValue: Sendable {
    static var shape: ValueShape { get }
    /// The value that was written.
    ///
    /// - Parameter current: what an earlier layer or the defaults say; nil for a value that did not exist.
    /// - Throws: ``TemperError`` with code `data` that names the key and its place.
    static func read(
        _ node: ConfigurationNode, over current: Self?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Self
    /// The value as JSON, with the keys that users write.
    var configuration: JSONValue { get }
    /// The first number below this value that is out of its key's range; nil when all are in range.
    func rangeProblem(at path: ConfigurationPath) -> String?
}

extension ConfigurationValue {
    public func rangeProblem(at path: ConfigurationPath) -> String? { nil }
}

extension Bool: ConfigurationValue {
    public static var shape: ValueShape { .flag }
    public static func read(
        _ node: ConfigurationNode, over current: Bool?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Bool {
        guard let flag = node.flag else { throw reader.mismatch(node, at: path, expected: "true or false") }
        reader.note(path)
        return flag
    }
    public var configuration: JSONValue { .bool(self) }
}

extension String: ConfigurationValue {
    public static var shape: ValueShape { .text }
    public static func read(
        _ node: ConfigurationNode, over current: String?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> String {
        guard let text = node.text else { throw reader.mismatch(node, at: path, expected: "a text") }
        reader.note(path)
        return text
    }
    public var configuration: JSONValue { .string(self) }
}

extension Double: ConfigurationValue {
    public static var shape: ValueShape { .number }
    public static func read(
        _ node: ConfigurationNode, over current: Double?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Double {
        guard let number = node.number else { throw reader.mismatch(node, at: path, expected: "a number") }
        reader.note(path)
        return number
    }
    public var configuration: JSONValue { .number(self) }
}

extension Int: ConfigurationValue {
    public static var shape: ValueShape { .whole }
    public static func read(
        _ node: ConfigurationNode, over current: Int?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Int {
        guard let number = node.number.flatMap({ Int(exactly: $0) }) else {
            throw reader.mismatch(node, at: path, expected: "a whole number")
        }
        reader.note(path)
        return number
    }
    public var configuration: JSONValue { .number(Double(self)) }
}

extension UInt64: ConfigurationValue {
    public static var shape: ValueShape { .whole }
    public static func read(
        _ node: ConfigurationNode, over current: UInt64?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> UInt64 {
        guard let number = node.number.flatMap({ UInt64(exactly: $0) }) else {
            let isNegative = node.number.map { $0 < 0 } ?? false
            throw reader.mismatch(node, at: path, expected: isNegative ? "a whole number of at least 0" : "a whole number")
        }
        reader.note(path)
        return number
    }
    public var configuration: JSONValue { .number(Double(self)) }
}

extension JSONValue: ConfigurationValue {
    public static var shape: ValueShape { .anything }
    public static func read(
        _ node: ConfigurationNode, over current: JSONValue?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> JSONValue {
        reader.note(path)
        return node.json
    }
    public var configuration: JSONValue { self }
}

/// A value that is one word of a list.
public protocol ConfigurationChoice: ConfigurationValue, CaseIterable, RawRepresentable<String> {}

extension ConfigurationChoice {
    public static var shape: ValueShape { .choice(allCases.map(\.rawValue)) }
    public static func read(
        _ node: ConfigurationNode, over current: Self?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Self {
        let words = allCases.map(\.rawValue)
        guard let word = node.text else {
            throw reader.mismatch(node, at: path, expected: "one of \(words.joined(separator: ", "))")
        }
        guard let value = Self(rawValue: word) else { throw reader.mismatch(word, of: words, at: path, node) }
        reader.note(path)
        return value
    }
    public var configuration: JSONValue { .string(rawValue) }
}
