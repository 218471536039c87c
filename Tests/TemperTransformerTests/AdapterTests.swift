import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// A low-rank adapter of the untied golden model with what peft computes; see Tests/Golden/lora.py.
private struct GoldenAdapter: Decodable {
    var options: AdapterOptions
    var lossSum: Double
    var tokenCount: Int
    var weights: [String: [Float]]
    var gradients: [String: [Float]]
    var logitsHead: [Float]

    enum CodingKeys: String, CodingKey {
        case options, weights, gradients
        case lossSum = "loss_sum"
        case tokenCount = "token_count"
        case logitsHead = "logits_head"
    }

    static func load(_ name: String) throws -> GoldenAdapter {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        return try JSONDecoder().decode(
            GoldenAdapter.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    }

    func adapter(for model: TransformerModel) throws -> Adapter {
        let adapter = try Adapter(for: model, options, seed: 1)
        for (name, values) in weights { adapter.setWeights(values, of: name) }
        return adapter
    }
}

/// An adapter with random A and B that changes its model a good deal.
func livelyAdapter(
    for model: TransformerModel, _ options: AdapterOptions = AdapterOptions(rank: 4, alpha: 8), seed: UInt64 = 5,
    scale: Double = 0.2
) throws -> Adapter {
    let adapter = try Adapter(for: model, options, seed: seed)
    for (name, shape) in adapter.tensors {
        var random = RandomSource(seed: seed, name)
        adapter.setWeights((0..<shape.reduce(1, *)).map { _ in Float(random.normal() * scale) }, of: name)
    }
    return adapter
}

func engineSettings(workers: Int = 1, _ change: (inout GradientEngine.Settings) -> Void = { _ in }) -> GradientEngine.Settings {
    var settings = GradientEngine.Settings()
    settings.workers = workers
    change(&settings)
    return settings
}

private let goldenNames = ["lora-all", "lora-some"]

@Suite struct AdapterTests {
    @Test("Loss, logits and the gradients of A and B agree with peft", arguments: goldenNames)
    func agreesWithPeftGolden(name: String) throws {
        let golden = try GoldenAdapter.load(name), base = try GoldenModel.load(tied: false)
        let model = base.model(), adapter = try golden.adapter(for: model)
        #expect(Set(adapter.tensors.map(\.name)) == Set(golden.gradients.keys))
        let engine = GradientEngine(model: model, adapter: adapter, precision: .fp32, engineSettings())
        let loss = try engine.lossAndGradient(of: base.tokenDocuments)
        #expect(loss.tokenCount == golden.tokenCount)
        #expect(abs(loss.lossSum - golden.lossSum) <= 1e-4 * golden.lossSum)
        #expect(abs(golden.lossSum - base.lossSum) > 0.5, "an adapter that changes nothing proves nothing")
        for (name, expected) in golden.gradients {
            let error = relativeError(try #require(engine.gradient(of: name)), expected)
            #expect(error <= 1e-4, "\(name): relative error \(error)")
        }
        let logits = try engine.logits(of: base.documents[0].ids).suffix(golden.logitsHead.count)
        #expect((zip(logits, golden.logitsHead).map { abs($0 - $1) }.max() ?? .infinity) <= 1e-4)
    }

    @Test("bf16 products give an adapter's gradient close to fp32's", .enabled(if: Precision.hasFastBFloat16))
    func bfloat16IsCloseGolden() throws {
        let golden = try GoldenAdapter.load("lora-all"), base = try GoldenModel.load(tied: false)
        let model = base.model().frozen(as: .bf16), adapter = try golden.adapter(for: model)
        let engine = GradientEngine(model: model, adapter: adapter, precision: .bf16, engineSettings(workers: 2))
        let loss = try engine.lossAndGradient(of: base.tokenDocuments)
        #expect(abs(loss.lossSum - golden.lossSum) <= 0.005 * golden.lossSum)
        for (name, expected) in golden.gradients {
            let error = relativeError(try #require(engine.gradient(of: name)), expected)
            #expect(error <= 0.04, "\(name): relative error \(error)")
        }
    }

    @Test("A fresh adapter changes no logit, a tuned one does; merged equals unmerged, unmerging gives the base back")
    func mergedEqualsUnmerged() throws {
        let model = try GoldenModel.load(tied: false).model()
        let ids = randomDocuments([50], vocabulary: 61, seed: 4)[0].ids
        func logits(_ model: TransformerModel, _ adapter: Adapter? = nil) throws -> [Float] {
            try GradientEngine(model: model, adapter: adapter, precision: .fp32, engineSettings { $0.computesGradient = false })
                .logits(of: ids)
        }
        let base = try logits(model)
        #expect(try logits(model, Adapter(for: model, AdapterOptions(), seed: 1)) == base)
        for options in [
            AdapterOptions(rank: 4, alpha: 8),
            AdapterOptions(rank: 5, alpha: 3, targets: ["q_proj", "o_proj"], rankStabilised: true),
        ] {
            let merged = model.frozen(as: .fp32), adapter = try livelyAdapter(for: model, options)
            adapter.merge(into: merged)
            let unmerged = try logits(model, adapter)
            #expect(relativeError(try logits(merged), unmerged) <= 1e-5)
            #expect(relativeError(base, unmerged) > 0.05)
            adapter.merge(into: merged, sign: -1)
            for (name, _) in model.tensors {
                #expect(relativeError(merged.weights(of: name) ?? [], model.weights(of: name) ?? [1]) <= 1e-6, "\(name)")
            }
        }
    }

    @Test("Gradients under dropout agree with central differences of the loss", arguments: [true, false])
    func dropoutAgreesWithFiniteDifferences(isFull: Bool) throws {
        let golden = try GoldenModel.load(tied: true)
        let model = golden.model(), documents = golden.tokenDocuments
        let adapter =
            isFull ? nil : try livelyAdapter(for: model, AdapterOptions(rank: 4, alpha: 8, dropout: 0.3))
        let engine = GradientEngine(
            model: model, adapter: adapter, precision: .fp32, engineSettings { ($0.hiddenDropout, $0.seed) = (0.2, 3) })
        let count = Double(try engine.lossAndGradient(of: documents, step: 7).tokenCount)
        let tensors = adapter?.tensors ?? model.tensors
        let gradients = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, engine.gradient(of: $0.name) ?? []) })
        func set(_ values: [Float], _ name: String) {
            if let adapter { adapter.setWeights(values, of: name) } else { model.setWeights(values, of: name) }
        }
        var random = RandomSource(seed: 5)
        for (name, shape) in tensors {
            let values = try #require(adapter?.weights(of: name) ?? model.weights(of: name))
            let direction = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }
            let expected = zip(gradients[name] ?? [], direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let distance: Float = 2e-3
            var losses: [Double] = []
            for sign: Float in [1, -1] {
                set(zip(values, direction).map { $0 + sign * distance * $1 }, name)
                losses.append(try engine.lossAndGradient(of: documents, step: 7).lossSum / count)
            }
            set(values, name)
            let measured = (losses[0] - losses[1]) / Double(2 * distance)
            #expect(abs(measured - expected) <= 0.01 * abs(expected) + 3e-4, "\(name): \(measured) measured, \(expected) derived")
        }
    }

    @Test("What is dropped follows from seed, step and document, not from packing, passes or workers")
    func dropoutIsDeterministic() throws {
        let model = try GoldenModel.load(tied: false).model()
        let adapter = try livelyAdapter(for: model, AdapterOptions(rank: 4, alpha: 8, dropout: 0.5))
        let documents = randomDocuments([5, 100, 17, 64, 33, 2, 80], vocabulary: 61, seed: 9)
        func engine(_ workers: Int, _ rows: Int, seed: UInt64 = 1) -> GradientEngine {
            GradientEngine(
                model: model, adapter: adapter, precision: .fp32,
                engineSettings(workers: workers) { ($0.rowsPerPass, $0.hiddenDropout, $0.seed) = (rows, 0.3, seed) })
        }
        let reference = engine(1, 2048)
        let loss = try reference.lossAndGradient(of: documents, step: 2)
        for (workers, rows) in [(2, 128), (3, 64)] {
            let other = engine(workers, rows)
            #expect(abs(try other.lossAndGradient(of: documents, step: 2).lossSum - loss.lossSum) <= 1e-5 * loss.lossSum)
            for tensor in adapter.tensors {
                let error = relativeError(
                    other.gradient(of: tensor.name) ?? [], try #require(reference.gradient(of: tensor.name)))
                #expect(error <= 1e-4, "\(tensor.name): \(error)")
            }
        }
        #expect(try engine(1, 2048).lossAndGradient(of: documents, step: 2) == loss)
        let others = [
            try engine(1, 2048).lossAndGradient(of: documents, step: 3),
            try engine(1, 2048, seed: 2).lossAndGradient(of: documents, step: 2), try reference.loss(of: documents),
        ]
        for other in others { #expect(abs(other.lossSum - loss.lossSum) > 0.01) }
    }

    @Test("Activations that are computed again give the same gradient bit for bit", arguments: testedPrecisions)
    func recomputation(precision: Precision) throws {
        let model = try GoldenModel.load(tied: false).model()
        let documents = randomDocuments([90, 30, 61, 12], vocabulary: 61, seed: 2)
        for adapter in [nil, try livelyAdapter(for: model, AdapterOptions(rank: 4, alpha: 8, dropout: 0.2))] {
            let engines = [false, true].map { recomputes in
                GradientEngine(
                    model: model, adapter: adapter, precision: precision,
                    engineSettings(workers: 2) {
                        ($0.recomputesActivations, $0.hiddenDropout, $0.rowsPerPass) = (recomputes, 0.1, 64)
                    })
            }
            let losses = try engines.map { try $0.lossAndGradient(of: documents, step: 1) }
            #expect(losses[0] == losses[1])
            for tensor in adapter?.tensors ?? model.tensors {
                #expect(engines[0].gradient(of: tensor.name) == engines[1].gradient(of: tensor.name), "\(tensor.name)")
            }
        }
    }

    @Test(
        "Tuning an adapter lowers the loss, leaves the frozen weights bit for bit alone and needs state for the adapter only",
        arguments: WeightStorage.allCases)
    func tuning(storage: WeightStorage) throws {
        let model = try GoldenModel.load(tied: false).model().frozen(as: storage)
        let adapter = try Adapter(for: model, AdapterOptions(rank: 8, alpha: 16, dropout: 0.05), seed: 1)
        let engine = GradientEngine(model: model, adapter: adapter, engineSettings(workers: 2))
        let optimiser = AdamW(adapter: adapter, settings: AdamW.Settings())
        #expect(optimiser.moment1.byteCount == 4 * adapter.layout.count)
        #expect(engine.gradient?.byteCount == 4 * adapter.layout.count)
        let before = model.fingerprint
        let documents = randomDocuments([60, 40, 50], vocabulary: 61, seed: 8)
        let first = try engine.loss(of: documents).mean
        for step in 0..<30 {
            _ = try engine.lossAndGradient(of: documents, step: step)
            #expect(optimiser.update(engine, learningRate: 1e-2).isFinite)
        }
        #expect(try engine.loss(of: documents).mean < first - 0.5)
        #expect(model.fingerprint == before)
    }

    @Test("A target that no layer has, and impossible options, are refused by name")
    func refusedOptions() throws {
        let model = try GoldenModel.load(tied: true).model()
        func message(_ options: AdapterOptions) -> String { errorText { try Adapter(for: model, options, seed: 1) } }
        #expect(
            message(AdapterOptions(targets: ["q_proj", "query"]))
                == "'targets' names 'query', which is not a linear layer that can have an adapter")
        #expect(message(AdapterOptions(rank: 0)) == "'rank' is 0; it must be in 1…4096")
        #expect(message(AdapterOptions(dropout: 1)) == "'dropout' is 1; it must be at least 0 and below 1")
        #expect(message(AdapterOptions(targets: [])) == "'targets' names no layer")
        let one = try Adapter(for: model, AdapterOptions(targets: ["layers.1.mlp.up_proj"]), seed: 1)
        #expect(one.layout.parts == ["model.layers.1.mlp.up_proj"])
        #expect(try Adapter(for: model, AdapterOptions(), seed: 1).layout.parts.count == 14)
    }

    @Test("A fresh adapter draws A uniformly within 1/√inputs and starts B at zero")
    func initialisation() throws {
        let model = try GoldenModel.load(tied: true).model()
        let adapters = try [1, 1, 2].map { try Adapter(for: model, AdapterOptions(rank: 64), seed: $0) }
        #expect(adapters[0].fingerprint == adapters[1].fingerprint && adapters[0].fingerprint != adapters[2].fingerprint)
        for (name, shape) in adapters[0].tensors {
            let values = adapters[0].weights(of: name) ?? []
            guard name.hasSuffix("lora_A.weight") else {
                #expect(values.allSatisfy { $0 == 0 })
                continue
            }
            let bound = 1 / Float(shape[1]).squareRoot()
            #expect((values.map { abs($0) }.max() ?? 1) <= bound)
            let deviation = (values.reduce(0.0) { $0 + Double($1 * $1) } / Double(values.count)).squareRoot()
            #expect(abs(deviation / Double(bound) - 1 / 3.0.squareRoot()) < 0.05, "\(name)")
        }
    }
}
