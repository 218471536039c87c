import Foundation
import Synchronization
import TemperCore
import TemperData
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("A whole experiment", .tags(.alone), .timeLimit(.minutes(3)))
struct ExperimentTests {
    /// The hash of every file below a folder, by its path in it.
    private func hashes(_ folder: URL) throws -> [String: String] {
        var hashes: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let url = folder.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
            hashes[name] = try SHA256.hex(file: url)
        }
        return hashes
    }

    @Test("One call collects, curates, trains, evaluates and reports; a second call changes nothing")
    func whole() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe)
            let files = [
                "manifest.json", "store.sqlite", "dataset/train.jsonl", "dataset/card.json", "dataset/card.md",
                "dataset/tokens.safetensors", "dataset/held_out.safetensors", "model/config.json", "model/tokenizer.json",
                "model/tokenizer_config.json", "model/model.safetensors", "metrics.jsonl", "evaluation.json", "report.html",
                "report.json",
            ]
            for file in files {
                #expect(FileManager.default.fileExists(atPath: run.appendingPathComponent(file).path), "\(file)")
            }
            #expect(!FileManager.default.fileExists(atPath: run.appendingPathComponent("model/checkpoint.safetensors").path))
            try checkManifest(run)
            try checkDataset(run)
            try checkMetrics(run)
            try checkEvaluation(run)

            let before = try (hashes(run.appendingPathComponent("dataset")), hashes(run.appendingPathComponent("model")))
            let evaluation = try SHA256.hex(file: run.appendingPathComponent("evaluation.json"))
            let skipped = Mutex<[Stage]>([])
            try await TinyRecipe.run(recipe) { event in
                if case .stageSkipped(let stage) = event { skipped.withLock { $0.append(stage) } }
            }
            #expect(skipped.withLock { $0 } == [.collect, .curate, .train, .evaluate])
            #expect(try hashes(run.appendingPathComponent("dataset")) == before.0)
            #expect(try hashes(run.appendingPathComponent("model")) == before.1)
            #expect(try SHA256.hex(file: run.appendingPathComponent("evaluation.json")) == evaluation)
        }
    }

    private func checkManifest(_ run: URL) throws {
        let manifest = try #require(try Manifest.read(RunFolder(run)))
        #expect(manifest.name == "tiny")
        #expect(manifest.seed == 5)
        #expect(Set(manifest.stages.keys) == ["collect", "curate", "train", "evaluate", "report"])
        #expect(manifest.stages.values.allSatisfy { $0.status == .finished })
        #expect(manifest.givenKeys.contains("train.maximum_steps"))
        let recorded = Set(manifest.hashes.keys)
        #expect(
            recorded.isSuperset(of: [
                "dataset/train.jsonl", "dataset/tokens.safetensors", "dataset/held_out.jsonl", "dataset/held_out.safetensors",
                "dataset/card.json", "dataset/card.md", "dataset/decisions.jsonl", "model/model.safetensors",
                "model/config.json", "model/tokenizer.json", "evaluation.json",
            ]))
        for name in ["dataset", "model"] {
            let files = try FileManager.default.contentsOfDirectory(atPath: run.appendingPathComponent(name).path)
            #expect(Set(files.map { "\(name)/\($0)" }) == recorded.filter { $0.hasPrefix("\(name)/") })
        }
        for (file, hash) in manifest.hashes { #expect(try SHA256.hex(file: run.appendingPathComponent(file)) == hash, "\(file)") }
    }

    private func checkDataset(_ run: URL) throws {
        let store = try RunStore(RunFolder(run))
        let collected = try store.trajectories(group: "collect")
        #expect(collected.count { $0.key.method == .react } == 12)
        #expect((1..<12).contains(collected.count { $0.key.method == .cot }))
        #expect(collected.allSatisfy { $0.score?.reward == 1 })
        let card = try ReadFile.json(DatasetCard.self, from: run.appendingPathComponent("dataset/card.json"))
        let tokens = try TokenDataset(contentsOf: run.appendingPathComponent("dataset/tokens.safetensors"))
        let lines = try String(contentsOf: run.appendingPathComponent("dataset/train.jsonl"), encoding: .utf8).split(
            separator: "\n")
        #expect(card.documents == tokens.documentCount && card.documents == lines.count)
        #expect(card.tokens == tokens.tokenCount && card.trainedTokens == tokens.trainedCount)
        #expect(card.heldOutDocuments > 0)
        #expect(card.documents + card.heldOutDocuments == collected.count)
    }

    private func checkMetrics(_ run: URL) throws {
        let records = try MetricsLog.read(run.appendingPathComponent("metrics.jsonl"))
        #expect(records.filter { $0.kind == .step }.map(\.step) == [1, 2, 3])
        #expect(records.filter { $0.kind == .heldOut }.map(\.step) == [0, 3])
        #expect(records.allSatisfy { $0.loss.isFinite && $0.loss > 0 })
    }

    private func checkEvaluation(_ run: URL) throws {
        let evaluation = try ReadFile.json(Evaluation.self, from: run.appendingPathComponent("evaluation.json"))
        let whole = evaluation.results.filter { $0.groupBy == nil }
        #expect(
            whole.map(\.policy) == ["base", "tuned", "expert", "base-admissible", "search-once", "mismatched-observations"])
        #expect(whole.allSatisfy { $0.n == 4 && $0.errors == 0 && $0.split == "test" && $0.seed == 5 })
        #expect(whole.allSatisfy { $0.metrics["exact_match"] != nil && $0.interval != nil })
        // An expert needs more than two turns, so it reaches its limit: what it is for here is to differ from the models.
        #expect(whole.first { $0.policy == "tuned" }?.promptStyle == .task)
        #expect(whole.first { $0.policy == "base" }?.promptStyle == .full)
        let comparison = try #require(evaluation.comparisons.first)
        #expect(comparison.baseline == "base" && comparison.policy == "tuned" && comparison.nPairs == 4)
        let page = try String(contentsOf: run.appendingPathComponent("report.html"), encoding: .utf8)
        for text in ["mismatched-observations", "base-admissible", "search-once", "<svg", "policies: [base, tuned, expert]"] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("src=\"http") && !page.contains("<link"), "the page is self-contained")
    }

    @Test("No token of an environment, an instruction or a demonstration is trained, and show --tokens shows what training sees")
    func tokenViews() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            for style in ["task", "full"] {
                let run = try await TinyRecipe.run(
                    recipe, in: style, set: ["curate.prompt_style=\(style)", "curate.held_out=0"], stages: [.collect, .curate])
                let folder = RunFolder(run)
                let collected = try RunStore(folder).trajectories(group: "collect")
                var seen: [String: Int] = [:]
                var authors: Set<Author> = []
                for trajectory in collected {
                    for view in try RunTokens.views(of: trajectory, in: folder) {
                        for token in view.tokens where token.trained {
                            #expect(token.author.map { !Author.neverTrained.contains($0) } ?? false, "\(token)")
                        }
                        authors.formUnion(view.tokens.compactMap(\.author))
                        #expect(view.tokens.filter(\.trained).map(\.text).joined().contains("Action: finish["))
                        seen["\(view.tokens.map(\.id)) \(view.tokens.map(\.trained))", default: 0] += 1
                    }
                }
                #expect(authors.isSuperset(of: [.teacher, .instruction, .environment]))
                #expect(authors.contains(.demonstration) == (style == "full"))
                let tokens = try TokenDataset(contentsOf: folder.dataset.appendingPathComponent("tokens.safetensors"))
                for index in 0..<tokens.documentCount {
                    let document = tokens.document(index)
                    seen["\(document.ids) \(document.mask.map { $0 == 1 })", default: 0] -= 1
                }
                #expect(seen.values.allSatisfy { $0 == 0 })
                #expect(tokens.documentCount == collected.count)
            }
        }
    }

    @Test("The dataset has the same bytes with one episode in flight and with sixteen")
    func concurrency() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            var all: [[String: String]] = []
            for concurrency in [1, 16] {
                let run = try await TinyRecipe.run(
                    recipe, in: "run-\(concurrency)", set: ["collect.concurrency=\(concurrency)"], stages: [.collect, .curate])
                all.append(try hashes(run.appendingPathComponent("dataset")))
            }
            #expect(all[0] == all[1])
            #expect(all[0].count >= 5)
        }
    }

    @Test("Another recipe on the same folder is refused, naming the keys that differ")
    func otherRecipe() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe, stages: [.collect])
            let before = try SHA256.hex(file: run.appendingPathComponent("manifest.json"))
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, set: ["train.learning_rate=0.5", "seed=6"], stages: [.collect])
            }
            #expect(error?.code == .data)
            #expect(
                error?.message == "the run was started with another recipe; these keys differ: seed, train.learning_rate")
            #expect(try SHA256.hex(file: run.appendingPathComponent("manifest.json")) == before)
        }
    }

    @Test("A folder in use is refused")
    func locked() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let lock = try RunFolder.create(scratch.appendingPathComponent("run")).lock()
            let error = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe, stages: [.collect]) }
            #expect(error?.message == "the run is in use by another process")
            #expect(error?.code == .unavailable)
            withExtendedLifetime(lock) {}
        }
    }

    @Test(
        "What would fail only after hours fails at once",
        arguments: [
            ("collect.suites={ pocket/hotpotqb: 3 }", "'collect.suites': there is no suite 'pocket/hotpotqb'", .data),
            ("evaluate.held_in=[hotpotq]", "'evaluate.held_in': there is no suite 'hotpotq'", .data),
            ("evaluate.held_out=[other]", "'evaluate.held_out': there is no suite 'other'", .data),
            ("evaluate.policies=[tuend]", "there is no policy 'tuend' for suite 'pocket/hotpotqa'", .data),
            ("evaluate.controls=[placebo]", "'evaluate.controls' names 'placebo', which is no control", .data),
            ("collect.methods={ reakt: 1 }", "'collect.methods' names 'reakt', which is no method", .data),
            ("train.engine=torch", "'train.engine' is 'torch', which this version does not have", .data),
            ("train.base=pocket-bass", "'train.base': there is no model 'pocket-bass'", .data),
            (
                "train.native.checkpoint_seconds=-1", "'train.native.checkpoint_seconds' is -1; it must be in 0…86400", .data
            ),
            (
                "train.native.precision=fp16", "'train.native.precision' is 'fp16'; it must be one of fp32, bf16, auto", .data
            ),
            ("collect.concurrency=0", "'collect.concurrency' is 0; it must be in 1…10000", .data),
            ("suites={ pocket/hotpotqb: {} }", "'suites': there is no suite 'pocket/hotpotqb'", .data),
            ("evaluate.concurrency=0", "'evaluate.concurrency' is 0; it must be in 1…10000", .data),
        ] as [(String, String, TemperError.Code)])
    func early(override: String, message: String, code: TemperError.Code) async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, set: [override]) { event in
                    if case .stageStarted(let stage, _) = event { Issue.record("\(stage) was started") }
                }
            }
            #expect(error?.message == message)
            #expect(error?.code == code)
        }
    }
}
