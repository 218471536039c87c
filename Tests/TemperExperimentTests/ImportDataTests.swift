import Foundation
import TemperCore
import TemperEnvironments
import TemperTestSupport
import Testing

@Suite("FireAct's released results", .tags(.alone), .enabled(if: DataFolder.locate() != nil), .timeLimit(.minutes(2)))
struct ImportDataTests {
    @Test("The 500 episodes of the tuned 7B model score as the paper's code scores them, from their raw text")
    func rescore() async throws {
        let file = try DataFolder.file("fireact/trajectories-llama-2-7b.json").standardizedFileURL
        try await Scratch.with { scratch in
            let imported = try await CommandLineTool.run(
                ["import", "fireact-results", file.path, "--run", "run", "--json"], in: scratch)
            #expect(imported.status == 0, "\(imported.errors)")
            let report = try imported.json()
            #expect(report["records"] == .number(500) && report["kept"] == .number(500))
            #expect(report["dropped"] == .array([]))

            let scored = try await CommandLineTool.run(["evaluate", "run", "--rescore", "--json"], in: scratch)
            #expect(scored.status == 0, "\(scored.errors)")
            let json = try scored.json()
            #expect(json["n"] == .number(500))
            #expect(abs((json["exact_match"]?.number ?? 0) - 0.262) < 1e-9)
            #expect(abs((json["f1"]?.number ?? 0) - 0.380) < 0.0005)
            #expect(json["suite"] == .string("hotpotqa") && json["errors"] == .number(0))
        }
    }

    @Test("With --expected 500 an absent episode is named, counts with reward 0 and stays inside n")
    func missing() async throws {
        let file = try DataFolder.file("fireact/trajectories-llama-2-7b.json")
        try await Scratch.with { scratch in
            var episodes = try #require(try JSONValue.parse(Data(contentsOf: file), named: "results").object)
            let removed = episodes.keys.sorted().prefix(3)
            for key in removed { episodes[key] = nil }
            try JSONEncoder.stable().encode(JSONValue.object(episodes)).write(to: scratch.appendingPathComponent("part.json"))
            let imported = try await CommandLineTool.run(
                ["import", "fireact-results", "part.json", "--run", "run", "--expected", "500", "--json"], in: scratch
            ).json()
            #expect(imported["records"] == .number(497))
            let dropped = try #require(imported["dropped"]?.array?.first)
            #expect(dropped["reason"] == .string("missing") && dropped["count"] == .number(3))
            let json = try await CommandLineTool.run(["evaluate", "run", "--rescore", "--json"], in: scratch).json()
            #expect(json["n"] == .number(500) && json["missing"] == .number(3))
            #expect(json["outcomes"]?["missing"] == .number(3))
        }
    }

    @Test("temper score and the field's own script agree on every pair")
    func pairs() async throws {
        struct Pair: Decodable {
            var answer: String
            var prediction: String
            var em: Bool
            var f1: Double
        }
        let pairs = try JSONDecoder().decode([Pair].self, from: Data(contentsOf: DataFolder.file("hotpotqa/em-f1-golden.json")))
        #expect(pairs.count >= 500)
        for pair in pairs {
            let score = AnswerMetrics.score(pair.prediction, pair.answer)
            #expect(score.metrics["exact_match"] == (pair.em ? 1 : 0), "\(pair)")
            #expect(abs((score.metrics["f1"] ?? -1) - pair.f1) < 1e-9, "\(pair)")
        }
        try await Scratch.with { scratch in
            let lines = try pairs.map {
                let line = JSONValue.object(["answer": .string($0.answer), "prediction": .string($0.prediction)])
                return String(decoding: try JSONEncoder.stable().encode(line), as: UTF8.self) + "\n"
            }
            try Data(lines.joined().utf8).write(to: scratch.appendingPathComponent("pairs.jsonl"))
            let json = try await CommandLineTool.run(
                ["score", "hotpotqa", "--predictions", "pairs.jsonl", "--json"], in: scratch
            ).json()
            let n = Double(pairs.count)
            #expect(json["n"] == .number(n))
            #expect(abs((json["exact_match"]?.number ?? 0) - Double(pairs.count(where: \.em)) / n) < 1e-9)
            #expect(abs((json["f1"]?.number ?? 0) - pairs.reduce(0) { $0 + $1.f1 } / n) < 1e-9)
        }
    }
}
