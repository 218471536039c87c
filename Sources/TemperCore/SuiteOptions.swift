/// The values under `suites.<id>` of a recipe.
public struct SuiteOptions: Sendable {
    private let suite: String
    private let values: [String: JSONValue]

    /// - Parameter suite: the id, for messages.
    public init(suite: String, _ values: [String: JSONValue]) {
        self.suite = suite
        self.values = values
    }

    /// The options as the suite's own type.
    ///
    /// - Throws: ``TemperError`` with code `data` for a key that the type lacks, naming the nearest, and for a value of another
    ///   type or out of range.
    public func read<Options: Configurable>(_ type: Options.Type = Options.self) throws -> Options {
        try Options(given: values, at: ["suites", suite])
    }
}

/// What a suite without options has.
public struct NoOptions: Configurable {
    public static let keys: [ConfigurationKey<NoOptions>] = []
    public init() {}
}
