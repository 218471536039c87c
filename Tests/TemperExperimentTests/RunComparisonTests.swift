import Foundation
import TemperCore
import TemperData
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("Comparing runs", .tags(.alone), .timeLimit(.minutes(3)))
struct RunComparisonTests {
    private func run(_ name: String, limit: Int, in scratch: URL, more: String = "") async throws -> URL {
        let url = scratch.appendingPathComponent("\(name).yaml")
        let text = """
            name: \(name)
            seed: 5
            \(more)
            evaluate:
              policies: [expert, random]
              held_in: [pocket/hotpotqa]
              limit: \(limit)
              maximum_turns: 6
            """
        try Data(text.utf8).write(to: url)
        return try await TinyRecipe.run(url, in: name)
    }

    @Test("Policies of one run and of two are compared on the panel both record, task by task")
    func paired() async throws {
        try await Scratch.with { scratch in
            let first = try await run("first", limit: 10, in: scratch)
            let second = try await run("second", limit: 10, in: scratch)
            let evaluation = try ReadFile.json(Evaluation.self, from: first.appendingPathComponent("evaluation.json"))
            let panel = try #require(evaluation.panels.first)
            #expect(evaluation.panels.count == 1 && panel.n == 10 && panel.tasks.isEmpty)
            let listed = try ReadFile.json([EvaluationPanel].self, from: first.appendingPathComponent("panels.json"))
            #expect(listed.map(\.withoutTasks) == evaluation.panels && listed[0].tasks.count == 10)
            #expect(
                try Data(contentsOf: first.appendingPathComponent("panels.json"))
                    == Data(contentsOf: second.appendingPathComponent("panels.json")))

            let rows = try RunComparison(contestants: [first.path + "#random", first.path + "#expert"]).rows()
            #expect(rows.count == 1 && rows[0].n == 10 && rows[0].isPaired && rows[0].notes.isEmpty)
            #expect(rows[0].verdict == .better && rows[0].policy.mean == 1 && !rows[0].policy.isTrained)
            let across = try RunComparison(contestants: [first.path + "#expert", second.path + "#expert"]).rows()
            #expect(across.map(\.verdict) == [.noDifferenceSeen] && across[0].difference == 0)

            let json = try await CommandLineTool.run(
                ["compare", first.path + "#random", second.path + "#expert", "--json"], in: scratch
            ).json()
            let row = try #require(json["comparisons"]?.array?.first)
            #expect(row["verdict"] == .string("better") && row["n"] == .number(10) && row["paired"] == .bool(true))
            let shown = try await CommandLineTool.run(["compare", first.path + "#random", second.path + "#expert"], in: scratch)
            #expect(shown.status == 0 && shown.output.contains("better") && shown.output.contains("least called"))
        }
    }

    @Test("Different panels are refused with what differs, and compared without pairs when that is asked for")
    func panels() async throws {
        try await Scratch.with { scratch in
            let first = try await run("first", limit: 10, in: scratch)
            let second = try await run("second", limit: 6, in: scratch)
            let arguments = ["compare", first.path + "#expert", second.path + "#expert"]
            let refused = try await CommandLineTool.run(arguments, in: scratch)
            #expect(refused.status == 65)
            #expect(
                refused.errors.contains("different panels of 'pocket/hotpotqa': 10 and 6 tasks, 6 ids in common")
                    && refused.errors.contains("--unpaired"), "\(refused.errors)")
            let apart = try await CommandLineTool.run(arguments + ["--unpaired"], in: scratch)
            #expect(apart.status == 0 && apart.output.contains("note: different panels: 10 and 6 tasks"))

            // The same tasks in another environment.
            let imperfect = try await run("third", limit: 10, in: scratch, more: "suites: { pocket/hotpotqa: { imperfect: 1 } }")
            let other = try await CommandLineTool.run(
                ["compare", first.path + "#random", imperfect.path + "#random"], in: scratch)
            #expect(other.status == 65 && other.errors.contains("the suite has other options"), "\(other.errors)")
        }
    }

    @Test("What cannot be compared says why")
    func faults() async throws {
        try await Scratch.with { scratch in
            let run = try await run("first", limit: 2, in: scratch)
            func fault(_ contestants: [String], suite: String? = nil, metric: String? = nil) -> TemperError? {
                #expect(throws: TemperError.self) {
                    try RunComparison(contestants: contestants, suite: suite, metric: metric).rows()
                }
            }
            let expert = run.path + "#expert"
            #expect(fault([expert])?.code == .usage)
            let tuned = fault([run.path, expert])
            #expect(tuned?.message == "the run has no evaluation of 'tuned'" && tuned?.hint == "it has: expert, random")
            #expect(fault([scratch.path + "/none", expert])?.code == .data)
            #expect(fault([expert, expert], suite: "hotpotqa")?.message.contains("no tasks of 'hotpotqa' in common") == true)
            let metric = fault([expert, expert], metric: "f2")
            #expect(metric?.message.contains("no metric 'f2'") == true && metric?.hint?.contains("f1") == true)
        }
    }

    @Test("Groups of the store name policy and training seed")
    func groups() {
        #expect(EvaluationGroup("evaluate/tuned") == EvaluationGroup(policy: "tuned"))
        #expect(EvaluationGroup("evaluate/tuned@8") == EvaluationGroup(policy: "tuned", trainingSeed: 8))
        #expect(EvaluationGroup("collect") == nil)
        #expect(EvaluationGroup(policy: "tuned", trainingSeed: 8).text == "evaluate/tuned@8")
        #expect(EvaluationGroup("evaluate/http://localhost:1/v1#a@b")?.policy == "http://localhost:1/v1#a@b")
    }
}
