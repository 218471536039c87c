package import TemperCore

/// Every suite by its id. A new suite is one line here.
package enum SuiteRegistry {
    package static let all: [any Suite] = [
        HotpotQASuite(),
        PocketHotpotQASuite(),
        AlfworldSuite(),
        PocketHouseholdSuite(),
        KnowledgeGraphSuite(),
        PocketGraphSuite(),
        StrategyQASuite(),
        PocketStrategyQASuite(),
        BamboogleSuite(),
        PocketBamboogleSuite(),
        MMLUSuite(),
        PocketMMLUSuite(),
        Mind2WebSuite(),
        PocketWebSuite(),
        WebShopSuite(),
        PocketShopSuite(),
        DatabaseSuite(),
        PocketDatabaseSuite(),
        OperatingSystemSuite(),
        TerminalSuite(),
    ]

    /// The words of all suites, for what reads stored tasks.
    package static var formats: [TurnFormat] { formats(of: all) }

    /// The words of some suites, each once.
    package static func formats(of suites: [any Suite]) -> [TurnFormat] {
        suites.map(\.format).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether there is such a suite: one of ``all``, or a suite's file.
    package static func isKnown(_ id: String) -> Bool { all.contains { $0.id == id } || FileSuite.isFile(id) }

    /// The suite of that id, with its options. An id that ends in `.yaml` is the path of a suite's file.
    ///
    /// - Throws: ``TemperError`` with code `usage` that names the nearest id, `data` for an option that cannot be and for a bad
    ///   file.
    package static func suite(_ id: String, options: [String: JSONValue] = [:]) throws -> any Suite {
        if let suite = try all.first(where: { $0.id == id }) ?? (FileSuite.isFile(id) ? FileSuite(id) : nil) {
            return options.isEmpty ? suite : try suite.configured(with: SuiteOptions(suite: id, options))
        }
        let ids = all.map(\.id)
        let hint =
            EditDistance.nearest(to: id, among: ids).map { "did you mean '\($0)'?" }
            ?? "the suites are \(ids.joined(separator: ", "))"
        throw TemperError(.usage, "there is no suite '\(id)'", hint: hint)
    }
}
