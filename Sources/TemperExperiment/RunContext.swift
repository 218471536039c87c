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
    /// - Throws: ``TemperError`` with code `data` when there is no such model, `unavailable` when its server's key is missing.
    func tunedPolicy() async throws -> any LanguageModel {
        switch trained {
        case .folder(let path)?:
            let inRun = folder.url.appendingPathComponent(path).path
            return try await policies.engine(path.hasPrefix("/") ? path : inRun, name: "tuned")
        case .endpoint(let word)?: return try policies.endpoint(word)
        case nil: return try await policies.engine(folder.model.path, name: "tuned")
        }
    }

    /// The hashes of the files a stage wrote, by their path in the run folder.
    func outputHashes(of stage: Stage) throws -> [String: String] {
        let files: [String]
        switch stage {
        case .curate: files = ["dataset/train.jsonl", "dataset/tokens.safetensors"]
        case .pretrain, .train: files = ["model/model.safetensors", "model/adapter_model.safetensors"]
        case .evaluate: files = ["evaluation.json"]
        case .derive: files = ["derived/report.json"] + (recipe.derive?.suites.keys.sorted() ?? []).map { "derived/\($0).jsonl" }
        case .collect, .report: files = []
        }
        var hashes: [String: String] = [:]
        for file in files {
            let url = folder.url.appendingPathComponent(file)
            if FileManager.default.fileExists(atPath: url.path) { hashes[file] = try SHA256.hex(file: url) }
        }
        return hashes
    }
}
