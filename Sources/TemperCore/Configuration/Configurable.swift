/// A section of a configuration, described by its keys: decoding, encoding, strictness, ranges, documentation and JSON Schema
/// all come from ``keys``. The defaults are those of the type.
public protocol Configurable: ConfigurationValue, Codable, Hashable {
    init()
    static var keys: [ConfigurationKey<Self>] { get }
    /// The key that a single value stands for: `400` for `{ limit: 400 }`.
    static var shortKey: String? { get }
    /// The sections beside ``keys`` whose names a registry gives; nil where there are none.
    static var namedSections: NamedSections<Self>? { get }
}

extension Configurable {
    public static var shortKey: String? { nil }
    public static var namedSections: NamedSections<Self>? { nil }

    public static var shape: ValueShape {
        guard let short = keys.first(where: { $0.name == shortKey }) else { return .section(Self.self) }
        return .either([short.shape, .section(Self.self)])
    }

    public static func read(
        _ node: ConfigurationNode, over current: Self?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Self {
        guard let entries = node.entries else {
            guard let short = keys.first(where: { $0.name == shortKey }), node.list == nil, !node.isNull else {
                throw reader.mismatch(node, at: path, expected: "a mapping")
            }
            var value = Self()
            try short.read(&value, node, path, reader)
            return value
        }
        var value = current ?? Self()
        let known = reader.isStrict ? keys.filter { $0.use != .stored } : keys
        for entry in entries {
            var inner = entry.value
            if inner.place == nil { inner.place = entry.place }
            if let key = known.first(where: { $0.name == entry.key }) {
                try key.read(&value, inner, path.appending(entry.key), reader)
            } else if try namedSections?.read(&value, entry.key, inner, at: path, reader) != true, reader.isStrict {
                let sections = namedSections?.known(to: reader).map(\.name) ?? []
                throw reader.unknownKey(entry, in: path, known: known.map(\.name) + sections)
            }
        }
        if current == nil,
            let missing = known.first(where: { key in
                key.use == .required && !entries.contains { $0.key == key.name }
            })
        {
            throw reader.fault("'\(path.text)' lacks '\(missing.name)'", at: node)
        }
        return value
    }

    public var configuration: JSONValue {
        var fields = Dictionary(Self.keys.map { ($0.name, $0.value(self)) }) { $1 }.filter { $0.value != .null }
        if let sections = Self.namedSections {
            fields.merge(self[keyPath: sections.property].mapValues(JSONValue.object)) { own, _ in own }
        }
        return .object(fields)
    }

    public func rangeProblem(at path: ConfigurationPath) -> String? {
        Self.keys.lazy.compactMap { $0.rangeProblem(self, path.appending($0.name)) }.first
    }

    /// The first number that is out of its key's range, as a sentence; nil when all are in range.
    public var rangeProblem: String? { rangeProblem(at: ConfigurationPath()) }

    /// - Parameter section: the keys that lead here.
    /// - Throws: ``TemperError`` with code `data` for a number out of its key's range.
    public func requireRanges(in section: String, boundary: TemperError.Boundary = .recipe) throws {
        let path = ConfigurationPath(section.isEmpty ? [] : [section])
        if let problem = rangeProblem(at: path) { throw TemperError(.data, problem, boundary: boundary) }
    }

    /// The value that Temper wrote; a key it lacks has its default.
    public init(stored value: JSONValue) throws {
        self = try Self.read(
            ConfigurationNode(value), over: Self(), at: ConfigurationPath(), ConfigurationReader(isStrict: false))
    }

    /// The values that a user gives under a path; the rest keeps its default.
    ///
    /// - Throws: ``TemperError`` with code `data` for a key that the type lacks, naming the nearest, and for a value of another
    ///   type or out of range.
    public init(given values: [String: JSONValue], at path: [String]) throws {
        self = try Self.read(
            ConfigurationNode(.object(values)), over: nil, at: ConfigurationPath(path), ConfigurationReader())
    }

    public init(from decoder: any Decoder) throws { try self.init(stored: JSONValue(from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try configuration.encode(to: encoder) }
}
