public import TemperCore

/// Every suite by its id. A new suite is one line here.
public enum SuiteRegistry {
    public static let all: [any Suite] = [
        HotpotQASuite(),
        PocketHotpotQASuite(),
        AlfworldSuite(),
        PocketHouseholdSuite(),
        KnowledgeGraphSuite(),
        PocketGraphSuite(),
        DatabaseSuite(),
        PocketDatabaseSuite(),
    ]

    /// The suite of that id, with its options.
    ///
    /// - Throws: ``TemperError`` with code `usage` that names the nearest id, `data` for an option that cannot be.
    public static func suite(_ id: String, options: [String: JSONValue] = [:]) throws -> any Suite {
        if let suite = all.first(where: { $0.id == id }) {
            return options.isEmpty ? suite : try suite.configured(with: SuiteOptions(suite: id, options))
        }
        let ids = all.map(\.id)
        let hint =
            EditDistance.nearest(to: id, among: ids).map { "did you mean '\($0)'?" }
            ?? "the suites are \(ids.joined(separator: ", "))"
        throw TemperError(.usage, "there is no suite '\(id)'", hint: hint)
    }
}
