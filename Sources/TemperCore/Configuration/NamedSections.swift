/// A section whose name a registry gives, such as the options of an engine under `train`.
public struct NamedSection: Sendable {
    /// The key of the section.
    public let name: String
    /// What stands in the section.
    public let type: any Configurable.Type
    /// What the section is for, as one sentence.
    public let meaning: String

    public init(_ name: String, _ type: any Configurable.Type, _ meaning: String) {
        self.name = name
        self.type = type
        self.meaning = meaning
    }
}

/// The sections that stand in an owner beside its ``Configurable/keys``, under names that a registry gives.
///
/// The owner keeps what was given in them, by section and key. Their types read it and know the defaults of the rest.
public struct NamedSections<Owner: Sendable>: Sendable {
    /// Where the owner keeps what was given.
    public let property: any WritableKeyPath<Owner, [String: [String: JSONValue]]> & Sendable
    /// The sections that documentation shows, and that a reader without ``ConfigurationReader/sections`` knows.
    public let standard: [NamedSection]

    public init(
        _ property: any WritableKeyPath<Owner, [String: [String: JSONValue]]> & Sendable, _ standard: [NamedSection]
    ) {
        self.property = property
        self.standard = standard
    }

    func known(to reader: ConfigurationReader) -> [NamedSection] { reader.sections ?? standard }

    /// Reads a key that is none of the owner's own.
    ///
    /// - Returns: whether there is such a section. In what Temper wrote itself every mapping is one, whatever the registry holds.
    /// - Throws: ``TemperError`` with code `data` for a value that cannot be in the section.
    func read(
        _ owner: inout Owner, _ name: String, _ node: ConfigurationNode, at path: ConfigurationPath,
        _ reader: ConfigurationReader
    ) throws -> Bool {
        let given = owner[keyPath: property][name] ?? [:]
        guard reader.isStrict else {
            guard let fields = node.json.object else { return false }
            owner[keyPath: property][name] = given.merging(fields) { $1 }
            return true
        }
        guard let section = known(to: reader).first(where: { $0.name == name }) else { return false }
        owner[keyPath: property][name] = try section.type.given(in: node, over: given, at: path.appending(name), reader)
        return true
    }
}

extension Configurable {
    /// Reads a section of which only the keys that were given are kept.
    ///
    /// - Parameter given: what earlier layers gave.
    fileprivate static func given(
        in node: ConfigurationNode, over given: [String: JSONValue], at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> [String: JSONValue] {
        let current = given.isEmpty ? nil : try Self(stored: .object(given))
        let value = try read(node, over: current, at: path, reader)
        let names = Set(given.keys).union(node.entries?.map(\.key) ?? shortKey.map { [$0] } ?? [])
        return (value.configuration.object ?? [:]).filter { names.contains($0.key) }
    }

    /// The keys that have a default, each with it.
    public static var standardValues: [String: JSONValue] { Self().configuration.object ?? [:] }
}
