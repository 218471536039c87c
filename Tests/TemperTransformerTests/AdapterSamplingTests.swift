import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct AdapterSamplingTests {
    private func run(_ engine: SamplingEngine, _ requests: [SamplingRequest]) throws -> [SampledReply] {
        let tickets = try requests.map { try engine.enqueue($0) }
        var replies: [Int: SampledReply] = [:]
        while !engine.isIdle { for (ticket, reply) in engine.step() { replies[ticket] = reply } }
        return try tickets.map { try #require(replies[$0]) }
    }

    private func model() -> TransformerModel {
        let configuration = ModelConfiguration(
            vocabularySize: 97, width: 48, feedForwardWidth: 64, layerCount: 2, headCount: 6, keyValueHeadCount: 2,
            contextLength: 512, tiesEmbeddings: false)
        let model = TransformerModel(configuration: configuration, seed: 4)
        for (name, _) in model.tensors where !name.contains("norm") {
            model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
        }
        return model
    }

    private func engine(_ model: TransformerModel, _ precision: Precision, workers: Int = 2) throws -> SamplingEngine {
        let engine = SamplingEngine(model: model, precision: precision, workers: workers) { [UInt8($0)] }
        engine.add(try livelyAdapter(for: model, seed: 1), named: "first")
        engine.add(
            try livelyAdapter(for: model, AdapterOptions(rank: 2, alpha: 4, targets: ["v_proj"]), seed: 2), named: "second")
        return engine
    }

    @Test(
        "Several adapters over one base in one batch: each reply is the one it has alone, bit for bit",
        arguments: testedPrecisions,
        WeightStorage.allCases)
    func severalAdapters(precision: Precision, storage: WeightStorage) throws {
        let model = model().frozen(as: storage)
        let prompts = randomDocuments([3, 70, 40, 90, 16, 33, 70, 70], vocabulary: 97, seed: 2).map(\.ids)
        let names: [String?] = [nil, "first", "second", "first", nil, "second", "first", "second"]
        let requests = prompts.indices.map { index in
            SamplingRequest(
                prompt: prompts[index], maximumNewTokens: 24, temperature: 1.5, seed: UInt64(index), adapter: names[index])
        }
        let together = try run(engine(model, precision), requests)
        let alone = try requests.flatMap { try run(engine(model, precision, workers: 1), [$0]) }
        #expect(together.map(\.ids) == alone.map(\.ids))
        // The same prompt under three names: three conversations, whose caches are not mixed up.
        let same = [nil, "first", "second", nil].map {
            SamplingRequest(prompt: prompts[3], maximumNewTokens: 24, temperature: 1.5, seed: 7, adapter: $0)
        }
        let replies = try run(engine(model, precision), same)
        #expect(Set(replies.map(\.ids)).count == 3 && replies[0].ids == replies[3].ids)
        #expect(try replies.map(\.ids) == same.flatMap { try run(engine(model, precision), [$0]) }.map(\.ids))
        let warm = try engine(model, precision)
        _ = try run(warm, [same[0]])
        #expect(try run(warm, [same[1]])[0] == replies[1])
        #expect(try run(warm, [same[1]])[0].reusedTokens > 80)
    }

    @Test("Sampling with an adapter draws what the merged model draws")
    func mergedAndUnmerged() throws {
        let model = model(), prompts = randomDocuments([30, 60], vocabulary: 97, seed: 3).map(\.ids)
        let unmerged = try run(
            engine(model, .fp32), prompts.map { SamplingRequest(prompt: $0, maximumNewTokens: 20, adapter: "first") })
        let merged = model.frozen(as: .fp32)
        try livelyAdapter(for: model, seed: 1).merge(into: merged)
        let expected = try run(engine(merged, .fp32), prompts.map { SamplingRequest(prompt: $0, maximumNewTokens: 20) })
        #expect(unmerged.map(\.ids) == expected.map(\.ids))
        let base = try run(engine(model, .fp32), prompts.map { SamplingRequest(prompt: $0, maximumNewTokens: 20) })
        #expect(unmerged.map(\.ids) != base.map(\.ids))
    }

    @Test("A name that no adapter has is refused")
    func unknownAdapter() throws {
        let engine = try engine(model(), .fp32)
        #expect(engine.adapterNames == ["first", "second"])
        #expect(
            errorText { try engine.enqueue(SamplingRequest(prompt: [1], maximumNewTokens: 1, adapter: "third")) }
                == "there is no adapter 'third'")
    }
}
