import TemperCore

/// The fields of a `config.json`, each of which must be asked for or be known to change nothing.
struct ConfigurationFields {
    private let fields: [String: JSONValue]
    /// Words before a field's name in messages: `rope_scaling.` for a nested object.
    private let prefix: String
    private let place: String
    private var asked: Set<String> = []

    init(_ fields: [String: JSONValue], prefix: String = "", place: String) {
        self.fields = fields
        self.prefix = prefix
        self.place = place
    }

    func problem(_ text: String, hint: String? = nil) -> TemperError {
        TemperError(.data, text, hint: hint, place: place, boundary: .engine)
    }

    /// An option that is not computed.
    func refusal(_ key: String, _ value: JSONValue) -> TemperError {
        problem(
            "'\(prefix)\(key)': \(Self.text(value)) is not supported by the native engine",
            hint: "use another engine for this model")
    }

    private func wrong(_ key: String, _ value: JSONValue, _ expected: String) -> TemperError {
        problem("'\(prefix)\(key)' is \(Self.text(value)), expected \(expected)")
    }

    /// The value of a field; nil when it is absent or null.
    mutating func value(_ key: String) -> JSONValue? {
        asked.insert(key)
        guard let value = fields[key], value != .null else { return nil }
        return value
    }

    /// Whether the field is given as null.
    func isNull(_ key: String) -> Bool { fields[key] == .null }

    mutating func number(_ key: String) throws -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.number else { throw wrong(key, value, "a number") }
        return number
    }

    mutating func count(_ key: String) throws -> Int? {
        guard let number = try number(key) else { return nil }
        guard number >= 1, number <= 1e9, number == number.rounded() else {
            throw problem("'\(prefix)\(key)' is \(Self.text(.number(number))), expected a whole number above 0")
        }
        return Int(number)
    }

    mutating func requiredCount(_ key: String) throws -> Int {
        guard let count = try count(key) else { throw problem("'\(prefix)\(key)' is missing") }
        return count
    }

    mutating func flag(_ key: String) throws -> Bool? {
        guard let value = value(key) else { return nil }
        guard let flag = value.bool else { throw wrong(key, value, "true or false") }
        return flag
    }

    mutating func string(_ key: String) throws -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else { throw wrong(key, value, "a string") }
        return string
    }

    /// One token id or a list of them.
    mutating func tokenIDs(_ key: String) throws -> [Int32] {
        guard let value = value(key) else { return [] }
        return try (value.array ?? [value]).map { item in
            guard let number = item.number, let id = Int32(exactly: number) else { throw wrong(key, value, "a token id") }
            return id
        }
    }

    /// Only this value, absence or null is computed; a field asked for already is left alone.
    mutating func require(_ key: String, _ neutral: JSONValue) throws {
        if !asked.contains(key), let value = value(key), value != neutral { throw refusal(key, value) }
    }

    /// Refuses the first field that was never asked for, is not null and is not in `harmless`.
    func refuseOthers(harmless: Set<String> = []) throws {
        for (key, value) in fields.sorted(by: { $0.key < $1.key })
        where value != .null && !asked.contains(key) && !harmless.contains(key) {
            throw problem(
                "'\(prefix)\(key)' is an option that the native engine does not know",
                hint: "if it changes nothing in what the model computes, remove it from the file; else use another engine")
        }
    }

    /// A value as messages show it, at most 60 characters.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool(let flag): return "\(flag)"
        case .number(let number):
            return number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case .string(let text): return String(text.prefix(60))
        case .array: return "a list"
        case .object: return "an object"
        }
    }
}
