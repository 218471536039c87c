import Foundation
import TemperCore
import TemperData
import TemperTestSupport
import Testing

@testable import TemperExperiment

/// The dataset that is trained is the one that was curated, and the model that is measured the one that was trained.
@Suite(.tags(.alone), .timeLimit(.minutes(5))) struct VerifyTests {
    private static func flip(_ file: URL, at place: (Data) -> Int) throws {
        var data = try Data(contentsOf: file)
        data[place(data)] ^= 1
        try data.write(to: file)
    }

    private static func files(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("A flipped byte of any file of the dataset or the model: the next stage refuses it and names the file")
    func flippedBytes() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe, stages: [.collect, .curate])
            func refused(_ folder: String, _ stage: Stage) async throws {
                let names = try Self.files(run.appendingPathComponent(folder))
                #expect(names.count >= 4)
                for name in names {
                    let file = run.appendingPathComponent("\(folder)/\(name)")
                    let before = try Data(contentsOf: file)
                    try Self.flip(file) { $0.count - 1 }
                    let error = await #expect(throws: TemperError.self, "\(name)") {
                        try await TinyRecipe.run(recipe, stages: [stage])
                    }
                    #expect(
                        error?.code == .data && error?.place?.hasSuffix("\(folder)/\(name)") == true,
                        "\(String(describing: error))")
                    try before.write(to: file)
                }
                // One more file is not a file of the run either, and one less neither.
                let other = run.appendingPathComponent("\(folder)/other.safetensors")
                try Data("x".utf8).write(to: other)
                let more = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe, stages: [stage]) }
                #expect(more?.message.contains("not of this run") == true)
                try FileManager.default.removeItem(at: other)
                let first = run.appendingPathComponent("\(folder)/\(names[0])")
                let kept = try Data(contentsOf: first)
                try FileManager.default.removeItem(at: first)
                let less = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe, stages: [stage]) }
                #expect(less?.message.contains("missing") == true)
                try kept.write(to: first)
            }
            try await refused("dataset", .train)
            try await TinyRecipe.run(recipe, stages: [.train])
            try await refused("model", .evaluate)
            try await TinyRecipe.run(recipe)
            // All stages are done: the same command still looks at what they wrote.
            try Self.flip(run.appendingPathComponent("dataset/tokens.safetensors")) { $0.count / 2 }
            let error = await #expect(throws: TemperError.self) { try await TinyRecipe.run(recipe) }
            #expect(error?.place?.hasSuffix("dataset/tokens.safetensors") == true)
        }
    }

    @Test("temper verify checks all files and exits 65; temper adopt takes them in, and the next stage reads them")
    func verifyAndAdopt() async throws {
        try await Scratch.with { scratch in
            _ = try TinyRecipe.write(to: scratch)
            let run = scratch.appendingPathComponent("run")
            func temper(_ arguments: String...) async throws -> CommandLineTool.Result {
                try await CommandLineTool.run(arguments, in: scratch)
            }
            for stage in ["collect", "curate"] { #expect(try await temper(stage, "tiny.yaml", "--run", "run").status == 0) }
            let clean = try await temper("verify", "run", "--json")
            #expect(clean.status == 0, "\(clean.errors)")
            #expect(try clean.json()["damaged"] == .array([]))
            // Every token becomes a target, but the first of each document, which follows nothing.
            let tokens = run.appendingPathComponent("dataset/tokens.safetensors")
            var dataset = try TokenDataset(contentsOf: tokens)
            dataset.mask = dataset.mask.map { _ in 1 }
            for start in dataset.documentStarts where Int(start) < dataset.mask.count { dataset.mask[Int(start)] = 0 }
            try dataset.write(to: tokens)
            let damaged = try await temper("verify", "run", "--json")
            #expect(damaged.status == 65)
            let state: JSONValue = .object(["path": .string("dataset/tokens.safetensors"), "state": .string("changed")])
            #expect(try damaged.json()["damaged"] == .array([state]))
            let refused = try await temper("train", "tiny.yaml", "--run", "run")
            #expect(refused.status == 65 && refused.errors.contains("dataset/tokens.safetensors"), "\(refused.errors)")
            let adopted = try await temper("adopt", "run")
            #expect(adopted.status == 0 && adopted.output.contains("dataset/tokens.safetensors"), "\(adopted.errors)")
            #expect(try Manifest.read(RunFolder(run))?.adopted == ["dataset/tokens.safetensors"])
            let trained = try await temper("train", "tiny.yaml", "--run", "run")
            #expect(trained.status == 0, "\(trained.errors)")
            let again = try await temper("verify", "run", "--json")
            #expect(again.status == 0)
            #expect(try again.json()["adopted"] == .array([.string("dataset/tokens.safetensors")]))
            // A dataset from elsewhere, in a run that curated none.
            _ = try await temper("collect", "tiny.yaml", "--run", "other")
            let other = scratch.appendingPathComponent("other")
            try FileManager.default.copyItem(
                at: run.appendingPathComponent("dataset"), to: other.appendingPathComponent("dataset"))
            #expect(try await temper("train", "tiny.yaml", "--run", "other").status == 65)
            #expect(try await temper("adopt", "other").status == 0)
            let later = try await temper("train", "tiny.yaml", "--run", "other")
            #expect(later.status == 0, "\(later.errors)")
            // A store of no bytes is not a run without episodes.
            try Data().write(to: other.appendingPathComponent("store.sqlite"))
            let empty = try await temper("show", "other")
            #expect(empty.status == 65 && empty.errors.contains("the file is empty"), "\(empty.errors)")
            #expect(try await temper("verify", "other").status == 65)
        }
    }

    @Test("A damaged checkpoint names the way out, and --restart-stage is one")
    func damagedCheckpoint() async throws {
        try await Scratch.with { scratch in
            _ = try TinyRecipe.write(to: scratch)
            func temper(_ arguments: String...) async throws -> CommandLineTool.Result {
                try await CommandLineTool.run(arguments, in: scratch)
            }
            for stage in ["collect", "curate"] { #expect(try await temper(stage, "tiny.yaml", "--run", "run").status == 0) }
            let model = scratch.appendingPathComponent("run/model")
            try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
            try Data("no checkpoint".utf8).write(to: model.appendingPathComponent("checkpoint.safetensors"))
            let refused = try await temper("train", "tiny.yaml", "--run", "run")
            #expect(refused.status == 65 && refused.errors.contains("checkpoint.safetensors"), "\(refused.errors)")
            #expect(refused.errors.contains("--restart-stage"), "\(refused.errors)")
            let restarted = try await temper("train", "tiny.yaml", "--run", "run", "--restart-stage")
            #expect(restarted.status == 0, "\(restarted.errors)")
        }
    }

    @Test("An import in which no record is good is an error, and leaves no run behind")
    func importOfNothing() async throws {
        try await Scratch.with { scratch in
            try Data("{\"nothing\": 1}\n{\"else\": 2}\n".utf8).write(to: scratch.appendingPathComponent("bad.jsonl"))
            for format in ["agentinstruct", "fireact-alpaca"] {
                let result = try await CommandLineTool.run(
                    ["import", format, "bad.jsonl", "--run", "run-\(format)"], in: scratch)
                #expect(result.status == 65, "\(format): \(result.output) \(result.errors)")
            }
        }
    }

    @Test("What a model wrote is shown in a terminal, not carried out by it")
    func controlCharacters() async throws {
        let text = "name \u{1B}]0;owned\u{7}\u{1B}[2J"
        let result = try await CommandLineTool.run([
            "tokenize", "pocket-base", "--decode", "--text",
            try await CommandLineTool.run(["tokenize", "pocket-base", "--text", text]).output.trimmingCharacters(in: .newlines),
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\\u{1b}]0;owned\\u{7}\\u{1b}[2J"), "\(result.output.debugDescription)")
        #expect(!result.output.contains("\u{1B}"))
    }
}
