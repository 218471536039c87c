import Foundation
import TemperCore
import TemperData

/// What every stage of a run has at hand.
struct RunContext: Sendable {
    var recipe: Recipe
    /// The recipe's text as given.
    var source: String
    var folder: RunFolder
    var store: RunStore
    var policies: PolicyFactory
    var observer: @Sendable (ExperimentEvent) -> Void

    /// The hashes of the files a stage wrote, by their path in the run folder.
    func outputHashes(of stage: Stage) throws -> [String: String] {
        let files: [String]
        switch stage {
        case .curate: files = ["dataset/train.jsonl", "dataset/tokens.safetensors"]
        case .pretrain, .train: files = ["model/model.safetensors"]
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
