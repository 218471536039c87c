/// The keys that lead to a value.
public struct ConfigurationPath: Sendable, Hashable {
    public var keys: [String]

    public init(_ keys: [String] = []) { self.keys = keys }

    public func appending(_ key: String) -> ConfigurationPath { ConfigurationPath(keys + [key]) }

    /// An element of the list at this path.
    public func element(_ index: Int) -> ConfigurationPath {
        ConfigurationPath(keys.dropLast() + ["\(keys.last ?? "")[\(index)]"])
    }

    /// `train.learning_rate`.
    public var text: String { keys.joined(separator: ".") }
}

/// The state of reading a configuration: which keys were given so far, over all layers.
public final class ConfigurationReader {
    /// The dotted paths of the values that were given.
    public private(set) var given: Set<String> = []
    /// False for what Temper wrote itself: keys of other versions are passed over, and what no user may set is read too.
    let isStrict: Bool
    /// What may stand in ``NamedSections``; nil takes those that documentation shows.
    let sections: [NamedSection]?
    private let moved: [String: String]
    private let boundary: TemperError.Boundary

    /// - Parameter moved: the dotted paths of keys that an earlier version had elsewhere, each with its place now.
    public init(
        _ boundary: TemperError.Boundary = .recipe, isStrict: Bool = true, sections: [NamedSection]? = nil,
        moved: [String: String] = [:]
    ) {
        self.boundary = boundary
        self.isStrict = isStrict
        self.sections = sections
        self.moved = moved
    }

    func note(_ path: ConfigurationPath) {
        // A list is given as a whole.
        if !path.keys.contains(where: { $0.hasSuffix("]") }) { given.insert(path.text) }
    }

    /// Whether something below this path was given before.
    func hasSome(below path: ConfigurationPath) -> Bool { given.contains { $0.hasPrefix(path.text + ".") } }

    public func fault(_ message: String, hint: String? = nil, at node: ConfigurationNode) -> TemperError {
        TemperError(.data, message, hint: hint, place: node.place, boundary: boundary)
    }

    /// The error about a value of another type.
    public func mismatch(_ node: ConfigurationNode, at path: ConfigurationPath, expected: String) -> TemperError {
        if node.isNull { return fault("'\(path.text)' has no value; it should be \(expected)", at: node) }
        return fault("'\(path.text)' should be \(expected)" + (node.text.map { ", not '\($0)'" } ?? ""), at: node)
    }

    /// The error about a text that is none of a list.
    public func mismatch(_ text: String, of choices: [String], at path: ConfigurationPath, _ node: ConfigurationNode)
        -> TemperError
    {
        fault(
            "'\(path.text)' is '\(text)'; it must be one of \(choices.joined(separator: ", "))",
            hint: EditDistance.nearest(to: text, among: choices).map { "did you mean '\($0)'?" }, at: node)
    }

    /// The error about a key that does not exist.
    func unknownKey(_ entry: ConfigurationNode.Entry, in path: ConfigurationPath, known: [String]) -> TemperError {
        var error = Self.unknownKey(entry, in: path.keys.last ?? "", known: known, boundary)
        if let place = moved[path.appending(entry.key).text] { error.hint = "it is '\(place)' now" }
        return error
    }

    static func unknownKey(
        _ entry: ConfigurationNode.Entry, in section: String, known: [String], _ boundary: TemperError.Boundary
    ) -> TemperError {
        let known = known.sorted()
        let hint =
            known.isEmpty
            ? "there are no keys here"
            : EditDistance.nearest(to: entry.key, among: known).map { "did you mean '\($0)'?" }
                ?? "the keys here are \(known.joined(separator: ", "))"
        return TemperError(
            .data, "unknown key '\(entry.key)'\(section.isEmpty ? "" : " in '\(section)'")", hint: hint, place: entry.place,
            boundary: boundary)
    }
}
