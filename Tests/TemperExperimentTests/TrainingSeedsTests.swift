import Foundation
import TemperCore
import TemperData
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

/// `train.seeds`: one dataset, several models, intervals over tasks and seeds.
@Suite("Training seeds", .timeLimit(.minutes(5)))
struct TrainingSeedsTests {
    private func models(_ run: URL) throws -> [Data] {
        try ["model", "models/6", "models/7"].map {
            try Data(contentsOf: run.appendingPathComponent("\($0)/model.safetensors"))
        }
    }

    @Test("Three models are trained on one dataset, measured apart and compared over tasks and seeds")
    func threeSeeds() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let one = try await TinyRecipe.run(recipe, in: "one")
            let run = try await TinyRecipe.run(recipe, in: "three", set: ["train.seeds=3"])
            let trained = try models(run)
            #expect(Set(trained).count == 3, "each seed has weights of its own")
            let alone = try Data(contentsOf: one.appendingPathComponent("model/model.safetensors"))
            #expect(trained[0] == alone, "the first is the model of a run with one seed")
            #expect(try SeedModels.model(of: 6, in: RunFolder(run)) == .folder("models/6"))

            let evaluation = try ReadFile.json(Evaluation.self, from: RunFolder(run).evaluation)
            let policies = Set(evaluation.results.map(\.policy))
            #expect(policies.isSuperset(of: ["base", "tuned", "tuned@6", "tuned@7", "mismatched-observations@7"]))
            let comparison = try #require(evaluation.overSeeds.first)
            #expect(evaluation.overSeeds.count == 1)
            #expect(comparison.policy.policy == "tuned" && comparison.policy.seeds.map(\.seed) == [5, 6, 7])
            #expect(comparison.policy.coversSeeds && comparison.baseline.seeds.count == 1)
            let page = try String(contentsOf: RunFolder(run).report, encoding: .utf8)
            #expect(page.contains("Over training seeds") && page.contains("seed 7"))
            #expect(try ReadFile.json(Evaluation.self, from: RunFolder(one).evaluation).overSeeds.isEmpty)
        }
    }

    @Test("A model that was trained before an interruption is not trained again; a damaged one is refused")
    func resume() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let set = ["train.seeds=3"]
            let run = try await TinyRecipe.run(recipe, set: set, stages: [.collect, .curate, .train])
            let whole = try models(run)
            // As if the run had ended before its last seed.
            let folder = RunFolder(run)
            var finished = try SeedModels.all(in: folder)
            finished["7"] = nil
            try AtomicFile.writeJSON(finished, to: folder.seedModels)
            try FileManager.default.removeItem(at: folder.models.appendingPathComponent("7"))
            var manifest = try #require(try Manifest.read(folder))
            manifest.stages["train"]?.status = .running
            try manifest.write(to: folder)
            let weights = folder.models.appendingPathComponent("6/model.safetensors")
            let before = try FileManager.default.attributesOfItem(atPath: weights.path)[.modificationDate] as? Date
            try await TinyRecipe.run(recipe, set: set, stages: [.train])
            #expect(try models(run) == whole)
            #expect(try FileManager.default.attributesOfItem(atPath: weights.path)[.modificationDate] as? Date == before)

            var bytes = try Data(contentsOf: weights)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: weights)
            let error = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe, set: set) }
            #expect(error?.code == .data && error?.place?.hasSuffix("models/6/model.safetensors") == true)
        }
    }
}
