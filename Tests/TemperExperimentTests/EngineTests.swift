import Foundation
import Synchronization
import TemperCore
import TemperData
import TemperEnvironments
import TemperEvaluation
import TemperTestServer
import TemperTestSupport
import TemperTraining
import Testing

@testable import TemperExperiment

@Suite("Another training engine", .tags(.alone), .timeLimit(.minutes(3)))
struct EngineTests {
    /// Settings for a base that the native engine cannot run.
    private static let settings = [
        "train.engine=scripted", "evaluate.policies=[tuned, expert]", "evaluate.controls=[search-once, mismatched-observations]",
    ]

    /// A recipe whose base has an architecture that is not computed here.
    private func foreignRecipe(in scratch: URL) throws -> URL {
        let recipe = try TinyRecipe.write(to: scratch)
        let base = scratch.appendingPathComponent("base", isDirectory: true)
        try Data(#"{"model_type": "mamba2", "max_position_embeddings": 4096}"#.utf8).write(
            to: base.appendingPathComponent("config.json"))
        try FileManager.default.removeItem(at: base.appendingPathComponent("model.safetensors"))
        return recipe
    }

    /// The scores, without times.
    private func scores(_ run: URL) throws -> [String] {
        try ReadFile.json(Evaluation.self, from: run.appendingPathComponent("evaluation.json")).results.map {
            "\($0.policy) \($0.suite) \($0.group) \($0.n) \($0.metrics.sorted { $0.key < $1.key })"
        }
    }

    @Test("A model behind a server runs through recipe, manifest, tuned, report and resume")
    func endpoint() async throws {
        try await Scratch.with { scratch in
            let recipe = try foreignRecipe(in: scratch)
            let server = try await ServedModel.start(scratch.appendingPathComponent("served"), faults: FaultSchedule { _ in .ok })
            let word = "\(server.url)#tiny"
            let settings = Self.settings + ["train.scripted={ serve: '\(word)', steps: 4 }"]
            let engine = ScriptedEngine()
            let registry = ExperimentRegistry(engines: Engines.all + [engine])
            let whole = try await TinyRecipe.run(recipe, in: "whole", set: settings, registry: registry)

            let manifest = try #require(try Manifest.read(RunFolder(whole)))
            #expect(manifest.model == .endpoint(word))
            #expect(manifest.recipe["train"]?["scripted"] == .object(["serve": .string(word), "steps": .number(4)]))
            #expect(manifest.stages["train"]?.message == "4 steps, 40 tokens, served at \(word)")
            #expect(manifest.stages["report"]?.status == .finished)
            #expect(engine.given.withLock { Set($0) }.isSuperset(of: ["train.jsonl", "tokens.safetensors"]))
            let store = try RunStore(RunFolder(whole))
            let tuned = try store.trajectories(group: "evaluate/tuned")
            #expect(tuned.count == 4 && tuned.allSatisfy { !$0.outcome.isError && $0.policy == word }, "\(tuned.map(\.policy))")
            #expect(tuned.allSatisfy { $0.turns.allSatisfy { $0.reply.allSatisfy { $0.author == .policy } } })
            #expect(server.requestCount > 0)
            let report = try String(contentsOf: whole.appendingPathComponent("report.json"), encoding: .utf8)
            #expect(report.replacingOccurrences(of: "\\/", with: "/").contains(word))
            #expect(try MetricsLog.read(whole.appendingPathComponent("metrics.jsonl")).map(\.step) == [1, 2, 3, 4])

            let skipped = Mutex<[Stage]>([])
            let asked = server.requestCount
            _ = try await TinyRecipe.run(recipe, in: "whole", set: settings, registry: registry) { event in
                if case .stageSkipped(let stage) = event { skipped.withLock { $0.append(stage) } }
            }
            #expect(skipped.withLock { $0 } == [.collect, .curate, .train, .evaluate])
            #expect(server.requestCount == asked)

            // The same, interrupted in the third step.
            let broken = ExperimentRegistry(engines: [ScriptedEngine(interruptedAt: 2)])
            await #expect(throws: ScriptedEngine.Interrupted.self) {
                try await TinyRecipe.run(recipe, in: "resumed", set: settings, registry: broken)
            }
            let stopped = scratch.appendingPathComponent("resumed", isDirectory: true)
            #expect(try Manifest.read(RunFolder(stopped))?.model == nil)
            let resumedAt = Mutex<[Int]>([])
            let resumed = try await TinyRecipe.run(recipe, in: "resumed", set: settings, registry: broken) { event in
                if case .training(.resumed(let step)) = event { resumedAt.withLock { $0.append(step) } }
            }
            #expect(resumedAt.withLock { $0 } == [2])
            #expect(try scores(resumed) == scores(whole))
            #expect(
                try Manifest.read(RunFolder(resumed))?.hashes["dataset/tokens.safetensors"]
                    == manifest.hashes["dataset/tokens.safetensors"])
            #expect(try MetricsLog.read(resumed.appendingPathComponent("metrics.jsonl")).map(\.loss) == [1, 0.5, 1.0 / 3, 0.25])
        }
    }

    @Test("A model in a folder is named from its run, which may be moved")
    func folder() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let settings = [
                "train.engine=scripted", "evaluate.policies=[base, tuned]", "evaluate.controls=[]", "evaluate.limit=2",
            ]
            let registry = ExperimentRegistry(engines: [ScriptedEngine()])
            let run = try await TinyRecipe.run(
                recipe, set: settings, stages: [.collect, .curate, .train], registry: registry)
            #expect(try Manifest.read(RunFolder(run))?.model == .folder("model"))
            try FileManager.default.moveItem(at: run, to: scratch.appendingPathComponent("moved"))
            let moved = try await TinyRecipe.run(recipe, in: "moved", set: settings, registry: registry)
            let store = try RunStore(RunFolder(moved))
            #expect(try store.trajectories(group: "evaluate/tuned").count == 2)
        }
    }

    @Test("A dataset is made and exported for a model that the native engine cannot run, which then refuses to train it")
    func foreignBase() async throws {
        try await Scratch.with { scratch in
            let recipe = try foreignRecipe(in: scratch)
            let run = try await TinyRecipe.run(recipe, stages: [.collect, .curate])
            let folder = RunFolder(run)
            let tokens = try TokenDataset(contentsOf: folder.dataset.appendingPathComponent("tokens.safetensors"))
            #expect(tokens.documentCount > 0 && tokens.trainedCount > 0)
            for format in ["hf", "openai-chat"] {
                let target = scratch.appendingPathComponent("out-\(format)")
                let report = try RunExport.run(format: format, folder: folder, formats: SuiteRegistry.formats, to: target)
                #expect(report.path == target.path)
                #expect(FileManager.default.fileExists(atPath: target.path))
            }
            let trajectory = try #require(try RunStore(folder).trajectories(group: "collect").first)
            #expect(try RunTokens.views(of: trajectory, in: folder).first?.tokens.contains { $0.trained } == true)

            let error = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe, stages: [.train]) }
            #expect(error?.message == "'train.base': 'model_type': mamba2 is not supported by the native engine")
            #expect(error?.hint == "use another engine for this model")
            #expect(error?.code == .data)
        }
    }

    @Test("An endpoint's word that is none, an option that cannot be and one that is not there are refused")
    func refusals() async throws {
        try await Scratch.with { scratch in
            let recipe = try foreignRecipe(in: scratch)
            let registry = ExperimentRegistry(engines: [ScriptedEngine()])
            func message(_ setting: String) async -> String {
                let error = await #expect(throws: TemperError.self) {
                    try await TinyRecipe.run(recipe, in: UUID().uuidString, set: Self.settings + [setting], registry: registry)
                }
                return error?.message ?? ""
            }
            #expect(
                await message("train.scripted.serve=nowhere")
                    == "engine 'scripted' names its model 'nowhere', which is no endpoint")
            #expect(await message("train.scripted.steps=0") == "'train.scripted.steps' must be above 0")
            #expect(await message("train.scripted.stepps=2") == "unknown key 'stepps' in 'scripted'")
            #expect(await message("train.engine=native") == "'train.engine' is 'native', which this version does not have")
        }
    }

    @Test("Suites are those that the experiment is given")
    func suites() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let registry = ExperimentRegistry(suites: [PocketStrategyQASuite()])
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, stages: [.collect], registry: registry)
            }
            #expect(error?.message == "'collect.suites': there is no suite 'pocket/hotpotqa'")
            #expect(error?.hint == "the suites are pocket/strategyqa")
        }
    }

    @Test("A run of the version before, whose recipe named the native engine's options otherwise, goes on")
    func earlierRun() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe, stages: [.collect, .curate, .train])
            let file = RunFolder(run).manifest
            var manifest = try #require(try Manifest.read(RunFolder(run)))
            manifest.model = nil
            guard case .object(var fields) = manifest.recipe, case .object(var train)? = fields["train"] else {
                Issue.record("the manifest has no 'train'")
                return
            }
            #expect(train["native"]?["checkpoint_seconds"] == .number(60))
            train["native"] = nil
            train["precision"] = .string("auto")
            train["recompute_activations"] = .bool(false)
            train["checkpoint_seconds"] = .number(30)
            fields["train"] = .object(train)
            manifest.recipe = .object(fields)
            try manifest.write(to: RunFolder(run))
            let before = try Data(contentsOf: file)

            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, set: ["train.native.precision=fp32"], stages: [.train])
            }
            #expect(error?.message == "the run was started with another recipe; these keys differ: train.native.precision")
            #expect(try Data(contentsOf: file) == before)

            let started = Mutex<[Stage]>([])
            try await TinyRecipe.run(recipe, stages: [.train, .evaluate]) { event in
                if case .stageStarted(let stage, _) = event { started.withLock { $0.append(stage) } }
            }
            #expect(started.withLock { $0 } == [.evaluate])
            #expect(try RunStore(RunFolder(run)).trajectories(group: "evaluate/tuned").count == 4)
        }
    }
}
