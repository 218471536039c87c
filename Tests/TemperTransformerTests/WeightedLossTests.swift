import TemperCore
import Testing

@testable import TemperTransformer

@Suite("The loss with weights") struct WeightedLossTests {
    /// Every trained token weighs one of these.
    private func weighted(_ documents: [TokenDocument], _ choices: [Float]) -> [TokenDocument] {
        documents.map { document in
            var document = document
            document.weights = document.ids.indices.map { choices[$0 % choices.count] }
            return document
        }
    }

    /// The documents with only the tokens of one weight under the mask.
    private func part(_ documents: [TokenDocument], weighing weight: Float) -> [TokenDocument] {
        documents.map { document in
            let mask = document.ids.indices.map { document.weights?[$0] == weight ? document.mask[$0] : 0 }
            return TokenDocument(ids: document.ids, mask: mask)
        }
    }

    @Test(
        "Loss and gradient are the weighted mean over the tokens, whatever the passes, workers and precision",
        arguments: [(1, 64, Precision.fp32, 1e-5), (2, 2048, .fp32, 1e-5), (1, 2048, .bf16, 3e-2)])
    func weightedMean(workers: Int, rowsPerPass: Int, precision: Precision, tolerance: Double) throws {
        guard precision == .fp32 || Precision.auto.element == .bfloat16 else { return }
        let model = try GoldenModel.load(tied: true).model()
        let choices: [Float] = [2, 0.5, 1]
        let documents =
            weighted(randomDocuments([5, 100, 17, 64], vocabulary: 61, seed: 9), choices)
            + randomDocuments([33, 2, 80], vocabulary: 61, seed: 4)
        let engine = GradientEngine(model: model, precision: precision, workers: workers, rowsPerPass: rowsPerPass)
        let loss = try engine.lossAndGradient(of: documents)
        let single = GradientEngine(model: model, precision: precision, workers: 1)
        var (sum, weights, count) = (0.0, 0.0, 0)
        var gradients = model.tensors.map { [Double](repeating: 0, count: $0.shape.reduce(1, *)) }
        let plain = documents.filter { $0.weights == nil }
        var parts: [(weight: Float, documents: [TokenDocument])] = [(1, plain)]
        for weight in choices { parts.append((weight, part(documents.filter { $0.weights != nil }, weighing: weight))) }
        for (weight, documents) in parts {
            let part = try single.lossAndGradient(of: documents)
            sum += part.lossSum * Double(weight)
            weights += Double(part.tokenCount) * Double(weight)
            count += part.tokenCount
            for (index, tensor) in model.tensors.enumerated() {
                let share = Double(part.tokenCount) * Double(weight)
                for (place, value) in try #require(single.gradient(of: tensor.name)).enumerated() {
                    gradients[index][place] += Double(value) * share
                }
            }
        }
        #expect(loss.tokenCount == count && abs(loss.weightSum - weights) < 1e-9 * weights)
        #expect(abs(loss.lossSum - sum) <= tolerance * sum && abs(loss.mean - sum / weights) <= tolerance * loss.mean)
        for (index, tensor) in model.tensors.enumerated() {
            let expected = gradients[index].map { Float($0 / weights) }
            let error = relativeError(try #require(engine.gradient(of: tensor.name)), expected)
            #expect(error <= tolerance, "\(tensor.name): relative error \(error)")
        }
    }

    @Test("Weights of 1 change no bit, and only the ratio of weights matters to the gradient")
    func neutral() throws {
        let model = try GoldenModel.load(tied: false).model()
        let documents = randomDocuments([40, 90, 17], vocabulary: 61, seed: 2)
        let engine = GradientEngine(model: model, precision: .fp32, workers: 1)
        let loss = try engine.lossAndGradient(of: documents)
        let gradients = model.tensors.map { engine.gradient(of: $0.name) }
        #expect(try engine.lossAndGradient(of: weighted(documents, [1])) == loss)
        #expect(model.tensors.map { engine.gradient(of: $0.name) } == gradients)
        let doubled = try engine.lossAndGradient(of: weighted(documents, [2]))
        #expect(doubled.mean == loss.mean && doubled.tokenCount == loss.tokenCount)
        for (tensor, gradient) in zip(model.tensors, gradients) {
            #expect(relativeError(try #require(engine.gradient(of: tensor.name)), try #require(gradient)) <= 1e-5)
        }
    }
}
