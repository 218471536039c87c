package import TemperCore
import TemperOutside

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

    /// Whether there is such a suite: one of those given, or a suite's file.
    package static func isKnown(_ id: String, among suites: [any Suite] = all) -> Bool {
        suites.contains { $0.id == id } || FileSuite.isFile(id)
    }

    /// The suite of that id, with its options. An id that ends in `.yaml` is the path of a suite's file.
    ///
    /// - Throws: ``TemperError`` with code `usage` that names the nearest id, `data` for an option that cannot be and for a bad
    ///   file.
    package static func suite(
        _ id: String, options: [String: JSONValue] = [:], among suites: [any Suite] = all
    ) throws -> any Suite {
        if let suite = try suites.first(where: { $0.id == id }) ?? (FileSuite.isFile(id) ? FileSuite(id) : nil) {
            return options.isEmpty ? suite : try suite.configured(with: SuiteOptions(suite: id, options))
        }
        let ids = suites.map(\.id)
        let hint =
            EditDistance.nearest(to: id, among: ids).map { "did you mean '\($0)'?" }
            ?? "the suites are \(ids.joined(separator: ", "))"
        throw TemperError(.usage, "there is no suite '\(id)'", hint: hint)
    }
}

/// Options of suites in a recipe.
extension SuiteRegistry {
    /// The keys under `suites`: each suite with its options.
    package static var optionsShape: ValueShape {
        .mapping(.mapping(.anything), known: all.map { ($0.id, $0.options.shape) })
    }

    /// Refuses options that a suite does not have. Whether the suite exists is not checked.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the place.
    @Sendable package static func checkOptions(_ node: ConfigurationNode, at path: ConfigurationPath) throws {
        for entry in node.entries ?? [] {
            try all.first { $0.id == entry.key }?.options.check(entry.value, at: path.appending(entry.key))
        }
    }
}

extension Configurable {
    fileprivate static func check(_ node: ConfigurationNode, at path: ConfigurationPath) throws {
        _ = try read(node, over: Self(), at: path, ConfigurationReader())
    }
}
