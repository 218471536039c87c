import Foundation
import TemperCore
import TemperData
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("An evaluation in several methods", .tags(.alone), .timeLimit(.minutes(3)))
struct MethodChoiceRunTests {
    private static let text = """
        name: methods
        seed: 5
        suites: { pocket/hotpotqa: { imperfect: 1 } }
        evaluate:
          policies: [expert, random]
          held_in: [pocket/hotpotqa]
          methods: [cot, react, act]
          limit: 6
          maximum_turns: 6
        """

    private func run(_ text: String, in scratch: URL) async throws -> URL {
        let url = scratch.appendingPathComponent("methods.yaml")
        try Data(text.utf8).write(to: url)
        return try await TinyRecipe.run(url)
    }

    @Test("Random, best single and oracle choice stand in evaluation.json and in the report, as a hand count has them")
    func choices() async throws {
        try await Scratch.with { scratch in
            let run = try await run(Self.text, in: scratch)
            let evaluation = try ReadFile.json(Evaluation.self, from: run.appendingPathComponent("evaluation.json"))
            let whole = evaluation.results.filter { $0.group == "all" }
            // The suite's own method comes first, whatever the recipe's order.
            #expect(whole.map(\.method) == [.react, .cot, .act, .react, .cot, .act])
            #expect(whole.map(\.policy) == ["expert", "expert", "expert", "random", "random", "random"])
            #expect(evaluation.methodChoices.map(\.policy) == ["expert", "random"])
            let metric = try #require(evaluation.primaryMetrics["pocket/hotpotqa"])
            for choice in evaluation.methodChoices {
                let stored = try RunStore(RunFolder(run)).trajectories(group: "evaluate/\(choice.policy)")
                #expect(stored.count == 18 && choice.n == 6 && choice.leftOut == 0 && choice.metric == metric)
                let byTask = Dictionary(grouping: stored, by: \.key.task).mapValues { $0.map { $0.score?.metrics[metric] ?? 0 } }
                let best = byTask.values.reduce(0.0) { $0 + ($1.max() ?? 0) } / 6
                let mean = byTask.values.reduce(0.0) { $0 + $1.reduce(0, +) / 3 } / 6
                #expect(abs(choice.oracle.mean - best) < 1e-12 && abs(choice.random.mean - mean) < 1e-12)
                for single in choice.methods {
                    let row = whole.first { $0.policy == choice.policy && $0.method == single.method }
                    #expect(single.mean == row?.value(of: metric))
                }
            }
            let (recipe, given) = try RecipeFile.load(scratch.appendingPathComponent("methods.yaml"))
            try await Experiment.run(recipe, source: Self.text, givenKeys: given, in: run, stages: [.report])
            let page = try String(contentsOf: run.appendingPathComponent("report.html"), encoding: .utf8)
            #expect(page.contains("<section id=\"methods\">") && page.contains("the best method of each task"))
        }
    }

    @Test("Without methods each suite has its own one, and nothing is chosen")
    func single() async throws {
        try await Scratch.with { scratch in
            let text = Self.text.replacingOccurrences(of: "  methods: [cot, react, act]\n", with: "")
            let run = try await run(text, in: scratch)
            let evaluation = try ReadFile.json(Evaluation.self, from: run.appendingPathComponent("evaluation.json"))
            #expect(evaluation.methodChoices.isEmpty && Set(evaluation.results.map(\.method)) == [.react])
        }
    }

    @Test(
        "Methods that cannot be are named",
        arguments: [
            ("[cot, cot]", "'evaluate.methods' names one twice"),
            ("[reakt]", "'evaluate.methods' names 'reakt', which suite 'pocket/hotpotqa' does not have"),
        ])
    func faults(methods: String, message: String) async throws {
        try await Scratch.with { scratch in
            let text = Self.text.replacingOccurrences(of: "[cot, react, act]", with: methods)
            let error = await #expect(throws: TemperError.self) { try await run(text, in: scratch) }
            #expect(error?.message == message)
        }
    }

    @Test("An evaluation of an earlier version, without the choice of a method, is read")
    func earlier() throws {
        let text = #"{"results": [], "comparisons": [], "overall": [], "primary_metrics": {}}"#
        #expect(try JSONDecoder().decode(Evaluation.self, from: Data(text.utf8)) == Evaluation())
    }
}
