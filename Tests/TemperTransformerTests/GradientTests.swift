import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct GradientTests {
    @Test("Loss and the gradient of every parameter agree with PyTorch on packed documents", arguments: [true, false])
    func agreesWithPyTorchGolden(tied: Bool) throws {
        let golden = try GoldenModel.load(tied: tied)
        let model = golden.model()
        #expect(Set(model.tensors.map(\.name)) == Set(golden.gradients.keys))
        let engine = GradientEngine(model: model, precision: .fp32, workers: 1)
        let loss = try engine.lossAndGradient(of: golden.tokenDocuments)
        #expect(loss.tokenCount == golden.tokenCount)
        #expect(abs(loss.lossSum - golden.lossSum) <= 1e-4 * golden.lossSum)
        for (name, expected) in golden.gradients {
            let error = relativeError(try #require(engine.gradient(of: name)), expected)
            #expect(error <= 1e-4, "\(name): relative error \(error)")
        }
    }

    @Test("Gradients agree with central differences of the loss", arguments: [true, false])
    func agreesWithFiniteDifferences(tied: Bool) throws {
        let golden = try GoldenModel.load(tied: tied)
        let model = golden.model(), documents = golden.tokenDocuments
        let engine = GradientEngine(model: model, precision: .fp32, workers: 1)
        let count = Double(try engine.lossAndGradient(of: documents).tokenCount)
        var random = RandomSource(seed: 5)
        for (name, shape) in model.tensors {
            // The derivative along a random direction sums over all elements, so that rounding matters little.
            let values = try #require(model.weights(of: name)), gradient = try #require(engine.gradient(of: name))
            let direction = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }
            let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let distance: Float = 4e-3
            let losses = try [1, -1, 2, -2].map { (steps: Float) in
                model.setWeights(zip(values, direction).map { $0 + steps * distance * $1 }, of: name)
                return try engine.loss(of: documents).lossSum / count
            }
            model.setWeights(values, of: name)
            // Of fourth order, so that the distance can be far above the rounding.
            let measured = (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / Double(12 * distance)
            #expect(abs(measured - expected) <= 1e-4 * abs(expected) + 5e-5, "\(name): \(measured) measured, \(expected) derived")
        }
    }

    @Test("Packing, passes and workers do not change loss or gradient", arguments: [(1, 64), (2, 128), (3, 2048)])
    func packedEqualsUnpacked(workers: Int, rowsPerPass: Int) throws {
        let model = try GoldenModel.load(tied: true).model()
        let documents = randomDocuments([5, 100, 17, 64, 33, 2, 80], vocabulary: 61, seed: 9)
        let count = documents.reduce(0) { $0 + $1.trainedCount }
        let packed = GradientEngine(model: model, precision: .fp32, workers: workers, rowsPerPass: rowsPerPass)
        let loss = try packed.lossAndGradient(of: documents)
        #expect(loss.tokenCount == count)
        let single = GradientEngine(model: model, precision: .fp32, workers: 1)
        var sum = 0.0
        var gradients = model.tensors.map { [Double](repeating: 0, count: $0.shape.reduce(1, *)) }
        for document in documents {
            let part = try single.lossAndGradient(of: [document])
            sum += part.lossSum
            for (index, tensor) in model.tensors.enumerated() {
                let gradient = try #require(single.gradient(of: tensor.name))
                // A document's own gradient is of the mean over its tokens; the step's is token-weighted.
                for (place, value) in gradient.enumerated() {
                    gradients[index][place] += Double(value) * Double(part.tokenCount) / Double(count)
                }
            }
        }
        #expect(abs(loss.lossSum - sum) <= 1e-5 * sum)
        for (index, tensor) in model.tensors.enumerated() {
            let error = relativeError(try #require(packed.gradient(of: tensor.name)), gradients[index].map { Float($0) })
            #expect(error <= 1e-5, "\(tensor.name): relative error \(error)")
        }
    }

    @Test("The same step gives the same gradient bit for bit", arguments: [Precision.fp32, .auto])
    func deterministic(precision: Precision) throws {
        let model = try GoldenModel.load(tied: false).model()
        let documents = randomDocuments([90, 30, 61, 12], vocabulary: 61, seed: 2)
        let engines = (0..<2).map { _ in GradientEngine(model: model, precision: precision, workers: 2, rowsPerPass: 64) }
        // The first engine has other work behind it: nothing of it may remain.
        _ = try engines[0].lossAndGradient(of: randomDocuments([128, 128, 7], vocabulary: 61, seed: 3))
        let losses = try engines.map { try $0.lossAndGradient(of: documents) }
        #expect(losses[0] == losses[1])
        for tensor in model.tensors {
            #expect(engines[0].gradient(of: tensor.name) == engines[1].gradient(of: tensor.name), "\(tensor.name)")
        }
    }

    @Test("bf16 products give a loss and gradient close to fp32's", .enabled(if: Precision.hasFastBFloat16))
    func bfloat16IsClose() throws {
        let golden = try GoldenModel.load(tied: true)
        let model = golden.model()
        let engine = GradientEngine(model: model, precision: .bf16, workers: 2)
        let loss = try engine.lossAndGradient(of: golden.tokenDocuments)
        #expect(abs(loss.lossSum - golden.lossSum) <= 0.005 * golden.lossSum)
        for (name, expected) in golden.gradients {
            let error = relativeError(try #require(engine.gradient(of: name)), expected)
            #expect(error <= 0.03, "\(name): relative error \(error)")
        }
    }

    @Test("A step by kind of layer accounts for every product and for all of the time", arguments: [1, 2])
    func layersOfAStep(workers: Int) throws {
        let configuration = ModelConfiguration(
            vocabularySize: 96, width: 48, feedForwardWidth: 64, layerCount: 2, headCount: 6, keyValueHeadCount: 2,
            contextLength: 128)
        let model = TransformerModel(configuration: configuration, seed: 1)
        let engine = GradientEngine(model: model, precision: .fp32, workers: workers)
        let optimiser = AdamW(model: model, settings: AdamW.Settings())
        // 64 rows predict a token each.
        let document = TokenDocument(ids: Array(repeating: 3, count: 65), mask: [0] + Array(repeating: 1, count: 64))
        let before = model.fingerprint
        let step = try engine.measure([document], optimiser, learningRate: 1e-3)
        #expect(model.fingerprint != before)
        func operations(_ kind: LayerKind) -> Double? { step.shares.first { $0.kind == kind }?.operations }
        // Forward, the gradient of what entered, the gradient of the weights.
        let product = 3 * 2 * 64.0
        #expect(operations(.attentionInput) == 2 * product * 48 * 80)
        #expect(operations(.attentionOutput) == 2 * product * 48 * 48)
        #expect(operations(.gateUp) == 2 * product * 48 * 128)
        #expect(operations(.down) == 2 * product * 64 * 48)
        #expect(operations(.head) == product * 48 * 96)
        // Two products forward and five backward for each head of width 8, over the 64·65/2 pairs
        // of rows of which one sees the other.
        let attention: Double = 2 * 2 * 7 * 6 * 8 * 2080
        #expect(operations(.attention) == attention)
        #expect(step.shares.allSatisfy { $0.seconds >= 0 })
        #expect(abs(step.shares.reduce(0) { $0 + $1.seconds } - step.seconds) <= 0.01 * step.seconds + 1e-4)
    }

    @Test("Documents that do not fit the model are refused with the reason")
    func refusesWhatDoesNotFit() throws {
        let engine = GradientEngine(model: try GoldenModel.load(tied: true).model(), precision: .fp32, workers: 1)
        func message(_ document: TokenDocument) -> String {
            do {
                _ = try engine.loss(of: [document])
                return "accepted"
            } catch { return TemperError.describe(error) }
        }
        let long = TokenDocument(ids: Array(repeating: 1, count: 129), mask: Array(repeating: 0, count: 129))
        #expect(message(long) == "document 0 of a step has 129 tokens, the model's context 128")
        #expect(
            message(TokenDocument(ids: [1, 61], mask: [0, 1]))
                == "document 0 of a step has the token 61, the model's vocabulary 61 tokens")
    }
}
