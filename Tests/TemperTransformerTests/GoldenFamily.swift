import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// A tiny model of one family with what transformers computes from it; see Tests/Golden/families.py.
struct GoldenFamily: Decodable {
    struct Document: Decodable {
        var ids: [Int32]
        var mask: [UInt8]
    }

    /// `config.json` as transformers 5 and as version 4 writes it.
    var config: JSONValue
    var oldConfig: JSONValue
    var shapes: [String: [Int]]
    var documents: [Document]
    var lossSum: Double
    var tokenCount: Int
    /// Every so many elements of each gradient are in the file.
    var gradientStride: [String: Int]
    var gradients: [String: [Float]]
    /// The last rows of the first document's logits.
    var logitsTail: [Float]
    var prompts: [[Int32]]
    var continuations: [[Int32]]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/Families")

    /// The names of the files there are.
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func load(_ name: String) throws -> GoldenFamily {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let text = path.last?.stringValue ?? ""
            let words = text.split(separator: "_")
            // Only the file's own keys: names of tensors and options stay as they are.
            guard path.count == 1, words.count > 1 else { return Key(text) }
            return Key(words[0] + words.dropFirst().map(\.capitalized).joined())
        }
        return try decoder.decode(GoldenFamily.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int?

        init(_ text: some StringProtocol) { stringValue = String(text) }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
    }

    func configuration() throws -> ModelConfiguration { try ModelConfiguration(json: config, place: "config.json") }

    func model() throws -> TransformerModel {
        let model = TransformerModel(configuration: try configuration(), seed: 0)
        for (name, shape) in model.tensors { model.setWeights(Self.weights(name, shape.reduce(1, *)), of: name) }
        return model
    }

    var tokenDocuments: [TokenDocument] { documents.map { TokenDocument(ids: $0.ids, mask: $0.mask) } }

    /// The formula of Tests/Golden/families.py: FNV-1a of the name, then SplitMix64; exact in bf16.
    static func weights(_ name: String, _ count: Int) -> [Float] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { index in
            var z = state &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            let value = Int((z ^ (z >> 31)) >> 40)
            if name.contains("norm") { return 1 + Float(value % 63 - 31) / 128 }
            return Float(value % 319 - 159) / (name.contains("o_proj") || name.contains("down_proj") ? 256 : 512)
        }
    }
}
