import Foundation
import TemperCore
import TemperTestSupport
import TemperTransformer
import Testing

@testable import TemperBenchmarks

/// A model whose next token depends on the context.
private func livelyModel(context: Int = 256) -> TransformerModel {
    TransformerModel(
        configuration: ModelConfiguration(
            vocabularySize: 90, width: 32, feedForwardWidth: 48, layerCount: 2, headCount: 4, keyValueHeadCount: 2,
            contextLength: context), seed: 6)
}

private func engine(_ model: TransformerModel) -> SamplingEngine {
    SamplingEngine(model: model, precision: .fp32, workers: 2) { _ in [] }
}

/// Episodes of unequal length, so that they join and leave at different steps.
private func workload(prefix: Int = 70, seed: UInt64 = 1) -> EpisodeWorkload {
    var random = RandomSource(seed: seed)
    func ids(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(random.index(below: 90)) } }
    let beginning = ids(prefix)
    let episodes = (0..<5).map { number in
        EpisodeWorkload.Episode(
            turns: (0...(number % 3)).map { turn in .init(read: ids(3 + 5 * number), write: 1 + (7 * turn + number) % 9) })
    }
    return EpisodeWorkload(prefix: beginning, episodes: episodes)
}

@Suite struct SamplingBenchmarkTests {
    @Test("A replay writes the same tokens as each turn asked for alone, and computes the common beginning once")
    func replayEqualsSeparateRequests() throws {
        let model = livelyModel(), workload = workload()
        let replay = try EpisodeReplay(workload, on: engine(model))
        var promptTokens = 0, ownTokens = 0
        for (episode, replies) in zip(workload.episodes, replay.ids) {
            var text = workload.prefix
            #expect(replies.count == episode.turns.count)
            for (turn, reply) in zip(episode.turns, replies) {
                text += turn.read
                promptTokens += text.count
                ownTokens += turn.read.count + turn.write
                let alone = engine(model)
                _ = try alone.enqueue(SamplingRequest(prompt: text, maximumNewTokens: turn.write))
                var ids: [Int32] = []
                while !alone.isIdle { ids += alone.step().flatMap(\.reply.ids) }
                #expect(reply == ids)
                #expect(reply.count == turn.write)
                text += reply
            }
        }
        #expect(replay.promptTokens == promptTokens)
        #expect(replay.promptTokens - replay.reusedTokens <= workload.prefix.count + ownTokens)
        #expect(Set(replay.ids.joined().joined()).count > 5, "a model that always says the same proves nothing")
    }

    @Test("Every run of the benchmark writes the same, and so does one stream")
    func runsAgree() async throws {
        try await Scratch.with { folder in
            let model = livelyModel(), workload = workload()
            try model.save(folder: folder)
            let result = try SamplingBenchmark.run(model: folder, workload: workload, precision: .fp32, runs: 2)
            #expect(result.ids == (try EpisodeReplay(workload, on: engine(model)).ids))
            #expect(result.seconds.count == 2 && result.episodesPerMinute > 0)
            #expect(result.writtenTokens == result.ids.joined().joined().count)
            let single = try SamplingBenchmark.runSingle(model: folder, workload: workload, precision: .fp32, runs: 1)
            #expect(single.ids.count == 1 + SamplingBenchmark.singleTokens)
            let alone = engine(model)
            _ = try alone.enqueue(SamplingRequest(prompt: workload.prefix, maximumNewTokens: single.ids.count))
            var ids: [Int32] = []
            while !alone.isIdle { ids += alone.step().flatMap(\.reply.ids) }
            #expect(single.ids == ids)
        }
    }

    @Test("An episode that outgrows the context and a file that holds none are errors that say so")
    func badWorkloads() async throws {
        func message(_ body: () throws -> Void) -> String? {
            do {
                try body()
            } catch let error as TemperError {
                return error.message
            } catch {}
            return nil
        }
        #expect(
            message { _ = try EpisodeReplay(workload(prefix: 28), on: engine(livelyModel(context: 32))) }
                == "the prompt has 36 tokens and does not fit the model's context of 32")
        let long = EpisodeWorkload(prefix: [1, 2, 3], episodes: [.init(turns: [.init(read: [4, 5], write: 30)])])
        #expect(
            message { _ = try EpisodeReplay(long, on: engine(livelyModel(context: 32))) }
                == "episode 0 does not fit the model's context of 32")
        try await Scratch.with { folder in
            let file = folder.appendingPathComponent("workload.json")
            #expect(message { _ = try EpisodeWorkload(contentsOf: file) } == "the workload cannot be read")
            for (text, expected) in [
                ("{}", "the file holds no episodes"),
                (#"{"prefix": [1], "episodes": []}"#, "the workload has no prefix, no episodes, or one without turns"),
                (
                    #"{"prefix": [1], "episodes": [{"turns": [{"read": [], "write": 0}]}]}"#,
                    "episode 0 has a turn that writes no token"
                ),
            ] {
                try Data(text.utf8).write(to: file)
                #expect(message { _ = try EpisodeWorkload(contentsOf: file) } == expected)
            }
        }
    }
}
