import Foundation
import TemperCore
import TemperData
import TemperEndpoint
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("A run with all methods", .tags(.alone), .timeLimit(.minutes(3)))
struct MethodsRunTests {
    private static let suites = ["pocket/hotpotqa", "pocket/mmlu", "pocket/strategyqa"]

    private func run(in scratch: URL, _ name: String, set: [String] = []) async throws -> URL {
        let methods = TemperCore.Method.allCases.map { "\($0.rawValue): 1" }.joined(separator: ", ")
        let overrides = [
            "collect.suites={ \(Self.suites.map { "\($0): 4" }.joined(separator: ", ")) }",
            "collect.methods={ \(methods) }",
            "curate.held_out=0",
        ]
        let recipe = try TinyRecipe.write(to: scratch)
        return try await TinyRecipe.run(
            recipe, in: name, set: overrides + set, stages: [.collect, .curate])
    }

    @Test("Three suites in every method become one dataset whose card equals a hand count")
    func card() async throws {
        try await Scratch.with { scratch in
            let run = try await run(in: scratch, "run")
            let stored = try RunStore(RunFolder(run)).trajectories(group: "collect")
            #expect(stored.count == 3 * 4 * TemperCore.Method.allCases.count)
            #expect(
                stored.allSatisfy { $0.score?.reward == 1 },
                "\(stored.first { $0.score?.reward != 1 }?.key.text ?? "")")
            let card = try ReadFile.json(
                DatasetCard.self, from: run.appendingPathComponent("dataset/card.json"))
            let lines = try CuratedDataset.documents(
                in: run.appendingPathComponent("dataset/train.jsonl"))
            #expect(
                card.documents == lines.count && card.parts.count == 3 * TemperCore.Method.allCases.count)
            for part in card.parts {
                let kept = lines.filter {
                    $0.provenance.suite == part.suite && $0.provenance.method == part.method
                }
                #expect(
                    part.episodes == 4 && part.kept == kept.count && part.documents == kept.count, "\(part)")
                let keys = Set(kept.map(\.provenance.episode))
                let turns = stored.filter { keys.contains($0.key.text) }.reduce(0) { $0 + $1.turns.count }
                #expect(
                    part.averageTurns == (kept.isEmpty ? 0 : Double(turns) / Double(kept.count)), "\(part)")
            }
            // Whatever the method, the dataset is in the one form.
            let texts = lines.flatMap(\.messages).filter { $0.role == .assistant }.map(\.text)
            #expect(texts.allSatisfy { TurnText.read($0, method: .react).diagnosis == nil })
        }
    }

    @Test(
        "The same seed gives the same bytes with 1 and 16 workers, in both forms of Reflexion",
        arguments: ["forced", "trials"])
    func determinism(form: String) async throws {
        try await Scratch.with { scratch in
            var bytes: [Data] = []
            for workers in [1, 16] {
                let run = try await run(
                    in: scratch, "run\(workers)",
                    set: [
                        "collect.reflexion={ form: \(form), rounds: [2, 3] }", "collect.concurrency=\(workers)",
                        "suites.pocket/hotpotqa.imperfect=1",
                    ])
                bytes.append(try Data(contentsOf: run.appendingPathComponent("dataset/train.jsonl")))
                let stored = try RunStore(RunFolder(run)).trajectories(group: "collect")
                let reflexion = stored.filter { $0.key.method == .reflexion }
                let forced = reflexion.flatMap(\.turns).flatMap(\.reply).contains { $0.author == .forced }
                #expect(forced == (form == "forced"))
                #expect(reflexion.contains { $0.turns.first?.reflections != nil } == (form == "trials"))
            }
            #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty)
        }
    }

    @Test(
        "Keys of methods are strict",
        arguments: [
            ("collect.nearest_action=1.5", "'collect.nearest_action' is 1.5; it must be at least 0 and below 1"),
            ("evaluate.nearest_action=-1", "'evaluate.nearest_action' is -1; it must be at least 0 and below 1"),
            ("collect.reflexion={ trials: 1 }", "'collect.reflexion.trials' is 1; it must be in 2…100"),
            (
                "collect.reflexion={ rounds: [6, 3] }",
                "'collect.reflexion': 'rounds' must be rounds from 2 on, in ascending order"
            ),
            (
                "collect.reflexion={ form: trails }",
                "'collect.reflexion.form' is 'trails'; it must be one of forced, trials"
            ),
            ("collect.reflexion={ round: [6] }", "unknown key 'round' in 'reflexion'"),
        ])
    func strict(override: String, message: String) async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch)
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, set: ["collect.methods={ reflexion: 1 }", override])
            }
            #expect(error?.message == message)
        }
        let useless = #expect(throws: TemperError.self) {
            let recipe = try RecipeFile.decode(
                "collect: { suites: { pocket/hotpotqa: 1 }, reflexion: { form: forced } }", file: "r.yaml"
            ).recipe
            try recipe.check(stages: [.collect])
        }
        #expect(
            useless?.message
                == "'collect.reflexion' is never used: 'collect.methods' does not name reflexion")
    }

    @Test(
        "An estimate counts the episodes of a hosted run by method and names its assumptions, without a call"
    )
    func estimate() throws {
        let text = """
            collect:
              policy: openai:gpt-4o
              suites: { pocket/hotpotqa: 100, pocket/mmlu: 10 }
              methods: { react: 1, cot: 0.5, rewoo: 1 }
              attempts: 2
            """
        let estimate = try Experiment.estimate(RecipeFile.decode(text, file: "r.yaml").recipe)
        #expect(
            estimate.parts.map(\.suite) == Array(repeating: "pocket/hotpotqa", count: 3)
                + Array(repeating: "pocket/mmlu", count: 3))
        #expect(estimate.parts.map(\.method) == [.cot, .react, .rewoo, .cot, .react, .rewoo])
        #expect(estimate.parts[1].episodes == 200 && (60...140).contains(estimate.parts[0].episodes))
        #expect(estimate.parts[0].calls == Double(estimate.parts[0].episodes))
        // The demonstration takes four turns in ReAct, a plan and an answer in ReWOO.
        #expect(estimate.parts[1].calls == 800 && estimate.parts[2].calls == 400)
        let likely = try #require(estimate.dollars)
        let most = try #require(estimate.mostDollars)
        #expect(likely > 0 && most > likely)
        #expect(estimate.assumptions.contains { $0.contains("August 2025") })
        let free = try Experiment.estimate(
            RecipeFile.decode("collect: { suites: { pocket/hotpotqa: 3 } }", file: "r.yaml").recipe)
        #expect(
            free.parts.isEmpty && free.dollars == 0
                && free.assumptions[0].hasPrefix("no policy of the stages is a paid model"))
    }
}
