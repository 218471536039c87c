/// Who may give a key.
public enum ConfigurationUse: Sendable {
    case optional, required
    /// Only Temper writes it; in a recipe the key does not exist.
    case stored
}

/// One key of a section: its name, type, range and meaning, and the property it fills.
public struct ConfigurationKey<Owner: Sendable>: Sendable {
    public let name: String
    public let shape: ValueShape
    public let range: ValueRange?
    /// What the key does, for documentation: a sentence or two.
    public let meaning: String
    public let use: ConfigurationUse
    /// The property of the owner that holds the value.
    public let property: any PartialKeyPath<Owner> & Sendable
    let read: @Sendable (inout Owner, ConfigurationNode, ConfigurationPath, ConfigurationReader) throws -> Void
    /// The value as JSON; null for an absent one.
    public let value: @Sendable (Owner) -> JSONValue
    let rangeProblem: @Sendable (Owner, ConfigurationPath) -> String?

    /// - Parameters:
    ///   - hint: what helps someone whose value is out of range.
    ///   - check: what else a value must be, checked while its place is known.
    public init<Value: ConfigurationValue>(
        _ name: String, _ property: any WritableKeyPath<Owner, Value> & Sendable, in range: ValueRange? = nil,
        shape: ValueShape = Value.shape, use: ConfigurationUse = .optional, _ meaning: String, hint: String? = nil,
        also check: (@Sendable (ConfigurationNode, ConfigurationPath) throws -> Void)? = nil
    ) {
        self.name = name
        self.shape = shape
        self.range = range
        self.meaning = meaning
        self.use = use
        self.property = property
        value = { $0[keyPath: property].configuration }
        read = { owner, node, path, reader in
            let value = try Value.read(node, over: owner[keyPath: property], at: path, reader)
            if reader.isStrict {
                if let problem = range?.problem(with: value.configuration, at: path) {
                    throw reader.fault(problem, hint: hint, at: node)
                }
                try check?(node, path)
            }
            owner[keyPath: property] = value
        }
        rangeProblem = { owner, path in
            let value = owner[keyPath: property]
            return range?.problem(with: value.configuration, at: path) ?? value.rangeProblem(at: path)
        }
    }

    private init<Section>(_ key: ConfigurationKey<Section>, of section: any WritableKeyPath<Owner, Section> & Sendable) {
        name = key.name
        shape = key.shape
        range = key.range
        meaning = key.meaning
        use = key.use
        property = section
        value = { key.value($0[keyPath: section]) }
        read = { try key.read(&$0[keyPath: section], $1, $2, $3) }
        rangeProblem = { key.rangeProblem($0[keyPath: section], $1) }
    }

    /// The keys of a section that stand directly in its owner.
    public static func all<Section: Configurable>(of section: any WritableKeyPath<Owner, Section> & Sendable)
        -> [ConfigurationKey]
    {
        Section.keys.map { ConfigurationKey($0, of: section) }
    }
}

/// A key as documentation shows it.
public struct KeyDescription: Sendable {
    public let name: String
    public let shape: ValueShape
    public let range: ValueRange?
    public let meaning: String
    public let isRequired: Bool
    /// The default; null where there is none.
    public let standard: JSONValue
}

extension Configurable {
    /// The keys that a user may give, in order.
    public static var descriptions: [KeyDescription] {
        let standard = Self()
        let own = keys.filter { $0.use != .stored }.map {
            KeyDescription(
                name: $0.name, shape: $0.shape, range: $0.range, meaning: $0.meaning, isRequired: $0.use == .required,
                standard: $0.value(standard))
        }
        let named = (namedSections?.standard ?? []).map {
            KeyDescription(
                name: $0.name, shape: .section($0.type), range: nil, meaning: $0.meaning, isRequired: false, standard: .null)
        }
        return own + named
    }
}
