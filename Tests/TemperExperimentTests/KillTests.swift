import Foundation
import TemperCore
import TemperData
import Testing

@testable import TemperExperiment

@Suite("A killed run", .timeLimit(.minutes(5)))
struct KillTests {
    /// Everything that must be the same, times aside.
    private struct Outputs: Equatable {
        var hashes: [String: String]
        var results: JSONValue
        var metrics: [String]

        init(_ run: URL) throws {
            hashes = [:]
            for name in ["dataset/train.jsonl", "dataset/tokens.safetensors", "dataset/held_out.safetensors", "model/model.safetensors"] {
                hashes[name] = try SHA256.hex(file: run.appendingPathComponent(name))
            }
            let evaluation = try JSONValue.parse(Data(contentsOf: run.appendingPathComponent("evaluation.json")), named: "evaluation")
            results = Self.withoutTimes(evaluation)
            metrics = try MetricsLog.read(run.appendingPathComponent("metrics.jsonl")).map { "\($0.kind) \($0.step) \($0.loss)" }
        }

        private static func withoutTimes(_ value: JSONValue) -> JSONValue {
            switch value {
            case .object(let fields): return .object(fields.filter { $0.key != "seconds" }.mapValues(withoutTimes))
            case .array(let values): return .array(values.map(withoutTimes))
            default: return value
            }
        }
    }

    private func status(of stage: Stage, in run: URL) throws -> Manifest.Stage.Status? {
        try Manifest.read(RunFolder(run))?.stages[stage.rawValue]?.status
    }

    @Test("kill -9 at five random moments, and the same command ends with the same bytes")
    func kills() async throws {
        try await Scratch.with { scratch in
            _ = try TinyRecipe.write(to: scratch, tasks: 150, steps: 40)
            func command(_ run: String) -> [String] {
                [
                    "run", "tiny.yaml", "--run", run, "--json", "--set", "train.checkpoint_seconds=0.02", "--set",
                    "train.epochs=10", "--set", "evaluate.policies=[base, tuned]", "--set", "evaluate.controls=[search-once]",
                    "--set", "evaluate.limit=24", "--set", "collect.concurrency=2", "--set", "evaluate.concurrency=4",
                ]
            }
            let whole = try await CommandLineTool.run(command("whole"), in: scratch)
            #expect(whole.status == 0, "\(whole.errors)")
            let stages = try #require(try Manifest.read(RunFolder(scratch.appendingPathComponent("whole")))).stages

            let run = scratch.appendingPathComponent("killed", isDirectory: true)
            let seed: UInt64 = 20
            var random = RandomSource(seed: seed, "kill")
            for (number, stage) in [Stage.collect, .curate, .train, .train, .evaluate].enumerated() {
                let files = scratch.appendingPathComponent("files-\(number)")
                try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
                let process = try CommandLineTool.Started(command("killed"), in: scratch, files: files)
                while process.isRunning, try status(of: stage, in: run) != .running { try await Task.sleep(for: .milliseconds(1)) }
                // At a random moment of what the stage takes when nobody disturbs it; half of it for each of two kills.
                let seconds = (stages[stage.rawValue]?.seconds ?? 0) * (stage == .train ? 0.45 : 0.9) * random.unit()
                try await Task.sleep(for: .seconds(seconds))
                process.kill()
                let result = try await process.end()
                let reached = try Stage.allCases.last { try status(of: $0, in: run) == .running }
                print("kill \(number + 1): aimed at \(stage), met \(reached.map { "\($0)" } ?? "none")")
                #expect(result.wasKilled, "seed \(seed): the run ended before it was killed in \(stage)")
            }
            let last = try await CommandLineTool.run(command("killed"), in: scratch)
            #expect(last.status == 0, "\(last.errors)")
            let outputs = try (Outputs(run), Outputs(scratch.appendingPathComponent("whole")))
            #expect(outputs.0.hashes == outputs.1.hashes, "seed \(seed)")
            #expect(outputs.0.results == outputs.1.results, "seed \(seed)")
            #expect(outputs.0.metrics == outputs.1.metrics, "seed \(seed)")
            let store = try RunStore(RunFolder(run).store)
            #expect(try store.finishedCount(group: "collect") == RunStore(RunFolder(scratch.appendingPathComponent("whole")).store).finishedCount(group: "collect"))
        }
    }
}
