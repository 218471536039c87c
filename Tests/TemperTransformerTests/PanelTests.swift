import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// A model whose matrices all come out even in panels.
private func evenModel(tied: Bool = true, vocabulary: Int = 96) -> TransformerModel {
    let model = TransformerModel(
        configuration: ModelConfiguration(
            vocabularySize: vocabulary, width: 48, feedForwardWidth: 64, layerCount: 3, headCount: 6, keyValueHeadCount: 2,
            contextLength: 512, tiesEmbeddings: tied), seed: 4)
    for (name, _) in model.tensors where !name.contains("norm") {
        model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
    }
    return model
}

/// The logits after each of some prompts, computed in one pass by a team.
private func sampledLogits(_ model: TransformerModel, _ prompts: [[Int32]], workers: Int, tile: Int) -> [[Float]] {
    let weights = OperandWeights(model, .bfloat16, inPanels: true), shape = CacheShape(model.configuration, .bfloat16)
    let team = WorkerTeam(workers), vocabulary = model.configuration.vocabularySize
    let buffers = SamplingBuffers(model.configuration, .bfloat16, rows: 512, wanted: 16)
    let rotary = RotaryTable(model.configuration)
    let networks = (0..<workers).map { SamplingNetwork(weights, rotary, shape, team, worker: $0, buffers) }
    let pass = SamplingPass(
        prompts.map { prompt in
            var cache = KeyValueCache()
            cache.append(prompt, shape)
            return SamplingPass.Slice(cache: cache, start: 0, promptCount: prompt.count, logitRows: 1)
        }, tile: tile)
    team.run { networks[$0].run(pass) }
    return prompts.indices.map {
        Array(UnsafeBufferPointer(start: buffers.logits.floats + $0 * vocabulary, count: vocabulary))
    }
}

@Suite("Panels", .enabled(if: Precision.hasFastBFloat16))
struct PanelTests {
    private let prompts = randomDocuments([5, 20, 1, 77, 130], vocabulary: 96, seed: 8).map(\.ids)

    @Test("Sampling gives the logits of the training pass to within bf16's rounding", arguments: [true, false])
    func agreesWithTraining(tied: Bool) throws {
        let model = evenModel(tied: tied)
        let engine = GradientEngine(model: model, precision: .fp32, workers: 1, computesGradient: false)
        for (prompt, logits) in zip(prompts, sampledLogits(model, prompts, workers: 2, tile: 1)) {
            let error = relativeError(logits, Array(try engine.logits(of: prompt).suffix(96)))
            #expect(error <= 0.02, "\(prompt.count) tokens: \(error)")
        }
    }

    @Test("Neither company, nor filler rows, nor the number of workers change a bit", arguments: [1, 2, 3])
    func independentOfCompany(workers: Int) {
        let model = evenModel()
        #expect(OperandWeights(model, .bfloat16, inPanels: true).isAllInPanels)
        let alone = prompts.map { sampledLogits(model, [$0], workers: 1, tile: 1)[0] }
        #expect(sampledLogits(model, prompts, workers: workers, tile: 1) == alone)
        #expect(sampledLogits(model, prompts, workers: workers, tile: 16) == alone)
    }

    @Test("A bfloat16 model is rearranged in place, and all else still reads it")
    func inPlace() throws {
        let frozen = evenModel().frozen(as: .bf16), untouched = evenModel().frozen(as: .bf16)
        let bytes = frozen.byteCount, whole = untouched.frozen(as: .fp32)
        let logits = [frozen, whole].map { sampledLogits($0, prompts, workers: 2, tile: 1) }
        #expect(logits[0] == logits[1])
        #expect(frozen.byteCount == bytes)
        for (name, _) in frozen.tensors { #expect(frozen.weights(of: name) == untouched.weights(of: name), "\(name)") }
        let losses = try [frozen, untouched].map {
            try GradientEngine(model: $0, precision: .bf16, workers: 2, computesGradient: false).loss(
                of: randomDocuments([40, 90], vocabulary: 96, seed: 3)
            ).lossSum
        }
        #expect(abs(losses[0] - losses[1]) <= 1e-4 * losses[1])
    }
}
