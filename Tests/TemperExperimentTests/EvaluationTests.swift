import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("One runner behind evaluate and --suite", .timeLimit(.minutes(3)))
struct EvaluationTests {
    private static let suites = ["pocket/hotpotqa", "pocket/mmlu", "pocket/strategyqa"]

    private static let text = """
        name: same
        seed: 5
        evaluate:
          policies: [expert, random]
          held_in: [pocket/hotpotqa]
          general: [pocket/mmlu]
          held_out: [pocket/strategyqa]
          compare: [[random, expert]]
          limit: 6
          attempts: 2
          temperature: 0.5
          maximum_turns: 5
        """

    private func evaluation(_ text: String, in scratch: URL, set: [String] = []) async throws -> Evaluation {
        let url = scratch.appendingPathComponent("same.yaml")
        try Data(text.utf8).write(to: url)
        let run = try await TinyRecipe.run(url, set: set)
        return try ReadFile.json(Evaluation.self, from: run.appendingPathComponent("evaluation.json"))
    }

    /// Without what the clock and nobody but a recipe says.
    private func plain(_ rows: [ResultRow]) -> [ResultRow] {
        rows.map { row in
            var row = row
            row.seconds = 0
            row.kind = nil
            return row
        }
    }

    @Test("The same settings give the same rows over three suites, on both ways")
    func sameRows() async throws {
        try await Scratch.with { scratch in
            let evaluation = try await evaluation(Self.text, in: scratch)
            for suite in Self.suites {
                for policy in ["expert", "random"] {
                    let alone = SuiteEvaluation(
                        suite: suite, policy: policy, limit: 6, seed: 5,
                        overrides: ["evaluate.attempts=2", "evaluate.temperature=0.5", "evaluate.maximum_turns=5"])
                    let rows = try await alone.run()
                    let same = evaluation.results.filter { $0.suite == suite && $0.policy == policy }
                    #expect(plain(rows) == plain(same) && !rows.isEmpty)
                    #expect(rows[0].n == 12 && rows[0].passAtK?.map(\.k) == [1, 2])
                }
            }
            #expect(evaluation.overall.map(\.kind) == [.heldIn, .heldIn, .heldOut, .heldOut, .general, .general])
            #expect(evaluation.comparisons.allSatisfy { $0.baseline == "random" && $0.policy == "expert" })
            #expect(Set(evaluation.comparisons.map(\.suite)) == Set(Self.suites))
        }
    }

    @Test(
        "--set on --suite is obeyed",
        arguments: [
            "evaluate.limit=3", "evaluate.attempts=2", "evaluate.prompt=task", "evaluate.methods=[cot]", "evaluate.split=train",
            "seed=9", "evaluate.seed=9", "suites.pocket/hotpotqa.imperfect=1", "evaluate.maximum_turns=1",
        ])
    func obeyed(override: String) async throws {
        let usual = try await SuiteEvaluation(suite: "pocket/hotpotqa", policy: "expert", overrides: ["evaluate.limit=5"]).run()
        let changed = try await SuiteEvaluation(
            suite: "pocket/hotpotqa", policy: "expert", overrides: ["evaluate.limit=5", override]
        ).run()
        #expect(plain(usual) != plain(changed))
    }

    @Test(
        "--set on --suite that would be ignored is refused",
        arguments: [
            ("train.base=x", "'--set train.base' has no meaning with --suite"),
            ("collect.attempts=2", "'--set collect.attempts' has no meaning with --suite"),
            ("evaluate.policies=[random]", "'--set evaluate.policies' has no meaning with --suite"),
            ("evaluate.prompts={ expert: task }", "'--set evaluate.prompts.expert' has no meaning with --suite"),
            ("evaluate.split=train", "--split and '--set evaluate.split' say the same thing"),
            ("evaluate.top_p=2", "'evaluate.top_p' must be above 0 and at most 1"),
            ("evaluate.reflexion={ trials: 3 }", "'evaluate.reflexion' has no use: 'evaluate.methods' does not name reflexion"),
            ("evaluate.limits=2", "unknown key 'limits' in 'evaluate'"),
        ])
    func refused(override: String, message: String) async throws {
        let request = SuiteEvaluation(suite: "pocket/hotpotqa", policy: "expert", split: "test", overrides: [override])
        let error = await #expect(throws: TemperError.self) { try await request.run() }
        #expect(error?.message == message)
    }

    @Test(
        "Keys of an evaluation that cannot be are named",
        arguments: [
            ("evaluate.compare=[[expert]]", "'evaluate.compare' holds pairs of two policies"),
            ("evaluate.compare=[[expert, base]]", "'evaluate.compare' names 'base', which is not evaluated"),
            ("evaluate.prompts={ tuned: task }", "'evaluate.prompts' names 'tuned', which is not evaluated"),
            ("evaluate.general=[pocket/hotpotqa]", "'evaluate' names the suite 'pocket/hotpotqa' twice"),
            ("evaluate.attempts=0", "'evaluate.attempts' is 0; it must be in 1…1000"),
            ("evaluate.context_tokens=-1", "'evaluate.context_tokens' is -1; it must be in 0…100000000"),
        ])
    func faults(override: String, message: String) throws {
        let recipe = try RecipeFile.decode(Self.text, file: "r.yaml", overrides: [override]).recipe
        let error = #expect(throws: TemperError.self) { try recipe.check(stages: [.evaluate]) }
        #expect(error?.message == message)
    }

    @Test("A run that an earlier version began goes on: keys it did not have count as their defaults")
    func earlierRun() async throws {
        try await Scratch.with { scratch in
            let url = scratch.appendingPathComponent("same.yaml")
            let text = Self.text.replacingOccurrences(of: "  attempts: 2\n", with: "")
                .replacingOccurrences(of: "  compare: [[random, expert]]\n", with: "")
                .replacingOccurrences(of: "  general: [pocket/mmlu]\n", with: "")
            try Data(text.utf8).write(to: url)
            let run = try await TinyRecipe.run(url, stages: [.evaluate])
            var manifest = try #require(try Manifest.read(RunFolder(run)))
            guard case .object(var recipe) = manifest.recipe, case .object(var evaluate)? = recipe["evaluate"] else {
                Issue.record("the manifest keeps the recipe")
                return
            }
            for key in ["attempts", "top_p", "context_tokens", "context_rule", "prompt", "prompts", "general"] {
                #expect(evaluate.removeValue(forKey: key) != nil, "\(key)")
            }
            recipe["evaluate"] = .object(evaluate)
            manifest.recipe = .object(recipe)
            try manifest.write(to: RunFolder(run))
            try await TinyRecipe.run(url, stages: [.evaluate])
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(url, set: ["evaluate.attempts=2"], stages: [.evaluate])
            }
            #expect(error?.message.contains("these keys differ: evaluate.attempts") == true)
        }
    }

    @Test("The stage says whose the words are: a local model that collects is a teacher, the same one evaluated is the policy")
    func authors() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch, tasks: 3)
            let model = "model:\(scratch.appendingPathComponent("base").path)"
            let run = try await TinyRecipe.run(
                recipe,
                set: [
                    "collect.policy='\(model)'", "collect.maximum_new_tokens=4", "collect.maximum_turns=1", "collect.prompt=task",
                    "evaluate.policies=['\(model)', expert]", "evaluate.controls=[]",
                ], stages: [.collect])
            let evaluated = """
                seed: 5
                evaluate: { policies: ['\(model)', expert], held_in: [pocket/hotpotqa], limit: 2, maximum_new_tokens: 4, maximum_turns: 2, \
                prompts: { '\(model)': task } }
                """
            let url = scratch.appendingPathComponent("evaluated.yaml")
            try Data(evaluated.utf8).write(to: url)
            let other = try await TinyRecipe.run(url, in: "evaluated", stages: [.evaluate])
            func authors(_ run: URL, _ group: String) throws -> Set<Author> {
                Set(try RunStore(RunFolder(run)).trajectories(group: group).flatMap(\.turns).flatMap(\.reply).map(\.author))
            }
            #expect(try authors(run, "collect") == [.teacher])
            #expect(try authors(other, "evaluate/\(model)") == [.policy])
            #expect(try authors(other, "evaluate/expert") == [.policy])
            let evaluation = try ReadFile.json(Evaluation.self, from: other.appendingPathComponent("evaluation.json"))
            #expect(evaluation.results.first?.promptStyle == .task && evaluation.results.last?.promptStyle == .full)
        }
    }
}
