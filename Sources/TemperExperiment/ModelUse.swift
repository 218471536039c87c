import Foundation
package import TemperCore
import TemperTokenizers
import TemperTransformer

/// Single uses of a model on the native engine: `temper generate`, `temper tokenize`, `temper loss`.
package enum ModelUse {
    package struct Generation: Codable, Sendable, Hashable {
        package var text: String
        package var tokenIDs: [Int32]
        package var finishReason: Completion.FinishReason

        enum CodingKeys: String, CodingKey {
            case text
            case tokenIDs = "token_ids"
            case finishReason = "finish_reason"
        }
    }

    /// - Parameter model: a folder, or a shipped name.
    package static func generate(
        model: String, prompt: String, maximumNewTokens: Int, temperature: Double, topP: Double, seed: UInt64
    ) async throws -> Generation {
        let loaded = try NativeLanguageModel(folder: ModelLocator.folder(for: model), name: model, locate: ModelLocator.folder)
        let request = try loaded.samplingRequest(
            for: CompletionRequest(
                messages: [Message(.user, prompt, by: .instruction)], maximumNewTokens: maximumNewTokens,
                temperature: temperature, topP: topP, seed: seed))
        let reply = try await loaded.sample(request)
        return Generation(
            text: String(decoding: reply.bytes, as: UTF8.self), tokenIDs: reply.ids,
            finishReason: reply.finish == .stop ? .stop : .length)
    }

    /// Plain text: no special token is recognised in it.
    package static func tokenize(model: String, text: String) throws -> [Int32] {
        try Tokenizer(folder: ModelLocator.folder(for: model)).encode(text)
    }

    /// Writes an adapter and its base as one model.
    ///
    /// - Parameters:
    ///   - output: a folder that does not exist yet.
    ///   - precision: how the merged weights are stored, `fp32` or `bf16`.
    package static func merge(adapter: String, output: String, precision: String) throws {
        guard let precision = TransformerModel.StoredPrecision(rawValue: precision) else {
            throw TemperError(.usage, "--precision must be fp32 or bf16")
        }
        guard !FileManager.default.fileExists(atPath: output) else {
            throw TemperError(.usage, "'\(output)' exists already", hint: "nothing is overwritten; choose another --out")
        }
        try StoredModel.merge(
            adapter: ModelLocator.folder(for: adapter), into: URL(fileURLWithPath: output, isDirectory: true),
            precision: precision, locate: ModelLocator.folder)
    }

    package struct Loss: Codable, Sendable, Hashable {
        /// Nats, over all trained tokens.
        package var lossSum: Double
        package var tokenCount: Int

        enum CodingKeys: String, CodingKey {
            case lossSum = "loss_sum"
            case tokenCount = "token_count"
        }
    }

    /// The loss of a model over the trained tokens of a dataset.
    ///
    /// - Parameters:
    ///   - dataset: a `.safetensors` file of tokens, or a folder that holds `tokens.safetensors`.
    ///   - precision: `fp32` or `bf16`.
    package static func loss(model: String, dataset: String, precision: String) throws -> Loss {
        guard let precision = Precision(rawValue: precision) else {
            throw TemperError(.usage, "--precision must be one of \(Precision.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        var url = URL(fileURLWithPath: dataset)
        if url.pathExtension != "safetensors" { url = url.appendingPathComponent("tokens.safetensors") }
        let sum = try SequenceLoss.evaluate(
            folder: ModelLocator.folder(for: model), TokenDataset(contentsOf: url), precision: precision,
            locate: ModelLocator.folder)
        return Loss(lossSum: sum.lossSum, tokenCount: sum.tokenCount)
    }
}
