import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// A tiny model with losses, gradients and logits from transformers; see Tests/Golden/engine.py.
struct GoldenModel: Decodable {
    struct Document: Decodable {
        var ids: [Int32]
        var mask: [UInt8]
    }

    var tied: Bool
    var lossSum: Double
    var tokenCount: Int
    var documents: [Document]
    var weights: [String: [Float]]
    var gradients: [String: [Float]]
    var logitsHead: [Float]

    enum CodingKeys: String, CodingKey {
        case tied, documents, weights, gradients
        case lossSum = "loss_sum"
        case tokenCount = "token_count"
        case logitsHead = "logits_head"
    }

    static func load(tied: Bool) throws -> GoldenModel {
        let name = tied ? "engine-tied.json" : "engine-untied.json"
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        return try JSONDecoder().decode(GoldenModel.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func configuration(tied: Bool) -> ModelConfiguration {
        ModelConfiguration(
            vocabularySize: 61, width: 16, feedForwardWidth: 24, layerCount: 2, headCount: 4, keyValueHeadCount: 2, headWidth: 8,
            contextLength: 128, normEpsilon: 1e-5, rotaryBase: 10_000, tiesEmbeddings: tied)
    }

    func model() -> TransformerModel {
        let model = TransformerModel(configuration: Self.configuration(tied: tied), seed: 0)
        for (name, values) in weights { model.setWeights(values, of: name) }
        return model
    }

    var tokenDocuments: [TokenDocument] { documents.map { TokenDocument(ids: $0.ids, mask: $0.mask) } }
}

/// ‖a − b‖ / ‖b‖.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    guard values.count == expected.count else { return .infinity }
    var difference = 0.0, norm = 0.0
    for (value, other) in zip(values, expected) {
        difference += Double(value - other) * Double(value - other)
        norm += Double(other) * Double(other)
    }
    return (difference / max(norm, 1e-30)).squareRoot()
}

/// Documents of random tokens, about half of them trained.
func randomDocuments(_ lengths: [Int], vocabulary: Int, seed: UInt64) -> [TokenDocument] {
    var random = RandomSource(seed: seed)
    return lengths.map { length in
        let ids = (0..<length).map { _ in Int32(random.index(below: vocabulary)) }
        let mask = (0..<length).map { UInt8($0 > 0 && random.chance(0.5) ? 1 : 0) }
        return TokenDocument(ids: ids, mask: mask)
    }
}

/// What this CPU computes products in.
let testedPrecisions: [Precision] = Precision.hasFastBFloat16 ? [.fp32, .bf16] : [.fp32]
let testedElements: [Element] = Precision.hasFastBFloat16 ? [.float32, .bfloat16] : [.float32]
