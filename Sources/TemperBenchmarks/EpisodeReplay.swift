import TemperCore
import TemperTransformer

/// Greedy sampling of a workload: every turn is a request of its own whose prompt is the episode so far, and is made as soon as
/// the turn before has ended.
struct EpisodeReplay {
    /// The tokens written, for each episode and turn.
    private(set) var ids: [[[Int32]]]
    /// Tokens in the prompts of all requests, and those among them that an earlier request had computed.
    private(set) var promptTokens = 0, reusedTokens = 0

    /// - Throws: ``TemperError`` with code `data` when an episode does not fit the model.
    init(_ workload: EpisodeWorkload, on engine: SamplingEngine) throws {
        ids = workload.episodes.map { _ in [] }
        var texts = workload.episodes.map { _ in workload.prefix }
        var running: [Int: Int] = [:]
        func begin(_ episode: Int) throws {
            let turn = workload.episodes[episode].turns[ids[episode].count]
            texts[episode] += turn.read
            promptTokens += texts[episode].count
            let ticket = try engine.enqueue(SamplingRequest(prompt: texts[episode], maximumNewTokens: turn.write))
            running[ticket] = episode
        }
        for episode in workload.episodes.indices { try begin(episode) }
        while !engine.isIdle {
            for (ticket, reply) in engine.step() {
                guard let episode = running.removeValue(forKey: ticket) else { continue }
                let wanted = workload.episodes[episode].turns[ids[episode].count].write
                guard reply.ids.count == wanted else {
                    throw TemperError(
                        .data,
                        "episode \(episode) does not fit the model's context of \(engine.model.configuration.contextLength)",
                        boundary: .data)
                }
                ids[episode].append(reply.ids)
                reusedTokens += reply.reusedTokens
                texts[episode] += reply.ids
                if ids[episode].count < workload.episodes[episode].turns.count { try begin(episode) }
            }
        }
    }
}
