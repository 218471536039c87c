import TemperCore
import Yams

/// A mapping of a YAML file, read strictly: each key by name and type, and none left over.
///
/// Every error names file, line and, for an unknown key, the nearest known one.
final class YAMLMapping {
    let file: String
    private let path: String
    private let mapping: Node.Mapping
    private let line: Int
    private var known: Set<String> = []

    init(_ node: Node, file: String, path: String = "", line: Int = 1) throws {
        guard case .mapping(let mapping) = node else {
            throw TemperError(
                .data, "\(path.isEmpty ? "the file" : "'\(path)'") must be a mapping of keys to values",
                place: "\(file):\(node.mark?.line ?? line)", boundary: .data)
        }
        self.mapping = mapping
        self.file = file
        self.path = path
        self.line = mapping.mark?.line ?? line
    }

    /// The keys in the order of the file, for mappings of free keys.
    var keys: [String] { mapping.map { $0.key.string ?? "?" } }
    func has(_ key: String) -> Bool {
        known.insert(key)
        return entry(key) != nil
    }

    func node(_ key: String) -> Node? {
        known.insert(key)
        guard let value = entry(key)?.value else { return nil }
        if case .scalar(let scalar) = value, scalar.style == .plain, value.null != nil { return nil }
        return value
    }

    func required(_ key: String) throws -> String {
        guard let text = try text(key) else { throw fault("\(path.isEmpty ? "the file" : "'\(path)'") lacks '\(key)'") }
        return text
    }

    func text(_ key: String) throws -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.string else { throw fault("must be a text", at: key) }
        return text
    }

    func text(_ key: String, oneOf choices: [String]) throws -> String? {
        guard let text = try text(key) else { return nil }
        guard choices.contains(text) else {
            let hint = EditDistance.nearest(to: text, among: choices).map { "did you mean '\($0)'?" }
            throw fault("is '\(text)'; it must be one of \(choices.joined(separator: ", "))", at: key, hint: hint)
        }
        return text
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let node = node(key) else { return nil }
        guard let number = node.float, range.contains(number) else {
            throw fault("must be a number in \(range.lowerBound)…\(range.upperBound)", at: key)
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let node = node(key) else { return nil }
        guard let number = node.int, range.contains(number) else {
            throw fault("must be a whole number in \(range.lowerBound)…\(range.upperBound)", at: key)
        }
        return number
    }

    func flag(_ key: String) throws -> Bool? {
        guard let node = node(key) else { return nil }
        guard let flag = node.bool else { throw fault("must be true or false", at: key) }
        return flag
    }

    func seconds(_ key: String) throws -> Duration? {
        try number(key, in: 0.001...86_400).map { .seconds($0) }
    }

    /// A list of texts; a single text counts as a list of one.
    func texts(_ key: String) throws -> [String]? {
        guard let node = node(key) else { return nil }
        if let text = node.string { return [text] }
        guard case .sequence(let sequence) = node else { throw fault("must be a list of texts", at: key) }
        return try sequence.map {
            guard let text = $0.string else { throw fault("must be a list of texts", at: key) }
            return text
        }
    }

    /// A mapping of free keys to texts.
    func textMapping(_ key: String) throws -> [String: String]? {
        guard let inner = try mapping(key) else { return nil }
        return try Dictionary(uniqueKeysWithValues: inner.keys.map { ($0, try inner.text($0) ?? "") })
    }

    func mapping(_ key: String) throws -> YAMLMapping? {
        try node(key).map { try YAMLMapping($0, file: file, path: inner(key), line: lineOf(key)) }
    }

    func list(_ key: String) throws -> [YAMLMapping]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let sequence) = node else { throw fault("must be a list", at: key) }
        return try sequence.enumerated().map {
            try YAMLMapping($0.element, file: file, path: "\(inner(key))[\($0.offset)]", line: lineOf(key))
        }
    }

    /// Exactly one of these keys, which says what kind of thing the mapping is.
    ///
    /// - Parameter others: the keys that may stand beside it.
    /// - Throws: ``TemperError`` when there are several or none; for none it names an unknown key that may be meant for it.
    func kind(oneOf kinds: [String], beside others: [String] = []) throws -> String {
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
    func finish() throws {
        guard let odd = mapping.first(where: { !known.contains($0.key.string ?? "?") }) else { return }
        let key = odd.key.string ?? "?"
        let nearest = EditDistance.nearest(to: key, among: known.sorted())
        throw TemperError(
            .data, "unknown key '\(key)'\(path.isEmpty ? "" : " in '\(path)'")",
            hint: nearest.map { "did you mean '\($0)'?" } ?? "the keys here are \(known.sorted().joined(separator: ", "))",
            place: "\(file):\(odd.key.mark?.line ?? line)", boundary: .data)
    }

    /// An error about this mapping, or about the value of one of its keys.
    func fault(_ problem: String, at key: String? = nil, hint: String? = nil, isKey: Bool = true) -> TemperError {
        var message = problem
        if let key { message = isKey ? "'\(inner(key))' \(problem)" : "'\(path.isEmpty ? file : path)' \(problem)" }
        return TemperError(
            .data, message, hint: hint, place: "\(file):\(key.map(lineOf) ?? line)", boundary: .data)
    }

    /// `file:line` of a key's value.
    func place(of key: String) -> String { "\(file):\(lineOf(key))" }

    private func inner(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    private func entry(_ key: String) -> (key: Node, value: Node)? { mapping.first { $0.key.string == key } }
    private func lineOf(_ key: String) -> Int { entry(key)?.key.mark?.line ?? line }
}
