import TemperCore

/// The fields of a JSON object: each is taken by name, and fields that are left over are refused by name.
struct Fields {
    private var rest: [String: JSONValue]
    /// The prefix of names in messages: `messages[2].`
    let prefix: String

    init(_ value: JSONValue, prefix: String = "") throws(APIError) {
        guard let fields = value.object else {
            throw prefix.isEmpty
                ? APIError(400, .invalidRequest, "The request's body must be a JSON object.", code: "invalid_json")
                : .field(String(prefix.dropLast()), "must be an object", code: "invalid_type")
        }
        rest = fields
        self.prefix = prefix
    }

    /// The full name of a field.
    func path(_ name: String) -> String { prefix + name }

    /// A field's value; nil when absent or null.
    mutating func take(_ name: String) -> JSONValue? {
        let value = rest.removeValue(forKey: name)
        return value == .null ? nil : value
    }

    mutating func string(_ name: String) throws(APIError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string else { throw .field(path(name), "must be a string", code: "invalid_type") }
        return text
    }

    mutating func bool(_ name: String) throws(APIError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let flag = value.bool else { throw .field(path(name), "must be true or false", code: "invalid_type") }
        return flag
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
        guard let value = take(name) else { return nil }
        guard let number = value.number else { throw .field(path(name), "must be a number", code: "invalid_type") }
        guard range.contains(number) else {
            throw .field(path(name), "is \(number), it must be in \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let value = take(name) else { return nil }
        guard let number = value.number, number == number.rounded(), abs(number) < 1e15 else {
            throw .field(path(name), "must be a whole number", code: "invalid_type")
        }
        guard range.contains(Int(number)) else {
            throw .field(path(name), "is \(Int(number)), it must be in \(range.lowerBound)…\(range.upperBound)")
        }
        return Int(number)
    }

    /// A string or a list of strings.
    mutating func strings(_ name: String) throws(APIError) -> [String]? {
        guard let value = take(name) else { return nil }
        if let text = value.string { return [text] }
        let texts = value.array.map { $0.compactMap(\.string) }
        guard let texts, texts.count == value.array?.count else {
            throw .field(path(name), "must be a string or a list of strings", code: "invalid_type")
        }
        return texts
    }

    /// Refuses a field whose value changes what is asked for, save the value that changes nothing.
    mutating func require(_ name: String, toBe values: [JSONValue], reason: String = "is not supported by this server")
        throws(APIError)
    {
        guard let value = take(name), !values.contains(value) else { return }
        throw .field(path(name), reason, code: "unsupported_value")
    }

    /// Refuses the fields that were not taken.
    ///
    /// - Parameter harmless: fields that may be given and change nothing.
    mutating func refuseOthers(harmless: Set<String> = []) throws(APIError) {
        let unknown = rest.filter { !harmless.contains($0.key) && $0.value != .null }.keys.sorted()
        guard let name = unknown.first else { return }
        throw APIError(
            400, .invalidRequest, "Unrecognized request argument supplied: \(path(name))", parameter: path(name),
            code: "unknown_parameter")
    }
}
