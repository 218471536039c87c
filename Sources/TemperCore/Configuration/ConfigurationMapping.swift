/// A section of a file in which some keys decide what others there are, so that no list of keys describes it (``Configurable``
/// does, where one can): each key is read by name and type, and none is left over.
///
/// Every error names file, line and, for an unknown key, the nearest known one.
public final class ConfigurationMapping {
    private let file: String
    private let path: String
    private let entries: [ConfigurationNode.Entry]
    private let place: String?
    private var known: Set<String> = []

    /// - Throws: ``TemperError`` with code `data` when the node is no mapping.
    public init(_ node: ConfigurationNode, file: String, path: String = "") throws {
        guard let entries = node.entries else {
            throw TemperError(
                .data, "\(path.isEmpty ? "the file" : "'\(path)'") must be a mapping of keys to values", place: node.place,
                boundary: .data)
        }
        self.entries = entries
        self.file = file
        self.path = path
        place = node.place
    }

    /// The keys in the order of the file, for mappings of free keys.
    public var keys: [String] { entries.map(\.key) }

    public func has(_ key: String) -> Bool {
        known.insert(key)
        return entry(key) != nil
    }

    public func node(_ key: String) -> ConfigurationNode? {
        known.insert(key)
        guard let value = entry(key)?.value, !value.isNull else { return nil }
        return value
    }

    public func required(_ key: String) throws -> String {
        guard let text = try text(key) else { throw fault("\(path.isEmpty ? "the file" : "'\(path)'") lacks '\(key)'") }
        return text
    }

    public func text(_ key: String) throws -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.text else { throw fault("must be a text", at: key) }
        return text
    }

    public func text(_ key: String, oneOf choices: [String]) throws -> String? {
        guard let text = try text(key) else { return nil }
        guard choices.contains(text) else {
            let hint = EditDistance.nearest(to: text, among: choices).map { "did you mean '\($0)'?" }
            throw fault("is '\(text)'; it must be one of \(choices.joined(separator: ", "))", at: key, hint: hint)
        }
        return text
    }

    public func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let node = node(key) else { return nil }
        guard let number = node.number, range.contains(number) else {
            throw fault("must be a number in \(range.lowerBound)…\(range.upperBound)", at: key)
        }
        return number
    }

    public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let node = node(key) else { return nil }
        guard let number = node.number.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw fault("must be a whole number in \(range.lowerBound)…\(range.upperBound)", at: key)
        }
        return number
    }

    public func flag(_ key: String) throws -> Bool? {
        guard let node = node(key) else { return nil }
        guard let flag = node.flag else { throw fault("must be true or false", at: key) }
        return flag
    }

    public func seconds(_ key: String) throws -> Duration? {
        try number(key, in: 0.001...86_400).map { .seconds($0) }
    }

    /// A list of texts; a single text counts as a list of one.
    public func texts(_ key: String) throws -> [String]? {
        guard let node = node(key) else { return nil }
        if let text = node.text { return [text] }
        guard let list = node.list else { throw fault("must be a list of texts", at: key) }
        return try list.map {
            guard let text = $0.text else { throw fault("must be a list of texts", at: key) }
            return text
        }
    }

    /// A mapping of free keys to texts.
    public func textMapping(_ key: String) throws -> [String: String]? {
        guard let inner = try mapping(key) else { return nil }
        return try Dictionary(uniqueKeysWithValues: inner.keys.map { ($0, try inner.text($0) ?? "") })
    }

    public func mapping(_ key: String) throws -> ConfigurationMapping? {
        try node(key).map { try ConfigurationMapping($0, file: file, path: inner(key)) }
    }

    public func list(_ key: String) throws -> [ConfigurationMapping]? {
        guard let node = node(key) else { return nil }
        guard let list = node.list else { throw fault("must be a list", at: key) }
        return try list.enumerated().map {
            try ConfigurationMapping($0.element, file: file, path: "\(inner(key))[\($0.offset)]")
        }
    }

    /// Exactly one of these keys, which says what kind of thing the mapping is.
    ///
    /// - Parameter others: the keys that may stand beside it.
    /// - Throws: ``TemperError`` when there are several or none; for none it names an unknown key that may be meant for it.
    public func kind(oneOf kinds: [String], beside others: [String] = []) throws -> String {
        let given = kinds.filter { has($0) }
        guard given.count < 2 else {
            throw fault("has both '\(given[0])' and '\(given[1])'; one of them is meant", at: given[1], isKey: false)
        }
        if let kind = given.first { return kind }
        known.formUnion(others)
        try finish()
        throw fault("\(path.isEmpty ? "the file" : "'\(path)'") needs one of \(kinds.map { "'\($0)'" }.joined(separator: ", "))")
    }

    /// Refuses the keys that nobody read.
    public func finish() throws {
        guard let odd = entries.first(where: { !known.contains($0.key) }) else { return }
        throw ConfigurationReader.unknownKey(odd, in: path, known: Array(known), .data)
    }

    /// An error about this mapping, or about the value of one of its keys.
    public func fault(_ problem: String, at key: String? = nil, hint: String? = nil, isKey: Bool = true) -> TemperError {
        var message = problem
        if let key { message = isKey ? "'\(inner(key))' \(problem)" : "'\(path.isEmpty ? file : path)' \(problem)" }
        return TemperError(.data, message, hint: hint, place: key.map(place(of:)) ?? place, boundary: .data)
    }

    /// `file:line` of a key.
    public func place(of key: String) -> String { entry(key)?.place ?? place ?? file }

    private func inner(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    private func entry(_ key: String) -> ConfigurationNode.Entry? { entries.first { $0.key == key } }
}
