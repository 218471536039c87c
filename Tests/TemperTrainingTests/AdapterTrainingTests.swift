import Foundation
import TemperCore
import TemperTransformer
import Testing

@testable import TemperTraining

private struct Stopped: Error {}

private let configuration = ModelConfiguration(
    vocabularySize: 50, width: 32, feedForwardWidth: 48, layerCount: 2, headCount: 4, keyValueHeadCount: 2, contextLength: 64)

private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
}

/// Documents that repeat a random start, so that there is something to learn.
private func copyingDataset(_ count: Int, seed: UInt64) -> TokenDataset {
    var random = RandomSource(seed: seed)
    return TokenDataset(
        documents: (0..<count).map { _ in
            let half = (0..<6 + random.index(below: 8)).map { _ in Int32(1 + random.index(below: 20)) }
            return TokenDocument(
                ids: half + [0] + half, mask: Array(repeating: 0, count: half.count + 1) + Array(repeating: 1, count: half.count))
        })
}

private func plan() -> TrainingPlan {
    var plan = TrainingPlan()
    plan.learningRate = 1e-2
    plan.tokensPerStep = 200
    plan.epochs = 2
    plan.seed = 3
    plan.weightDecay = 0
    return plan
}

@Suite struct AdapterTrainingTests {
    @Test(
        "A run that tunes an adapter, interrupted and resumed, ends with the same bytes as one that was not",
        arguments: [Precision.fp32, .auto], [WeightStorage.bf16, .int8])
    func resumeIsByteIdentical(precision: Precision, storage: WeightStorage) throws {
        try withFolder { folder in
            let base = folder.appendingPathComponent("base")
            try TransformerModel(configuration: configuration, seed: 1).save(folder: base)
            let dataset = copyingDataset(60, seed: 1)
            func job(_ name: String) -> NativeJob {
                var plan = plan()
                plan.hiddenDropout = 0.1
                var job = NativeJob(
                    base: .folder(base), output: folder.appendingPathComponent(name), plan: plan,
                    heldOut: copyingDataset(5, seed: 2))
                job.tuning = .lora(Tuning.LowRank(AdapterOptions(rank: 4, alpha: 8, dropout: 0.2), base: storage))
                job.options.precision = precision
                job.options.recomputeActivations = storage == .int8
                job.workers = 2
                return job
            }
            let whole = try TrainLoop.run(job("whole"), dataset: dataset)
            var interrupted = job("interrupted")
            interrupted.options.checkpointSeconds = 0
            var resumedAt: [Int] = []
            var result: TrainingResult?
            let checkpoint = interrupted.output.appendingPathComponent("checkpoint.safetensors")
            for stop in [4, 5, 11, Int.max] {
                do {
                    result = try TrainLoop.run(interrupted, dataset: dataset) { event in
                        if case .step(let step) = event, step.step == stop { throw Stopped() }
                        if case .resumed(let step) = event { resumedAt.append(step) }
                    }
                } catch is Stopped {
                    #expect(stop != Int.max)
                    let names = try SafetensorsFile(contentsOf: checkpoint).tensors.map(\.name)
                    #expect(names.count == 3 * 28 && names.allSatisfy { $0.contains(".lora_") })
                }
            }
            #expect(resumedAt == [3, 4, 10])
            #expect(result?.heldOutLossAfter == whole.heldOutLossAfter)
            for file in ["adapter_model.safetensors", "adapter_config.json"] {
                let first = try Data(contentsOf: folder.appendingPathComponent("whole").appendingPathComponent(file))
                #expect(first == (try Data(contentsOf: interrupted.output.appendingPathComponent(file))), "\(file)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: interrupted.output.path).sorted()
            #expect(left == ["adapter_config.json", "adapter_model.safetensors"])
        }
    }

    @Test("An adapter learns, its folder gives the loss that training reported, and the base stays as it was")
    func learns() throws {
        try withFolder { folder in
            let base = folder.appendingPathComponent("base"), output = folder.appendingPathComponent("tuned")
            let model = TransformerModel(configuration: configuration, seed: 1)
            // Weights large enough for logits that differ.
            for (name, _) in model.tensors where !name.contains("norm") {
                model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
            }
            try model.save(folder: base, precision: .bf16)
            try Data("{}".utf8).write(to: base.appendingPathComponent("tokenizer.json"))
            let weights = try Data(contentsOf: base.appendingPathComponent("model.safetensors"))
            var job = NativeJob(base: .folder(base), output: output, plan: plan(), heldOut: copyingDataset(20, seed: 2))
            job.tuning = .lora(Tuning.LowRank(AdapterOptions(rank: 8, alpha: 16)))
            var evaluations: [LossSum] = []
            var parameters = 0
            let result = try TrainLoop.run(job, dataset: copyingDataset(200, seed: 1)) { event in
                if case .evaluation(_, let loss) = event { evaluations.append(loss) }
                if case .started(_, let count, _) = event { parameters = count }
            }
            let before = try #require(result.heldOutLossBefore), after = try #require(result.heldOutLossAfter)
            #expect(after < before - 0.5, "\(before) → \(after)")
            #expect(parameters == 2 * 8 * ((32 + 32) + 2 * (32 + 16) + (32 + 32) + 2 * (32 + 48) + (48 + 32)))
            #expect(try SequenceLoss.evaluate(folder: output, copyingDataset(20, seed: 2)) == evaluations.last)
            #expect(try Data(contentsOf: base.appendingPathComponent("model.safetensors")) == weights)
            #expect(FileManager.default.fileExists(atPath: output.appendingPathComponent("tokenizer.json").path))
            let again = NativeJob(base: .folder(output), output: folder.appendingPathComponent("again"), plan: plan())
            #expect(throws: TemperError.self) { try TrainLoop.run(again, dataset: copyingDataset(20, seed: 1)) }
        }
    }

    @Test("One and two threads differ by at most 1e-3 in loss over 50 steps, dropout included", arguments: [true, false])
    func threads(isAdapter: Bool) throws {
        try withFolder { folder in
            var losses: [[Double]] = []
            for workers in [1, 2] {
                var plan = plan()
                plan.learningRate = 3e-3
                plan.epochs = 10
                plan.maximumSteps = 50
                plan.hiddenDropout = 0.1
                var job = NativeJob(
                    base: .fresh(configuration, seed: 9), output: folder.appendingPathComponent("\(workers)"), plan: plan)
                if isAdapter { job.tuning = .lora(Tuning.LowRank(AdapterOptions(rank: 4, alpha: 8, dropout: 0.2), base: .int8)) }
                job.options.precision = .fp32
                job.workers = workers
                var own: [Double] = []
                try TrainLoop.run(job, dataset: copyingDataset(60, seed: 1)) {
                    if case .step(let step) = $0 { own.append(step.loss) }
                }
                losses.append(own)
            }
            #expect(losses[0].count == 50)
            let worst = zip(losses[0], losses[1]).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= 1e-3, "\(worst)")
        }
    }

    @Test("A recipe's tuning reads in its short and long forms and back")
    func coding() throws {
        func decode(_ text: String) throws -> Tuning { try JSONDecoder().decode(Tuning.self, from: Data(text.utf8)) }
        #expect(try decode(#""full""#) == .full)
        #expect(try decode(#""lora""#) == .lora(Tuning.LowRank()))
        let long = try decode(#"{"lora": {"rank": 4, "targets": "q_proj", "base": "int8", "rslora": true}}"#)
        #expect(long == .lora(Tuning.LowRank(AdapterOptions(rank: 4, targets: ["q_proj"], rankStabilised: true), base: .int8)))
        for tuning in [Tuning.full, long] {
            #expect(try JSONDecoder().decode(Tuning.self, from: JSONEncoder.stable().encode(tuning)) == tuning)
        }
        for text in [#""half""#, "{}", "3", #"{"lora": {"base": "int4"}}"#] {
            #expect(throws: TemperError.self, "\(text)") { try decode(text) }
        }
        #expect(Tuning.lora(Tuning.LowRank(AdapterOptions(rank: 0))).problem == "'rank' is 0; it must be in 1…4096")
    }
}
