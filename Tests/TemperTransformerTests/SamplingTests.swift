import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// Runs requests that are enqueued at the given steps and returns the replies in the order of the requests.
private func run(
    _ engine: SamplingEngine, _ requests: [SamplingRequest], arrivingAt steps: [Int]? = nil
) throws -> [SampledReply] {
    var replies: [Int: SampledReply] = [:]
    var tickets: [Int] = Array(repeating: 0, count: requests.count)
    var step = 0, enqueued = 0
    while enqueued < requests.count || !engine.isIdle {
        for (index, request) in requests.enumerated() where (steps?[index] ?? 0) == step {
            tickets[index] = try engine.enqueue(request)
            enqueued += 1
        }
        for (ticket, reply) in engine.step() { replies[ticket] = reply }
        step += 1
        precondition(step < 10_000, "the engine does not come to an end")
    }
    return try tickets.map { try #require(replies[$0]) }
}

/// Weights large enough that the next token depends on the context.
private func livelyModel(context: Int = 512) -> TransformerModel {
    let configuration = ModelConfiguration(
        vocabularySize: 97, width: 48, feedForwardWidth: 64, layerCount: 3, headCount: 6, keyValueHeadCount: 2,
        contextLength: context, tiesEmbeddings: false)
    let model = TransformerModel(configuration: configuration, seed: 4)
    for (name, _) in model.tensors where !name.contains("norm") {
        model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
    }
    return model
}

private func engine(
    _ model: TransformerModel, _ precision: Precision = .fp32, workers: Int = 2, cacheBytes: Int = 1 << 28
) -> SamplingEngine {
    SamplingEngine(model: model, precision: precision, workers: workers, cacheBytes: cacheBytes) { [UInt8($0)] }
}

private func randomPrompts(_ lengths: [Int], seed: UInt64) -> [[Int32]] {
    randomDocuments(lengths, vocabulary: 97, seed: seed).map(\.ids)
}

@Suite struct SamplingTests {
    @Test("Greedy decoding with a cache draws what recomputing the whole sequence each time would draw")
    func cacheEqualsRecomputation() throws {
        let model = livelyModel()
        let reference = GradientEngine(model: model, precision: .fp32, workers: 1, computesGradient: false)
        let prompts = randomPrompts([1, 7, 64, 65, 200], seed: 1)
        let replies = try run(engine(model), prompts.map { SamplingRequest(prompt: $0, maximumNewTokens: 12) })
        for (prompt, reply) in zip(prompts, replies) {
            #expect(reply.finish == .length)
            #expect(reply.ids.count == 12)
            var ids = prompt
            for drawn in reply.ids {
                let logits = try reference.logits(of: ids).suffix(97)
                let best = try #require(logits.max())
                #expect(Int(drawn) == logits.firstIndex(of: best).map { $0 - logits.startIndex })
                ids.append(drawn)
            }
        }
        #expect(Set(replies.flatMap(\.ids)).count > 5, "a model that always says the same proves nothing")
    }

    @Test(
        "A reply is the same bit for bit alone, in a crowd, late, on any number of workers and over any cache",
        arguments: testedPrecisions)
    func batchInvariance(precision: Precision) throws {
        let model = livelyModel()
        // At this temperature the slightest difference of a logit would sooner or later change a draw.
        let prompts = randomPrompts([3, 150, 40, 90, 16, 33, 129, 70], seed: 2)
        let requests = prompts.enumerated().map { index, prompt in
            SamplingRequest(prompt: prompt, maximumNewTokens: 40, temperature: 1.5, topP: 0.95, seed: UInt64(index))
        }
        let alone = try requests.flatMap { try run(engine(model, precision, workers: 1), [$0]) }
        let crowd = try run(engine(model, precision, workers: 2), requests)
        let late = try run(engine(model, precision, workers: 3), requests, arrivingAt: [9, 4, 0, 2, 30, 1, 0, 17])
        #expect(alone.map(\.ids) == crowd.map(\.ids))
        #expect(alone.map(\.ids) == late.map(\.ids))
        // The conversation goes on: prompt, reply and more, with the cache of the first part or without.
        let longer = zip(requests, alone).map { request, reply in
            SamplingRequest(
                prompt: request.prompt + reply.ids + [5, 6, 7], maximumNewTokens: 20, temperature: 1.5, seed: request.seed)
        }
        let warm = engine(model, precision)
        _ = try run(warm, requests)
        let continued = try run(warm, longer)
        let fresh = try longer.flatMap { try run(engine(model, precision), [$0]) }
        #expect(continued.map(\.ids) == fresh.map(\.ids))
        for (reply, request) in zip(continued, requests) { #expect(reply.reusedTokens >= request.prompt.count + 39) }
        #expect(fresh.allSatisfy { $0.reusedTokens == 0 })
    }

    @Test("Logits are the same bit for bit in a tile of one and in a full one", arguments: testedPrecisions)
    func logitsDoNotDependOnTheBatch(precision: Precision) throws {
        let model = livelyModel()
        let weights = OperandWeights(model, precision.element, inPanels: true), rotary = RotaryTable(model.configuration)
        let shape = CacheShape(model.configuration, precision.element), team = WorkerTeam(2)
        let buffers = SamplingBuffers(model.configuration, precision.element, rows: 256, wanted: 16)
        let networks = (0..<2).map { SamplingNetwork(weights, rotary, shape, team, worker: $0, buffers) }
        func slice(_ ids: [Int32]) -> SamplingPass.Slice {
            var cache = KeyValueCache()
            cache.append(ids, shape)
            return SamplingPass.Slice(cache: cache, start: 0, promptCount: ids.count, logitRows: 1)
        }
        func logits(_ slices: [SamplingPass.Slice]) -> [Float] {
            let pass = SamplingPass(slices)
            team.run { networks[$0].run(pass) }
            return Array(UnsafeBufferPointer(start: buffers.logits.floats, count: 97 * slices.count))
        }
        let prompts = randomPrompts([5, 20, 1, 77, 130], seed: 8)
        let together = logits(prompts.map(slice))
        for (index, prompt) in prompts.enumerated() {
            #expect(logits([slice(prompt)]) == Array(together[97 * index..<97 * (index + 1)]))
        }
    }

    @Test("Requests that arrive together share the beginning they have in common")
    func sharedPrefixIsComputedOnce() throws {
        let model = livelyModel()
        let beginning = randomPrompts([200], seed: 3)[0]
        let prompts = (0..<6).map { beginning + [Int32($0), 1, 2] }
        let replies = try run(engine(model), prompts.map { SamplingRequest(prompt: $0, maximumNewTokens: 5) })
        #expect(replies.filter { $0.reusedTokens >= 200 }.count == 5)
        let alone = try prompts.flatMap { try run(engine(model), [SamplingRequest(prompt: $0, maximumNewTokens: 5)]) }
        #expect(replies.map(\.ids) == alone.map(\.ids))
    }

    @Test("A full pool drops old caches and still answers alike")
    func boundedPool() throws {
        let model = livelyModel()
        let small = engine(model, cacheBytes: 1)
        let request = SamplingRequest(prompt: randomPrompts([100], seed: 6)[0], maximumNewTokens: 8)
        let large = SamplingRequest(prompt: randomPrompts([500], seed: 7)[0], maximumNewTokens: 8)
        let first = try run(small, [request])
        _ = try run(small, [large])
        let second = try run(small, [request])
        #expect(first == second)
        #expect(second[0].reusedTokens == 0)
    }

    @Test("A reply under choices is exactly one of them")
    func choices() throws {
        let model = livelyModel()
        let choices: [[Int32]] = [[10, 11, 12], [10, 11], [10, 13], [20], [10, 11, 12, 14, 15]]
        var seen: Set<[Int32]> = []
        for seed in 0..<40 {
            let prompt = randomPrompts([9], seed: UInt64(seed))[0]
            let request = SamplingRequest(
                prompt: prompt, maximumNewTokens: 1, temperature: seed % 2 == 0 ? 0 : 3, seed: UInt64(seed), stopIDs: [2],
                choices: choices)
            let reply = try run(engine(model), [request])[0]
            #expect(choices.contains(reply.ids), "seed \(seed): \(reply.ids)")
            #expect(reply.finish == .stop)
            seen.insert(reply.ids)
        }
        #expect(seen.count >= 3)
    }

    @Test("A reply ends before a stop string, even one that spans tokens, and at a stop token")
    func stops() throws {
        let model = livelyModel()
        let prompt = randomPrompts([30], seed: 12)[0]
        let free = try run(engine(model), [SamplingRequest(prompt: prompt, maximumNewTokens: 12)])[0]
        #expect(free.bytes == free.ids.map { UInt8($0) })
        let stop = Array(free.bytes[4..<7])
        let start = try #require((0...9).first { Array(free.bytes[$0..<$0 + 3]) == stop })
        let cut = try run(engine(model), [SamplingRequest(prompt: prompt, maximumNewTokens: 12, stopStrings: [[200], stop])])[0]
        #expect(cut.bytes == Array(free.bytes[..<start]))
        #expect(cut.finish == .stop)
        let place = try #require(free.ids.firstIndex(of: free.ids[5]))
        let ended = try run(engine(model), [SamplingRequest(prompt: prompt, maximumNewTokens: 12, stopIDs: [free.ids[5]])])[0]
        #expect(ended.ids == Array(free.ids[..<place]))
        #expect(ended.finish == .stop)
    }

    @Test("Draws follow the softmax, and a nucleus keeps the fewest tokens that hold its mass")
    func distribution() {
        let logits: [Float] = [1, 3, 0, 2]
        let weights = logits.map { exp(Double($0)) }
        func frequencies(topP: Double) -> [Double] {
            var chooser = TokenChooser(temperature: 1, topP: topP, seed: 3)
            var counts = [0.0, 0, 0, 0]
            for _ in 0..<20_000 { counts[Int(logits.withUnsafeBufferPointer { chooser.choose($0) })] += 1 }
            return counts.map { $0 / 20_000 }
        }
        for (frequency, weight) in zip(frequencies(topP: 1), weights) {
            #expect(abs(frequency - weight / weights.reduce(0, +)) < 0.015)
        }
        // 3 alone has 64 % of the mass, 3 and 2 have 88 %.
        let nucleus = frequencies(topP: 0.8)
        #expect(nucleus[0] == 0 && nucleus[2] == 0)
        #expect(abs(nucleus[1] - weights[1] / (weights[1] + weights[3])) < 0.015)
        #expect(frequencies(topP: 0.6)[1] == 1)
    }

    @Test("A cancelled request disappears and the others go on")
    func cancellation() throws {
        let model = livelyModel()
        let prompts = randomPrompts([20, 30], seed: 5)
        let alone = try run(engine(model), [SamplingRequest(prompt: prompts[1], maximumNewTokens: 10)])
        let engine = engine(model)
        let tickets = try prompts.map { try engine.enqueue(SamplingRequest(prompt: $0, maximumNewTokens: 10)) }
        var replies: [Int: SampledReply] = [:]
        for step in 0..<20 {
            if step == 4 { engine.cancel(tickets[0]) }
            for (ticket, reply) in engine.step() { replies[ticket] = reply }
        }
        #expect(engine.isIdle)
        #expect(Array(replies.keys) == [tickets[1]])
        #expect(replies[tickets[1]]?.ids == alone[0].ids)
    }

    @Test("A prompt that leaves no room for a reply is refused, a reply ends with the context")
    func contextLimit() throws {
        let model = livelyModel(context: 32)
        let long = SamplingRequest(prompt: Array(repeating: 1, count: 32), maximumNewTokens: 4)
        do {
            _ = try engine(model).enqueue(long)
            Issue.record("the prompt was accepted")
        } catch let error as TemperError {
            #expect(error.message == "the prompt has 32 tokens and does not fit the model's context of 32")
            #expect(error.code == .data && error.boundary == .policy)
        }
        let reply = try run(engine(model), [SamplingRequest(prompt: Array(repeating: 1, count: 30), maximumNewTokens: 9)])[0]
        #expect(reply.ids.count == 2 && reply.finish == .length)
    }
}
