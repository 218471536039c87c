import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct FamilyTests {
    @Test("There is a golden file of every family")
    func everyFamilyGolden() throws {
        let families = try GoldenFamily.names.map { try GoldenFamily.load($0).configuration().family }
        #expect(Set(families) == Set(ModelFamily.allCases))
        #expect(GoldenFamily.names.count >= 14, "run python Tests/Golden/families.py")
    }

    @Test("Both spellings of a configuration say the same, and it reads back as it was written", arguments: GoldenFamily.names)
    func configurationGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let configuration = try golden.configuration()
        #expect(try ModelConfiguration(json: golden.oldConfig, place: "old") == configuration)
        let written = try JSONValue.parse(configuration.text(storedAs: "float32"), named: "written")
        #expect(try ModelConfiguration(json: written, place: "written") == configuration)
        let shapes = Dictionary(uniqueKeysWithValues: TransformerModel(configuration: configuration, seed: 1).tensors.map { $0 })
        #expect(shapes == golden.shapes)
    }

    @Test("Logits agree with transformers' in fp32 and bf16", arguments: GoldenFamily.names)
    func logitsGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let model = try golden.model()
        for precision in testedPrecisions {
            let engine = GradientEngine(model: model, precision: precision, workers: 1, computesGradient: false)
            let logits = try engine.logits(of: golden.documents[0].ids).suffix(golden.logitsTail.count)
            let error = relativeError(Array(logits), golden.logitsTail)
            #expect(error <= (precision == .fp32 ? 1e-4 : 2e-2), "\(precision): relative error \(error)")
        }
    }

    @Test("Loss and the gradient of every parameter agree with PyTorch's", arguments: GoldenFamily.names)
    func gradientsGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let model = try golden.model()
        let engine = GradientEngine(model: model, precision: .fp32, workers: 1)
        let loss = try engine.lossAndGradient(of: golden.tokenDocuments)
        #expect(loss.tokenCount == golden.tokenCount)
        #expect(abs(loss.lossSum - golden.lossSum) <= 1e-4 * golden.lossSum)
        #expect(Set(golden.gradients.keys) == Set(model.tensors.map(\.name)))
        for (tensor, expected) in golden.gradients {
            let all = try #require(engine.gradient(of: tensor)), step = try #require(golden.gradientStride[tensor])
            let sample = stride(from: 0, to: all.count, by: step).map { all[$0] }
            let error = relativeError(sample, expected)
            #expect(error <= 1e-4, "\(tensor): relative error \(error)")
        }
    }

    @Test("Greedy continuations of 64 tokens are transformers'", arguments: GoldenFamily.names)
    func continuationsGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let engine = SamplingEngine(model: try golden.model(), precision: .fp32, workers: 2) { [UInt8($0)] }
        for _ in 0..<2 {
            // The second round finds what the first has cached.
            let tickets = try golden.prompts.map { try engine.enqueue(SamplingRequest(prompt: $0, maximumNewTokens: 64)) }
            var replies: [Int: [Int32]] = [:]
            while !engine.isIdle {
                for (ticket, reply) in engine.step() { replies[ticket] = reply.ids }
            }
            #expect(tickets.map { replies[$0] ?? [] } == golden.continuations)
        }
    }

    @Test("A folder in bf16 and in shards gives the model back", arguments: GoldenFamily.names)
    func foldersGolden(name: String) throws {
        let model = try GoldenFamily.load(name).model()
        try withTemporaryFolder { folder in
            // The weights are exact in bf16.
            try model.save(folder: folder, precision: .bf16, maximumFileBytes: 20_000)
            let loaded = try TransformerModel(folder: folder)
            #expect(loaded.configuration == model.configuration)
            #expect(loaded.hasSameWeights(as: model))
        }
    }

    @Test("Recomputed activations give the same gradient bit for bit", arguments: GoldenFamily.names)
    func recomputationGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let model = try golden.model()
        let engines = [false, true].map { recomputes in
            GradientEngine(model: model, adapter: nil, precision: .fp32, engineSettings { $0.recomputesActivations = recomputes })
        }
        let losses = try engines.map { try $0.lossAndGradient(of: golden.tokenDocuments) }
        #expect(losses[0] == losses[1])
        for (tensor, _) in model.tensors { #expect(engines[0].gradient(of: tensor) == engines[1].gradient(of: tensor)) }
    }

    @Test(
        "An adapter beside its base computes what it computes merged, and a frozen base what an fp32 one computes",
        arguments: GoldenFamily.names)
    func adaptersGolden(name: String) throws {
        let golden = try GoldenFamily.load(name)
        let model = try golden.model(), ids = golden.documents[0].ids
        let settings = engineSettings { $0.computesGradient = false }
        func logits(_ model: TransformerModel, _ adapter: Adapter?) throws -> [Float] {
            try GradientEngine(model: model, adapter: adapter, precision: .fp32, settings).logits(of: ids)
        }
        let plain = try logits(model, nil)
        #expect(try logits(model.frozen(as: .bf16), nil) == plain)
        let adapter = try livelyAdapter(for: model, scale: 0.05)
        let beside = try logits(model, adapter)
        #expect(relativeError(beside, plain) > 0.01)
        // What trains beside a model with biases and norms is the adapter alone.
        let trainer = GradientEngine(model: model, adapter: adapter, precision: .fp32, engineSettings())
        _ = try trainer.lossAndGradient(of: golden.tokenDocuments)
        adapter.merge(into: model)
        #expect(relativeError(try logits(model, nil), beside) <= 1e-5)
    }

    @Test("Reads, computes and saves checkpoints for the interop tier", .enabled(if: Self.interopFolder != nil))
    func familiesForInterop() throws {
        let root = try #require(Self.interopFolder)
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            let folder = root.appendingPathComponent(name)
            let request = try JSONValue.parse(
                Data(contentsOf: folder.appendingPathComponent("request.json")), named: "request.json")
            func ids(_ key: String) -> [Int32] { (request[key]?.array ?? []).compactMap(\.number).map { Int32($0) } }
            let model = try TransformerModel(folder: folder)
            var answer: [String: JSONValue] = [:]
            for precision in testedPrecisions {
                let engine = GradientEngine(model: model, precision: precision, workers: 1, computesGradient: false)
                answer[precision.rawValue] = .array(try engine.logits(of: ids("ids")).map { .number(Double($0)) })
            }
            let engine = SamplingEngine(model: model, precision: .fp32) { [UInt8($0)] }
            _ = try engine.enqueue(SamplingRequest(prompt: ids("prompt"), maximumNewTokens: 64))
            while !engine.isIdle {
                for (_, reply) in engine.step() {
                    answer["continuation"] = .array(reply.ids.map { .number(Double($0)) })
                }
            }
            try JSONEncoder.stable().encode(JSONValue.object(answer)).write(to: folder.appendingPathComponent("temper.json"))
            try model.save(folder: folder.appendingPathComponent("saved"))
            try model.save(folder: folder.appendingPathComponent("saved-sharded"), maximumFileBytes: 60_000)
            try model.save(folder: folder.appendingPathComponent("saved-bf16"), precision: .bf16)
        }
    }

    /// `TEMPER_INTEROP_FAMILIES`: where Tests/Interop/test_families.py puts its checkpoints.
    private static var interopFolder: URL? {
        ProcessInfo.processInfo.environment["TEMPER_INTEROP_FAMILIES"].map { URL(fileURLWithPath: $0, isDirectory: true) }
    }
}
