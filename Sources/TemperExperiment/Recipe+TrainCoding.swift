import TemperCore
import TemperTraining

/// The section `train` has the keys of a ``TrainingPlan`` among its own, and a section for each engine's options.
extension Recipe.Train {
    private enum CodingKeys: String, CodingKey, CaseIterable { case engine, base, tuning }

    /// The name of an engine.
    private struct EngineKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        engine = try container.decode(String.self, forKey: .engine)
        base = try container.decode(String.self, forKey: .base)
        tuning = try container.decodeIfPresent(Tuning.self, forKey: .tuning) ?? tuning
        plan = try TrainingPlan(from: decoder)
        let own = CodingKeys.allCases.map(\.rawValue) + TrainingPlan.CodingKeys.allCases.map(\.rawValue)
        let sections = try decoder.container(keyedBy: EngineKey.self)
        for key in sections.allKeys where !own.contains(key.stringValue) {
            options[key.stringValue] = try sections.decode([String: JSONValue].self, forKey: key)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(engine, forKey: .engine)
        try container.encode(base, forKey: .base)
        try container.encode(tuning, forKey: .tuning)
        try plan.encode(to: encoder)
        var sections = encoder.container(keyedBy: EngineKey.self)
        for (name, values) in options { try sections.encode(values, forKey: EngineKey(stringValue: name)) }
    }
}

extension Recipe {
    /// The recipe with every option of its engine, as a manifest keeps it.
    func withDefaults(of registry: ExperimentRegistry) -> Recipe {
        guard let train, let engine = registry.engines.first(where: { $0.name == train.engine }) else { return self }
        var recipe = self
        let given = train.options[engine.name] ?? [:]
        recipe.train?.options[engine.name] = engine.options.merging(given) { $1 }
        return recipe
    }
}
