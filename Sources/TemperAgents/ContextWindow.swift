package import TemperCore

/// Chooses which turns a policy still sees.
package struct ContextWindow: Sendable {
    /// The messages to send.
    package var messages: [Message]
    /// How many of the oldest turns were left out.
    package var droppedTurns: Int

    /// The longest recent part of the conversation that leaves room for a reply.
    ///
    /// - Returns: nil when not even the latest turn fits beside the task: the episode is over the context limit.
    package static func fit(
        turns: [Turn], options: EpisodeOptions, limit: Int?, build: (_ droppedTurns: Int) -> [Message],
        tokenCount: ([Message]) -> Int
    ) -> ContextWindow? {
        switch options.contextRule {
        case .dropOldest: return dropOldest(turns.count, options, limit, build, tokenCount)
        case .agentBench: return agentBench(turns.count, build)
        case .end: return dropOldest(0, options, limit, build, tokenCount)
        }
    }

    private static func dropOldest(
        _ turnCount: Int, _ options: EpisodeOptions, _ limit: Int?, _ build: (Int) -> [Message],
        _ tokenCount: ([Message]) -> Int
    ) -> ContextWindow? {
        guard let limit else { return ContextWindow(messages: build(0), droppedTurns: 0) }
        for dropped in 0...max(0, turnCount - 1) {
            let messages = build(dropped)
            if tokenCount(messages) + options.maximumNewTokens <= limit {
                return ContextWindow(messages: messages, droppedTurns: dropped)
            }
        }
        return nil
    }

    /// The segment budget of AgentBench's client.
    static let agentBenchBudget = 3500

    private static func agentBench(_ turnCount: Int, _ build: (Int) -> [Message]) -> ContextWindow {
        let messages = build(0)
        // Everything before the first turn stays: with demonstrations that is more than AgentBench's one message.
        let head = messages.count - 2 * turnCount
        guard head > 0, turnCount > 0 else { return ContextWindow(messages: messages, droppedTurns: 0) }
        var total = messages[..<head].reduce(0) { $0 + segments(in: $1.text) }
        var start = messages.count
        while start > head {
            total += segments(in: messages[start - 1].text)
            if total > agentBenchBudget { break }
            start -= 1
        }
        // Roles must alternate after the task, so an observation cannot come next.
        if start < messages.count, messages[start].role == .user { start += 1 }
        guard start > head else { return ContextWindow(messages: messages, droppedTurns: 0) }
        var opening = Array(messages[..<head])
        opening[head - 1].spans.append(Span("\n\n[NOTICE] \(start - head) messages are omitted.", by: .instruction))
        return ContextWindow(messages: opening + messages[start...], droppedTurns: (start - head) / 2)
    }

    /// AgentBench's estimate of length: a run of letters counts once per seven letters begun, any other character but
    /// space and line break counts one.
    package static func segments(in text: String) -> Int {
        var count = 0
        var letters = 0
        for character in text {
            if character.isLetter {
                if letters % 7 == 0 { count += 1 }
                letters += 1
            } else {
                letters = 0
                if character != " ", character != "\n" { count += 1 }
            }
        }
        return count
    }
}
