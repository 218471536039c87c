package import TemperCore
import TemperEnvironments
package import TemperTraining

/// What the words of a recipe may mean: the engines and suites that an experiment knows.
package struct ExperimentRegistry: Sendable {
    package var engines: [any TrainingEngine]
    package var suites: [any Suite]
    /// What environments may reach outside this process. A run sets it from its policies.
    var access = WorldAccess.none

    package init(engines: [any TrainingEngine] = Engines.all, suites: [any Suite] = SuiteRegistry.all) {
        self.engines = engines
        self.suites = suites
    }

    /// - Throws: ``TemperError`` with code `data` that lists the engines.
    func engine(_ name: String) throws -> any TrainingEngine {
        if let engine = engines.first(where: { $0.name == name }) { return engine }
        throw TemperError(
            .data, "'train.engine' is '\(name)', which this version does not have",
            hint: "engines: \(engines.map(\.name).joined(separator: ", "))", boundary: .recipe)
    }

    /// As ``SuiteRegistry``'s, among the suites here, with ``access``.
    func suite(_ id: String, options: [String: JSONValue]) throws -> any Suite {
        try SuiteRegistry.suite(id, options: options, among: suites).reaching(access)
    }
}

extension Recipe {
    /// A suite with the options that the recipe gives it.
    func suite(_ id: String, in registry: ExperimentRegistry) throws -> any Suite {
        try registry.suite(id, options: suites[id] ?? [:])
    }
}
