import Foundation
import TemperCore
import TemperData
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("temper curate, looking only", .tags(.alone), .timeLimit(.minutes(3)))
struct CurateCommandTests {
    /// The files of a folder with their contents, but for the store, whose journal SQLite folds in when the last reader leaves.
    private func contents(_ folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("store.sqlite") }
        var contents: [String: Data] = [:]
        for name in names {
            let url = folder.appendingPathComponent(name)
            let isFolder = try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
            if !isFolder { contents[name] = try Data(contentsOf: url) }
        }
        return contents
    }

    @Test("--dry-run shows what each step keeps and writes nothing, for a recipe and for a run, before curation and after")
    func dryRun() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe, stages: [.collect])
            let before = try contents(run)
            let arguments = ["curate", recipe.path, "--run", run.path, "--dry-run"]
            let shown = try await CommandLineTool.run(arguments, in: scratch)
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.hasPrefix("step") && shown.output.contains("episodes per task"))
            #expect(shown.output.contains("nothing was written"))
            let json = try await CommandLineTool.run(arguments + ["--json"], in: scratch).json()
            let byRun = try await CommandLineTool.run(["curate", run.path, "--dry-run", "--json"], in: scratch).json()
            #expect(json == byRun)
            #expect(try contents(run) == before)
            // What it shows is what curation then does.
            try await TinyRecipe.run(recipe, stages: [.curate])
            let card = try JSONValue.parse(Data(contentsOf: run.appendingPathComponent("dataset/card.json")), named: "card")
            #expect(card == json)

            let stricter = try await CommandLineTool.run(
                arguments + ["--set", "curate.keep=turns < 0", "--json"], in: scratch
            ).json()
            #expect(stricter["documents"] == .number(0))
            let condition = stricter["steps"]?.array?.first { $0["name"] == .string("condition") }
            #expect(condition?["kept"] == .number(0) && condition?["in"] != .number(0))
        }
    }

    @Test("--explain says what became of every episode, and of one by key, task or position; a finished run by its file")
    func explain() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let run = try await TinyRecipe.run(recipe, set: ["curate.max_per_task=1"], stages: [.collect, .curate])
            let before = try contents(run)
            let all = try await CommandLineTool.run(["curate", run.path, "--explain", "--json"], in: scratch).json()
            let episodes = try #require(all["episodes"]?.array)
            let stored = try RunStore(RunFolder(run)).trajectories(group: "collect")
            #expect(episodes.count == stored.count)
            let outcomes = Dictionary(grouping: episodes) { $0["outcome"]?.string ?? "" }.mapValues(\.count)
            #expect(outcomes["held_out"] == 2 && (outcomes["dropped"] ?? 0) > 0 && (outcomes["training"] ?? 0) > 0)
            let fates = try CurationPreview.fates(of: run)
            #expect(try CurationPreview.fates(CurationPreview.recipe(of: run), in: run) == fates)

            let copy = try #require(fates.first { $0.dropped != nil })
            for name in [copy.episode, "\(1 + (stored.firstIndex { $0.key.text == copy.episode } ?? 0))"] {
                let one = try await CommandLineTool.run(["curate", run.path, name, "--explain"], in: scratch)
                #expect(one.status == 0 && one.output.contains("\(copy.episode): dropped"), "\(one.errors)")
                #expect(one.output.contains("episodes per task") && one.output.contains("more than 1"))
            }
            let list = try await CommandLineTool.run(["curate", run.path, "--explain"], in: scratch)
            #expect(list.output.split(separator: "\n").count == 1 + fates.count)
            #expect(try contents(run) == before)

            // Each document of the dataset says the same.
            for document in try CuratedDataset.documents(in: run.appendingPathComponent("dataset/train.jsonl")) {
                let fate = fates.first { $0.episode == document.provenance.episode }
                #expect(document.provenance.decisions == fate?.decisions && fate?.outcome == .training)
            }
        }
    }

    @Test(
        "Arguments that do not go together are refused",
        arguments: [
            (["--dry-run", "--explain"], "ask one"), (["3"], "one argument too many"), ([], "is a run folder"),
            (["--explain", "--set", "seed=3"], "not with a run folder"),
            (["--explain", "nothing"], "there is no episode 'nothing'"),
        ])
    func usage(arguments: [String], message: String) async throws {
        try await Scratch.with { scratch in
            let run = try await TinyRecipe.run(TinyRecipe.write(to: scratch, tasks: 2), stages: [.collect])
            let result = try await CommandLineTool.run(["curate", run.path] + arguments, in: scratch)
            #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test("A recipe without a run and a wrong condition are errors, the second with its line")
    func faults() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let none = try await CommandLineTool.run(["curate", recipe.path, "--dry-run"], in: scratch)
            #expect(none.status == 65 && none.errors.contains("this is not a run folder"))
            let bad = try await CommandLineTool.run(
                ["curate", recipe.path, "--dry-run", "--set", "curate.keep=turns <"], in: scratch)
            #expect(bad.status == 65 && bad.errors.contains("ends too early"))
        }
    }

    @Test("General chats of the pocket world are mixed in by name, and checked against the test set")
    func pocketChat() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let mix = "curate.mix={ general: [pocket/chat], agent_ratio: 0.25 }"
            let tests = "curate.contamination={ against: [\"pocket/hotpotqa:test\"] }"
            let run = try await TinyRecipe.run(recipe, set: [mix, tests], stages: [.collect, .curate])
            let card = try ReadFile.json(DatasetCard.self, from: run.appendingPathComponent("dataset/card.json"))
            let source = try #require(card.mix?.sources.first)
            #expect(source.name == "pocket/chat" && source.drawn == source.distinct && source.contaminated == 0)
            #expect(abs((card.mix?.examples.share ?? 0) - 0.25) < 0.05)
            #expect(card.contamination?.after.map(\.test) == ["pocket/hotpotqa:test"])
            #expect(card.contamination?.after[0].dirty == 0 && (card.contamination?.after[0].n ?? 0) > 0)
        }
    }

    @Test("Tokens of imported episodes are shown, though Temper does not know their suite")
    func importedTokens() async throws {
        try await Scratch.with { scratch in
            let record = #"""
                [{"instruction": "Question: Who made it?", "input": "", "output": "Thought: I look it up.\nAction: search[it]\nObservation: Ada made it.\nThought: Ada.\nAction: finish[Ada]\nObservation: Episode finished, reward = 1\n"}]
                """#
            try Data(record.utf8).write(to: scratch.appendingPathComponent("a.json"))
            let imported = try await CommandLineTool.run(
                ["import", "fireact-alpaca", "a.json", "--run", "run", "--json"], in: scratch)
            #expect(imported.status == 0, "\(imported.errors)")
            let shown = try await CommandLineTool.run(["show", "run", "1", "--tokens", "--json"], in: scratch)
            #expect(shown.status == 0, "\(shown.errors)")
            let tokens = try #require(try shown.json()["tokens"]?.array)
            let trained = tokens.filter { $0["trained"] == .bool(true) }.compactMap { $0["text"]?.string }.joined()
            #expect(trained.contains("Action: search[it]") && trained.contains("Action: finish[Ada]"))
            #expect(!trained.contains("Who made it") && !trained.contains("Ada made it"))
        }
    }
}
