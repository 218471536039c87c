import Foundation
import TemperCore
import TemperData
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("A killed run", .tags(.alone), .timeLimit(.minutes(5)))
struct KillTests {
    /// Everything that must be the same, times aside.
    private struct Outputs: Equatable {
        var hashes: [String: String]
        var results: JSONValue
        var metrics: [String]

        init(_ run: URL) throws {
            hashes = [:]
            for name in [
                "dataset/train.jsonl", "dataset/tokens.safetensors", "dataset/held_out.safetensors", "model/model.safetensors",
            ] {
                hashes[name] = try SHA256.hex(file: run.appendingPathComponent(name))
            }
            let evaluation = try JSONValue.parse(
                Data(contentsOf: run.appendingPathComponent("evaluation.json")), named: "evaluation")
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

    /// How far a run has come in a stage: finished episodes, training steps, or whether it began to curate.
    private func progress(of stage: Stage, in run: URL) throws -> Int {
        let folder = RunFolder(run)
        switch stage {
        case .train:
            guard FileManager.default.fileExists(atPath: folder.metrics.path) else { return 0 }
            return try String(contentsOf: folder.metrics, encoding: .utf8).components(separatedBy: #""kind":"step""#).count - 1
        case .collect, .evaluate:
            guard FileManager.default.fileExists(atPath: folder.manifest.path) else { return 0 }
            guard try Manifest.read(folder)?.stages[stage.rawValue] != nil else { return 0 }
            let store = try RunStore(folder)
            let groups = stage == .collect ? ["collect"] : ["evaluate/base", "evaluate/tuned", "evaluate/search-once"]
            return try groups.reduce(0) { try $0 + store.finishedCount(group: $1) }
        default: return try Manifest.read(folder)?.stages[stage.rawValue] == nil ? 0 : 1
        }
    }

    /// A file of test records that curation reads. As a pipe that nobody writes to it holds the run in the middle of curation,
    /// however fast the machine is.
    private func writeTestSet(_ file: URL, asPipe: Bool) throws {
        if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
        if asPipe {
            try #require(mkfifo(file.path, 0o600) == 0)
        } else {
            try Data(#"{"instruction": "Which of the two rivers is the longer one?", "output": "neither"}"#.utf8).write(to: file)
        }
    }

    @Test("kill -9 at five random moments, and the same command ends with the same bytes")
    func kills() async throws {
        try await Scratch.with { scratch in
            let tasks = 200
            let steps = 150
            _ = try TinyRecipe.write(to: scratch, tasks: tasks, steps: steps)
            func command(_ run: String) -> [String] {
                [
                    "run", "tiny.yaml", "--run", run, "--set", "train.native.checkpoint_seconds=0.02", "--set", "train.epochs=10",
                    "--set", "evaluate.policies=[base, tuned]", "--set", "evaluate.controls=[search-once]", "--set",
                    "evaluate.limit=24", "--set", "collect.concurrency=2", "--set", "evaluate.concurrency=4",
                    "--set", "curate.contamination.against=[tests.jsonl]",
                ]
            }
            let tests = scratch.appendingPathComponent("tests.jsonl")
            try writeTestSet(tests, asPipe: false)
            let whole = try await CommandLineTool.run(command("whole"), in: scratch)
            #expect(whole.status == 0, "\(whole.errors)")

            let run = scratch.appendingPathComponent("killed", isDirectory: true)
            let seed: UInt64 = 20
            var random = RandomSource(seed: seed, "kill")
            let moments: [(Stage, Range<Int>)] = [
                (.collect, 5..<(tasks - 50)), (.curate, 1..<2), (.train, 10..<60), (.train, 70..<130), (.evaluate, 2..<60),
            ]
            for (number, (stage, range)) in moments.enumerated() {
                let moment = range.lowerBound + random.index(below: range.count)
                let files = scratch.appendingPathComponent("files-\(number)")
                try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
                try writeTestSet(tests, asPipe: stage == .curate)
                let process = try CommandLineTool.Started(command("killed"), in: scratch, files: files)
                while process.isRunning, try progress(of: stage, in: run) < moment { try await Task.sleep(for: .milliseconds(1)) }
                try await Task.sleep(for: .milliseconds(5 * random.unit()))
                process.kill()
                let result = try await process.end()
                let manifest = try #require(try Manifest.read(RunFolder(run)))
                let met = Stage.allCases.first { manifest.stages[$0.rawValue]?.status == .running }
                print("kill \(number + 1): aimed at \(stage) \(moment), met \(met.map { "\($0)" } ?? "none")")
                #expect(result.wasKilled, "seed \(seed): the run ended before it was killed in \(stage)")
                #expect(met == stage, "seed \(seed)")
                if number == 3 { #expect(result.errors.contains("training goes on after step"), "\(result.errors)") }
            }
            let last = try await CommandLineTool.run(command("killed"), in: scratch)
            #expect(last.status == 0, "\(last.errors)")
            let outputs = try (Outputs(run), Outputs(scratch.appendingPathComponent("whole")))
            #expect(outputs.0.hashes == outputs.1.hashes, "seed \(seed)")
            #expect(outputs.0.results == outputs.1.results, "seed \(seed)")
            #expect(outputs.0.metrics == outputs.1.metrics, "seed \(seed)")
        }
    }
}
