import Foundation
import TemperCore
import TemperData
import TemperTraining

extension Recipe {
    /// The training seeds after the run's own.
    var furtherSeeds: [UInt64] { (1..<UInt64(max(1, train?.seeds ?? 1))).map { seed &+ $0 } }
}

/// The models of further training seeds: `models/SEED`, and `models/trained.json` with those that are finished.
enum SeedModels {
    static func folder(of seed: UInt64, in run: RunFolder) -> URL {
        run.models.appendingPathComponent("\(seed)", isDirectory: true)
    }

    /// The finished models, by seed.
    static func all(in run: RunFolder) throws -> [String: TrainedModel] {
        guard FileManager.default.fileExists(atPath: run.seedModels.path) else { return [:] }
        return try ReadFile.json([String: TrainedModel].self, from: run.seedModels)
    }

    /// - Throws: ``TemperError`` with code `data` when that seed was not trained.
    static func model(of seed: UInt64, in run: RunFolder) throws -> TrainedModel {
        guard let model = try all(in: run)["\(seed)"] else {
            throw TemperError(
                .data, "the run has no model of training seed \(seed)", hint: "run its stage 'train'", place: run.url.path,
                boundary: .data)
        }
        return model
    }

    static func record(_ model: TrainedModel, of seed: UInt64, in run: RunFolder) throws {
        var models = try all(in: run)
        models["\(seed)"] = model
        try AtomicFile.writeJSON(models, to: run.seedModels)
    }

    /// Throws away how far interrupted trainings have come.
    static func discardCheckpoints(of recipe: Recipe, in run: RunFolder) throws {
        for folder in [run.model] + recipe.furtherSeeds.map({ folder(of: $0, in: run) }) {
            try TrainLoop.discardCheckpoint(in: folder)
        }
    }
}
