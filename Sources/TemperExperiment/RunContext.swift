import Foundation
import TemperCore
import TemperData
import TemperTraining

/// What every stage of a run knows.
struct RunContext: Sendable {
    var recipe: Recipe
    /// The recipe's text as given.
    var source: String
    var folder: RunFolder
    var store: RunStore
    var registry: ExperimentRegistry
    var policies: PolicyFactory
    var observer: @Sendable (ExperimentEvent) -> Void
    /// What an earlier stage trained; nil before, and in runs of versions that knew the folder `model` only.
    var trained: TrainedModel?

    /// A suite with the options that the recipe gives it.
    func suite(_ id: String) throws -> any Suite { try recipe.suite(id, in: registry) }

    /// The policy `tuned`: the model that the run trained, in its folder or behind its server.
    ///
    /// - Parameter seed: one of the further training seeds; nil is the run's own.
    /// - Throws: ``TemperError`` with code `data` when there is no such model, `unavailable` when its server's key is missing.
    func tunedPolicy(seed: UInt64? = nil) async throws -> any LanguageModel {
        switch try seed.map({ try SeedModels.model(of: $0, in: folder) }) ?? trained {
        case .folder(let path)?:
            let inRun = folder.url.appendingPathComponent(path).path
            return try await policies.engine(path.hasPrefix("/") ? path : inRun, name: "tuned")
        case .endpoint(let word)?: return try policies.endpoint(word)
        case nil: return try await policies.engine(folder.model.path, name: "tuned")
        }
    }
}
