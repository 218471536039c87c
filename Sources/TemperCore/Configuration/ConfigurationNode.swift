/// A value of a configuration as it was written, with its place.
public struct ConfigurationNode: Sendable, Hashable {
    public indirect enum Content: Sendable, Hashable {
        /// The text as it was written, and what it means: null, a truth value, a number or a text.
        case scalar(String, JSONValue)
        case list([ConfigurationNode])
        case mapping([Entry])
    }

    /// A key of a mapping and its value, in the order of the file.
    public struct Entry: Sendable, Hashable {
        public var key: String
        /// The place of the key.
        public var place: String?
        public var value: ConfigurationNode

        public init(_ key: String, _ value: ConfigurationNode, place: String?) {
            self.key = key
            self.value = value
            self.place = place
        }
    }

    public var content: Content
    /// What an error about the value names: `recipes/quickstart.yaml:14`, or the `--set` as it was typed.
    public var place: String?

    public init(_ content: Content, place: String?) {
        self.content = content
        self.place = place
    }

    /// A value that was never a text, such as the recipe that a manifest keeps.
    public init(_ value: JSONValue, place: String? = nil) {
        self.place = place
        switch value {
        case .array(let values): content = .list(values.map { ConfigurationNode($0, place: place) })
        case .object(let fields):
            content = .mapping(
                fields.sorted { $0.key < $1.key }.map { Entry($0.key, ConfigurationNode($0.value, place: place), place: place) })
        default: content = .scalar(value.written, value)
        }
    }

    public var isNull: Bool { if case .scalar(_, .null) = content { true } else { false } }
    /// Any single value as a text; nil for null, lists and mappings.
    public var text: String? { if case .scalar(let text, let value) = content, value != .null { text } else { nil } }
    public var number: Double? { if case .scalar(_, let value) = content { value.number } else { nil } }
    public var flag: Bool? { if case .scalar(_, let value) = content { value.bool } else { nil } }
    public var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
    public var list: [ConfigurationNode]? { if case .list(let list) = content { list } else { nil } }

    public var json: JSONValue {
        switch content {
        case .scalar(_, let value): value
        case .list(let list): .array(list.map(\.json))
        case .mapping(let entries): .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { $1 })
        }
    }
}

extension JSONValue {
    /// A value as a person writes it in a recipe: `5`, `0.5`, `true`, `[a, b]`, `{ rank: 8 }`.
    public var written: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let value): return Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let value): return value
        case .array(let values): return "[\(values.map(\.written).joined(separator: ", "))]"
        case .object(let fields) where fields.isEmpty: return "{}"
        case .object(let fields):
            return "{ \(fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.written)" }.joined(separator: ", ")) }"
        }
    }
}
