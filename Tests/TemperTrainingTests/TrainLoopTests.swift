import Foundation
import TemperCore
import TemperTransformer
import Testing

@testable import TemperTraining

private struct Stopped: Error {}

private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

private let configuration = ModelConfiguration(
    vocabularySize: 50, width: 32, feedForwardWidth: 48, layerCount: 2, headCount: 4, keyValueHeadCount: 2, contextLength: 64)

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
    plan.learningRate = 3e-3
    plan.tokensPerStep = 200
    plan.epochs = 2
    plan.evaluateEvery = 5
    plan.seed = 3
    return plan
}

@Suite struct TrainLoopTests {
    @Test("A run that is interrupted and resumed ends with the same bytes", arguments: [Precision.fp32, .auto])
    func resumeIsByteIdentical(precision: Precision) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let dataset = copyingDataset(60, seed: 1)
        let plan = plan()
        func job(_ name: String) -> NativeJob {
            var job = NativeJob(
                base: .fresh(configuration, seed: 9), output: folder.appendingPathComponent(name), plan: plan,
                heldOut: copyingDataset(5, seed: 2))
            job.options.precision = precision
            job.workers = 2
            return job
        }
        let whole = try TrainLoop.run(job("whole"), dataset: dataset)

        var interrupted = job("interrupted")
        interrupted.options.checkpointSeconds = 0
        var resumedAt: [Int] = []
        // What a process killed while it wrote a checkpoint leaves behind.
        try FileManager.default.createDirectory(at: interrupted.output, withIntermediateDirectories: true)
        try Data([1]).write(to: interrupted.output.appendingPathComponent("checkpoint.safetensors.partial"))
        var result: TrainingResult?
        for stop in [4, 5, 11, Int.max] {
            do {
                result = try TrainLoop.run(interrupted, dataset: dataset) { event in
                    // Thrown after the update and before its checkpoint, as a kill would hit.
                    if case .step(let step) = event, step.step == stop { throw Stopped() }
                    if case .resumed(let step) = event { resumedAt.append(step) }
                }
            } catch is Stopped {
                #expect(stop != Int.max)
            }
        }
        #expect(resumedAt == [3, 4, 10])
        #expect(result?.steps == whole.steps)
        #expect(result?.heldOutLossBefore == whole.heldOutLossBefore)
        #expect(result?.heldOutLossAfter == whole.heldOutLossAfter)
        for file in ["model.safetensors", "config.json"] {
            let first = try Data(contentsOf: folder.appendingPathComponent("whole").appendingPathComponent(file))
            let second = try Data(contentsOf: folder.appendingPathComponent("interrupted").appendingPathComponent(file))
            #expect(first == second, "\(file)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("interrupted").path).sorted()
        #expect(left == ["config.json", "model.safetensors"])
    }

    @Test("Training learns, and its events tell the truth about it")
    func eventsAndLearning() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let dataset = copyingDataset(200, seed: 1)
        let job = NativeJob(
            base: .fresh(configuration, seed: 9), output: folder, plan: plan(), heldOut: copyingDataset(20, seed: 2))
        var steps: [TrainingEvent.Step] = []
        var evaluations: [(step: Int, loss: LossSum)] = []
        let result = try TrainLoop.run(job, dataset: dataset) { event in
            if case .step(let step) = event { steps.append(step) }
            if case .evaluation(let step, let loss) = event { evaluations.append((step, loss)) }
        }
        #expect(steps.map(\.step) == Array(1...result.steps))
        #expect(steps.allSatisfy { $0.totalSteps == result.steps })
        #expect(result.tokensSeen == 2 * dataset.tokenCount)
        #expect(result.trainedTokens == 2 * dataset.trainedCount)
        #expect(steps.last?.tokensSeen == result.tokensSeen)
        #expect(abs((steps.map(\.learningRate).max() ?? 0) - 3e-3) < 1e-9)
        #expect(abs((steps.last?.learningRate ?? 0) - 3e-4) < 1e-9)
        #expect(evaluations.map(\.step).prefix(3) == [0, 5, 10])
        #expect(evaluations.last?.step == result.steps)
        let before = try #require(result.heldOutLossBefore), after = try #require(result.heldOutLossAfter)
        #expect(before > 3.5 && after < before - 0.8, "\(before) → \(after)")
        let stored = try SequenceLoss.evaluate(folder: folder, copyingDataset(20, seed: 2))
        #expect(stored == evaluations.last?.loss)
    }

    @Test("Fine-tuning starts from a folder and takes its tokenizer along")
    func fineTuning() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let base = folder.appendingPathComponent("base"), output = folder.appendingPathComponent("tuned")
        try TransformerModel(configuration: configuration, seed: 1).save(folder: base, precision: .bf16)
        try Data("{}".utf8).write(to: base.appendingPathComponent("tokenizer.json"))
        var plan = plan()
        plan.maximumSteps = 3
        let result = try TrainLoop.run(
            NativeJob(base: .folder(base), output: output, plan: plan), dataset: copyingDataset(40, seed: 1))
        #expect(result.steps == 3)
        #expect(try Data(contentsOf: output.appendingPathComponent("tokenizer.json")) == Data("{}".utf8))
        let tuned = try TransformerModel(folder: output)
        #expect(tuned.configuration == configuration)
        #expect(!tuned.hasSameWeights(as: try TransformerModel(folder: base)))
    }

    @Test("Documents train in a shuffled order that the seed decides, each once per epoch")
    func order() throws {
        var dataset = copyingDataset(30, seed: 4)
        dataset.append(TokenDocument(ids: [1, 2, 3], mask: [0, 0, 0]))
        var sources = [3, 3, 4].map { ShuffledDataset(dataset, epochs: 2, seed: $0) }
        #expect(sources[0].count == 60)
        let orders = sources.indices.map { source in (0..<60).map { sources[source].document(at: $0) } }
        #expect(orders[0] == orders[1])
        #expect(orders[0] != orders[2])
        #expect(Array(orders[0][..<30]) != Array(orders[0][30...]))
        let documents = Set((0..<30).map(dataset.document))
        for order in orders { #expect(Set(order[..<30]) == documents && Set(order[30...]) == documents) }
    }

    @Test("Steps hold whole documents under the token budget, also when taken up in the middle")
    func batches() throws {
        let source = ShuffledDataset(copyingDataset(50, seed: 4), epochs: 1, seed: 1)
        var counted = source
        var batcher = Batcher(source, tokensPerStep: 100)
        var batches: [[TokenDocument]] = [], positions: [Int] = []
        while case let batch = try batcher.next(), !batch.isEmpty {
            #expect(batch.reduce(0) { $0 + $1.ids.count } <= 100)
            batches.append(batch)
            positions.append(batcher.position)
        }
        #expect(batches.joined().count == 50)
        #expect(try Batcher.stepCount(&counted, count: 50, tokensPerStep: 100) == batches.count)
        var resumed = Batcher(source, tokensPerStep: 100, position: positions[2])
        #expect(try resumed.next() == batches[3])
        var tiny = Batcher(source, tokensPerStep: 1)
        #expect(try tiny.next().count == 1)
    }

    @Test("A source without end trains for the plan's steps")
    func endlessSource() throws {
        struct Counting: DocumentSource {
            var count: Int? { nil }
            var fingerprint: String { "counting" }
            mutating func document(at index: Int) -> TokenDocument {
                TokenDocument(ids: (0..<20).map { Int32((index + $0) % 50) }, mask: [0] + Array(repeating: 1, count: 19))
            }
        }
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var plan = plan()
        let job = NativeJob(base: .fresh(configuration, seed: 9), output: folder, plan: plan)
        #expect(
            message { try TrainLoop.run(job, source: Counting()) } == "the documents have no end and the plan no 'maximum_steps'")
        plan.maximumSteps = 4
        let result = try TrainLoop.run(
            NativeJob(base: .fresh(configuration, seed: 9), output: folder, plan: plan), source: Counting())
        #expect(result.steps == 4 && result.tokensSeen == 4 * 200 && result.trainedTokens == 4 * 190)
    }

    private func message(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "no error"
        } catch { return TemperError.describe(error) }
    }

    @Test("Damaged and foreign checkpoints are refused by name")
    func damagedCheckpoints() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let dataset = copyingDataset(60, seed: 1)
        var job = NativeJob(base: .fresh(configuration, seed: 9), output: folder, plan: plan())
        job.options.checkpointSeconds = 0
        #expect(throws: Stopped.self) {
            try TrainLoop.run(job, dataset: dataset) { if case .step(let step) = $0, step.step == 3 { throw Stopped() } }
        }
        let file = folder.appendingPathComponent("checkpoint.safetensors")
        let good = try Data(contentsOf: file)
        var other = job
        other.plan.learningRate = 1e-5
        #expect(
            message { try TrainLoop.run(other, dataset: dataset) }
                == "\(file.path): the checkpoint belongs to a run with another plan, model or dataset")
        try good.prefix(good.count - 10).write(to: file)
        #expect(message { try TrainLoop.run(job, dataset: dataset) }.hasPrefix("\(file.path): tensor '"))
        var changed = good
        changed[changed.count - 1] ^= 1
        try changed.write(to: file)
        #expect(
            message { try TrainLoop.run(job, dataset: dataset) }
                == "\(file.path): the checkpoint's numbers are not those that were written")
        try Data("{}".utf8).write(to: file)
        #expect(
            message { try TrainLoop.run(job, dataset: dataset) }
                == "\(file.path): the file is too short for a safetensors header")
    }

    @Test("An impossible plan and an empty dataset are refused with the reason")
    func refusals() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var job = NativeJob(base: .fresh(configuration, seed: 9), output: folder, plan: plan())
        #expect(
            message { try TrainLoop.run(job, dataset: TokenDataset()) }
                == "there is nothing to train on: no document has a trained token")
        let long = TokenDataset(documents: [
            TokenDocument(ids: Array(repeating: 1, count: 65), mask: Array(repeating: 0, count: 64) + [1])
        ])
        #expect(message { try TrainLoop.run(job, dataset: long) } == "document 0 has 65 tokens, the model's context 64")
        job.plan.learningRate = -1
        #expect(message { try TrainLoop.run(job, dataset: TokenDataset()) } == "'learning_rate' is -1; it must be above 0")
        job.plan = plan()
        job.plan.warmupRatio = 2
        #expect(message { try TrainLoop.run(job, dataset: TokenDataset()) } == "'warmup_ratio' is 2; it must be in 0…1")
        job.plan = plan()
        job.options.checkpointSeconds = -1
        #expect(
            message { try TrainLoop.run(job, dataset: TokenDataset()) } == "'checkpoint_seconds' is -1; it must be in 0…86400")
    }

    @Test("A plan keeps its defaults for the keys a recipe leaves out, and reads back what it wrote")
    func planCoding() throws {
        let decoded = try JSONDecoder().decode(TrainingPlan.self, from: Data(#"{"learning_rate": 0.01, "epochs": 3}"#.utf8))
        var expected = TrainingPlan()
        expected.learningRate = 0.01
        expected.epochs = 3
        #expect(decoded == expected)
        expected.maximumSteps = 7
        expected.gradientClip = 0.5
        #expect(try JSONDecoder().decode(TrainingPlan.self, from: JSONEncoder.stable().encode(expected)) == expected)
    }

    @Test("The rate rises linearly, then falls along a cosine to its floor")
    func schedule() {
        let schedule = LearningRateSchedule(highest: 1, minimumRatio: 0.1, warmupSteps: 4, totalSteps: 15)
        #expect((0..<4).map(schedule.rate) == [0.25, 0.5, 0.75, 1])
        #expect(schedule.rate(at: 4) == 1)
        #expect(abs(schedule.rate(at: 9) - 0.55) < 1e-9)
        #expect(abs(schedule.rate(at: 14) - 0.1) < 1e-9)
    }
}
