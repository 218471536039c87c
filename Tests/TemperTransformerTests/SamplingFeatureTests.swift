import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// Weights large enough that the next token depends on the context.
private func livelyModel(context: Int = 512, vocabulary: Int = 97) -> TransformerModel {
    let configuration = ModelConfiguration(
        vocabularySize: vocabulary, width: 48, feedForwardWidth: 64, layerCount: 2, headCount: 6, keyValueHeadCount: 2,
        contextLength: context, tiesEmbeddings: false)
    let model = TransformerModel(configuration: configuration, seed: 4)
    for (name, _) in model.tensors where !name.contains("norm") {
        model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
    }
    return model
}

private func prompt(_ length: Int, seed: UInt64) -> [Int32] { randomDocuments([length], vocabulary: 97, seed: seed)[0].ids }

/// Everything that a run of requests gave.
private struct Outcome {
    var replies: [SampledReply] = []
    var pieces: [[SampledPiece]] = []
    /// The most memory of keys and values seen between steps.
    var peakBytes = 0
    var peakActive = 0
    var steps = 0
}

private func run(_ engine: SamplingEngine, _ requests: [SamplingRequest], streaming: Bool = false) throws -> Outcome {
    var outcome = Outcome(pieces: requests.map { _ in [] })
    let tickets = try requests.map { try engine.enqueue($0, streaming: streaming) }
    var replies: [Int: SampledReply] = [:]
    while !engine.isIdle {
        let finished = engine.step { ticket, piece in
            outcome.pieces[tickets.firstIndex(of: ticket) ?? 0].append(piece)
        }
        for (ticket, reply) in finished { replies[ticket] = reply }
        outcome.peakBytes = max(outcome.peakBytes, engine.state.cacheBytes)
        outcome.peakActive = max(outcome.peakActive, engine.state.active)
        outcome.steps += 1
        precondition(outcome.steps < 20_000, "the engine does not come to an end")
    }
    outcome.replies = try tickets.map { try #require(replies[$0]) }
    return outcome
}

@Suite struct SamplingFeatureTests {
    @Test(
        "Tokens and log-probabilities are the same bit for bit alone and among 31 others", arguments: testedPrecisions)
    func batchInvariantScores(precision: Precision) throws {
        let model = livelyModel()
        func engine(_ workers: Int) -> SamplingEngine {
            SamplingEngine(model: model, precision: precision, workers: workers) { [UInt8($0)] }
        }
        let requests = (0..<32).map { index in
            SamplingRequest(
                prompt: prompt(5 + 11 * index, seed: UInt64(index)), maximumNewTokens: 10 + index % 7, temperature: 1.4,
                topK: index % 3 == 0 ? 20 : 0, topP: 0.9, seed: UInt64(index), alternatives: 4,
                scoredFrom: index % 4 == 0 ? 2 : nil)
        }
        let crowd = try run(engine(2), requests).replies
        for index in [0, 3, 8, 17, 31] {
            let alone = try run(engine(1), [requests[index]]).replies[0]
            #expect(alone.ids == crowd[index].ids)
            #expect(alone.scores == crowd[index].scores)
            #expect(alone.promptScores == crowd[index].promptScores)
        }
    }

    @Test("Log-probabilities are those of the softmax over recomputed logits, for drawn and for given tokens")
    func scores() throws {
        let model = livelyModel()
        let reference = GradientEngine(model: model, precision: .fp32, workers: 1, computesGradient: false)
        let given = prompt(150, seed: 9)
        let request = SamplingRequest(
            prompt: given, maximumNewTokens: 6, temperature: 1, seed: 3, alternatives: 5, scoredFrom: 1)
        let reply = try run(SamplingEngine(model: model, precision: .fp32, workers: 2) { [UInt8($0)] }, [request]).replies[0]
        #expect(reply.promptScores.map(\.id) == Array(given.dropFirst()))
        #expect(reply.scores.map(\.id) == reply.ids)
        let all = given + reply.ids
        let logits = try reference.logits(of: all)
        for (position, score) in (reply.promptScores + reply.scores).enumerated() {
            let row = logits[97 * position..<97 * (position + 1)].map(Double.init)
            let norm = log(row.reduce(0) { $0 + exp($1) })
            #expect(abs(score.logProbability - (row[Int(all[position + 1])] - norm)) < 2e-4)
            let best = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(5)
            #expect(score.alternatives.map(\.id) == best.map { Int32($0) })
            #expect(zip(score.alternatives, best).allSatisfy { abs($0.logProbability - (row[$1] - norm)) < 2e-4 })
        }
    }

    @Test("Scoring alone draws nothing, and finds the beginning that an earlier sequence computed")
    func scoringOnly() throws {
        let model = livelyModel()
        let engine = SamplingEngine(model: model, precision: .fp32, workers: 2) { [UInt8($0)] }
        let start = prompt(200, seed: 1)
        let requests = (0..<4).map { index in
            SamplingRequest(prompt: start + prompt(30, seed: 100 + UInt64(index)), maximumNewTokens: 0, scoredFrom: 200)
        }
        let replies = try run(engine, requests).replies
        #expect(replies.allSatisfy { $0.ids.isEmpty && $0.promptScores.count == 30 && $0.finish == .length })
        #expect(replies.filter { $0.reusedTokens == 199 }.count == 3)
        let fresh = SamplingEngine(model: model, precision: .fp32, workers: 1) { [UInt8($0)] }
        #expect(try run(fresh, [requests[3]]).replies[0].promptScores == replies[3].promptScores)
        // A context that is full leaves no room to draw, but can be scored.
        let full = SamplingRequest(prompt: prompt(512, seed: 2), maximumNewTokens: 0, scoredFrom: 500)
        #expect(try run(engine, [full]).replies[0].promptScores.count == 12)
    }

    @Test("Of the most likely tokens only so many are drawn, and one is greedy")
    func topK() {
        let logits: [Float] = [1, 3, 0, 2, 2]
        func drawn(_ topK: Int, topP: Double = 1) -> Set<Int32> {
            var chooser = TokenChooser(temperature: 2, topK: topK, topP: topP, seed: 5)
            return Set((0..<2000).map { _ in logits.withUnsafeBufferPointer { chooser.choose($0) } })
        }
        #expect(drawn(0) == [0, 1, 2, 3, 4])
        #expect(drawn(1) == [1])
        // Of equals the lower id is kept.
        #expect(drawn(2) == [1, 3])
        #expect(drawn(3) == [1, 3, 4])
        #expect(drawn(9) == [0, 1, 2, 3, 4])
        #expect(drawn(3, topP: 0.5) == [1, 3])
    }

    @Test("Streamed pieces add up to the reply and show neither half characters nor beginnings of stop strings")
    func streaming() throws {
        let model = livelyModel()
        // Tokens of one byte each that spell text of two- and three-byte characters and of 'a', 'b', 'c'.
        let alphabet = Array("aé–bc€".utf8)
        let bytes: (Int32) -> [UInt8] = { [alphabet[Int($0) % alphabet.count]] }
        var held = 0
        for seed in 0..<30 {
            let engine = SamplingEngine(model: model, precision: .fp32, workers: 2, bytesOfToken: bytes)
            let request = SamplingRequest(
                prompt: prompt(12, seed: UInt64(seed)), maximumNewTokens: 60, temperature: 2, seed: UInt64(seed),
                stopStrings: [Array("abab".utf8), Array("cb€".utf8), Array("bc".utf8)], alternatives: 2)
            let outcome = try run(engine, [request], streaming: true)
            let reply = outcome.replies[0], pieces = outcome.pieces[0]
            #expect(pieces.flatMap(\.bytes) == reply.bytes, "seed \(seed)")
            #expect(pieces.flatMap(\.ids) == Array(reply.ids.prefix(reply.textTokenCount)), "seed \(seed)")
            #expect(pieces.flatMap(\.scores) == Array(reply.scores.prefix(reply.textTokenCount)), "seed \(seed)")
            if reply.finish == .stop { #expect(reply.textTokenCount < reply.ids.count) }
            held += outcome.steps - pieces.count
            // Streaming changes nothing of the reply.
            let plain = SamplingEngine(model: model, precision: .fp32, workers: 1, bytesOfToken: bytes)
            #expect(try run(plain, [request]).replies[0] == reply)
        }
        #expect(held > 100, "nothing was ever held back, which proves nothing")
    }

    @Test("What is held back is a started stop string or character, and no more")
    func heldText() {
        func settled(_ text: [UInt8], _ stops: String...) -> Int {
            HeldText.settledLength(text, stops: stops.map { Array($0.utf8) })
        }
        #expect(settled(Array("hello".utf8)) == 5)
        #expect(settled(Array("hello".utf8), "low") == 3)
        #expect(settled(Array("hell".utf8), "low") == 3)
        #expect(settled(Array("hello\nOb".utf8), "\nObservation:", "o\nO!") == 5)
        #expect(settled(Array("a€".utf8)) == 4)
        #expect(settled([0x61, 0xE2, 0x82]) == 1)
        #expect(settled([0x61, 0xE2]) == 1)
        #expect(settled([0xF0, 0x9F, 0x98]) == 0)
        #expect(settled([0xF0, 0x9F, 0x98, 0x80]) == 4)
        // What is no UTF-8 at all is not held for ever.
        #expect(settled([0x80, 0x80, 0x80, 0x80]) == 4)
        #expect(settled([0xFF]) == 1)
        #expect(settled([]) == 0)
    }

    @Test("Memory of keys and values stays below its bound; sequences pause for it and say what they would have said")
    func memoryBound() throws {
        let model = livelyModel(context: 256)
        func engine(_ bytes: Int) -> SamplingEngine {
            SamplingEngine(model: model, precision: .fp32, workers: 2, cacheBytes: bytes) { [UInt8($0)] }
        }
        let requests = (0..<10).map { index in
            SamplingRequest(
                prompt: prompt(20 + 17 * index, seed: UInt64(index)), maximumNewTokens: 60, temperature: 1.3, seed: UInt64(index),
                alternatives: 1, scoredFrom: index == 4 ? 1 : nil)
        }
        let wide = try run(engine(1 << 28), requests)
        let smallest = engine(1), bound = smallest.state.maximumCacheBytes
        #expect(wide.peakBytes > 3 * bound, "the bound was never near")
        let narrow = try run(smallest, requests)
        #expect(narrow.peakBytes <= bound)
        #expect(narrow.peakActive > 1)
        let middle = engine(3 * bound)
        let wider = try run(middle, requests)
        #expect(wider.peakBytes <= middle.state.maximumCacheBytes)
        for index in requests.indices {
            #expect(narrow.replies[index].ids == wide.replies[index].ids)
            #expect(narrow.replies[index].scores == wide.replies[index].scores)
            #expect(narrow.replies[index].promptScores == wide.replies[index].promptScores)
            #expect(wider.replies[index].ids == wide.replies[index].ids)
        }
    }

    @Test("A shared beginning is kept once, and freed with the last sequence that uses it")
    func sharedBlocks() throws {
        let model = livelyModel()
        let engine = SamplingEngine(model: model, precision: .fp32, workers: 2) { [UInt8($0)] }
        let start = prompt(256, seed: 3)
        let outcome = try run(
            engine, (0..<8).map { SamplingRequest(prompt: start + [Int32($0)], maximumNewTokens: 20) })
        let block = engine.shape.blockBytes
        // Four blocks of the beginning, and one of each sequence's own.
        #expect(outcome.peakBytes == (256 / CacheBlock.positions + 8) * block)
        engine.kept = []
        #expect(engine.state.cacheBytes == 0)
    }

    @Test("A long prompt does not hold up the replies of others")
    func fairness() throws {
        let model = livelyModel(context: 2048)
        let engine = SamplingEngine(model: model, precision: .fp32, workers: 1) { [UInt8($0)] }
        let short = try engine.enqueue(SamplingRequest(prompt: [1, 2, 3], maximumNewTokens: 12), streaming: true)
        _ = engine.step()
        let long = (0..<3).map { SamplingRequest(prompt: prompt(1200, seed: UInt64($0)), maximumNewTokens: 1) }
        for request in long { _ = try engine.enqueue(request) }
        for _ in 0..<8 {
            var reported: [Int] = []
            let before = engine.active.reduce(0) { $0 + $1.cache.count }
            _ = engine.step { ticket, _ in reported.append(ticket) }
            // One token for the reply, and never more than one chunk of prompts a worker.
            #expect(reported == [short])
            #expect(engine.active.reduce(0) { $0 + $1.cache.count } - before <= SamplingEngine.promptChunk + 1)
        }
    }
}
