package import TemperCore
import TemperTraining

/// The section `train` has the options of each engine under the engine's name.
extension Recipe.Train {
    package static var namedSections: NamedSections<Recipe.Train>? {
        NamedSections(\.options, Engines.all.map(\.section))
    }
}

extension Recipe {
    /// The recipe with every option of its engine, as a manifest keeps it.
    func withDefaults(of registry: ExperimentRegistry) -> Recipe {
        guard let train, let engine = registry.engines.first(where: { $0.name == train.engine }) else { return self }
        var recipe = self
        let given = train.options[engine.name] ?? [:]
        recipe.train?.options[engine.name] = engine.options.standardValues.merging(given) { $1 }
        return recipe
    }
}
