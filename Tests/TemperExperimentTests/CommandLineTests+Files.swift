import Foundation
import TemperCore
import TemperTestSupport
import Testing

extension CommandLineTests {
    @Test("score gives the means of a file of predictions, and names the line that cannot be read")
    func score() async throws {
        try await Scratch.with { scratch in
            let file = scratch.appendingPathComponent("predictions.jsonl")
            let lines = [
                #"{"answer": "The Eiffel Tower", "prediction": "eiffel tower"}"#,
                #"{"answer": "Paris, France", "prediction": "Paris"}"#, "", #"{"answer": "no", "prediction": "yes"}"#,
            ]
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            let json = try await CommandLineTool.run(["score", "hotpotqa", "--predictions", file.path, "--json"]).json()
            #expect(json.object?.keys.sorted() == ["exact_match", "f1", "n"])
            #expect(json["n"] == .number(3))
            #expect(abs((json["exact_match"]?.number ?? 0) - 1.0 / 3) < 1e-12)
            #expect(abs((json["f1"]?.number ?? 0) - (1 + 2.0 / 3) / 3) < 1e-12)

            try Data((lines[0] + "\n{\"answer\": 3}\n").utf8).write(to: file)
            let bad = try await CommandLineTool.run(["score", "hotpotqa", "--predictions", file.path])
            #expect(bad.status == 65)
            #expect(bad.errors.contains("predictions.jsonl:2: not a prediction"), "\(bad.errors)")
        }
    }

    @Test("import counts what it reads and drops, and refuses what is not the format")
    func importing() async throws {
        try await Scratch.with { scratch in
            try Data("[1, 2".utf8).write(to: scratch.appendingPathComponent("broken.json"))
            let broken = try await CommandLineTool.run(["import", "fireact-results", "broken.json", "--run", "r"], in: scratch)
            #expect(broken.status == 65 && broken.errors.contains("broken.json"), "\(broken.errors)")
            // The stored scores are wrong on purpose: the second answer is not the gold one.
            func episode(_ answer: String) -> String {
                let text = "### Instruction:\\nWho wrote it?\\n\\n### Response:\\nThought: I know.\\nAction: finish[\(answer)]\\n"
                return #"{"em": true, "reward": true, "gt": "ada", "pred": "ada", "traj": "\#(text)"}"#
            }
            let records = #"{"3": \#(episode("Ada")), "7": \#(episode("Bob")), "9": {"gt": "ada"}}"#
            try Data(records.utf8).write(to: scratch.appendingPathComponent("results.json"))
            let result = try await CommandLineTool.run(
                ["import", "fireact-results", "results.json", "--run", "r", "--json"], in: scratch)
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json()
            #expect(json["records"] == .number(3) && json["kept"] == .number(2))
            let dropped = try #require(json["dropped"]?.array?.first)
            #expect(dropped["count"] == .number(1) && dropped["places"] == .array([.string("results.json[9]")]))
            let scores = try await CommandLineTool.run(["evaluate", "r", "--rescore", "--json"], in: scratch).json()
            #expect(scores["n"] == .number(2) && scores["exact_match"] == .number(0.5))

            let strict = try await CommandLineTool.run(
                ["import", "fireact-results", "results.json", "--run", "strict", "--strict"], in: scratch)
            #expect(strict.status == 65 && strict.errors.contains("results.json[9]"), "\(strict.errors)")
        }
    }
}
