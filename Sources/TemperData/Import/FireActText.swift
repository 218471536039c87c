import Foundation
import TemperCore

/// The ReAct text of FireAct's release: `Thought: …\nAction: …\nObservation: …`, again and again.
enum FireActText {
    /// The Alpaca prompt around a question (Taori et al. 2023), as FireAct's result files store it.
    static let instructionMark = "### Instruction:\n"
    static let responseMark = "\n\n### Response:\n"
    /// What the release writes where an episode ends; the reward in it is not trusted.
    private static let endMark = "Episode finished, reward = "
    /// Sentences that FireAct put into the policy's mouth in its Reflexion episodes (rounds 6 and 10).
    private static let forcedSentences = [
        "Now that I haven't solved the task within 5 steps, let me do a reflection and think about how to improve my strategy. ",
        "Now that I haven't solved the task within 9 steps, I need to wrap up and finish this task in the next step. ",
    ]

    /// Question and answer text of an Alpaca prompt with its response.
    static func split(alpaca text: String) throws -> (question: String, response: String) {
        guard let instruction = text.range(of: instructionMark),
            let response = text.range(of: responseMark, range: instruction.upperBound..<text.endIndex)
        else { throw RecordFault("the text has no '### Instruction:' and '### Response:'") }
        let question = text[instruction.upperBound..<response.lowerBound]
        return (String(question), String(text[response.upperBound...]))
    }

    /// The replies and observations of a text, in order: a reply begins at a line `Thought:` or `Action:` and ends before
    /// the next line `Observation:`.
    static func split(_ text: String) throws -> [(reply: String, observation: String?)] {
        var pairs: [(reply: String, observation: String?)] = []
        let pieces = text.components(separatedBy: TurnText.observationMark)
        var reply = pieces[0]
        for piece in pieces.dropFirst() {
            let start = ["\nThought:", "\nAction:"].compactMap { piece.range(of: $0)?.lowerBound }.min()
            let observation = piece[..<(start ?? piece.endIndex)]
            pairs.append((reply, String(observation.hasPrefix(" ") ? observation.dropFirst() : observation)))
            reply = start.map { String(piece[piece.index(after: $0)...]) } ?? ""
        }
        if !reply.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty { pairs.append((reply, nil)) }
        guard let first = pairs.first, first.reply.hasPrefix("Thought:") || first.reply.hasPrefix("Action:") else {
            throw RecordFault("the text does not begin with 'Thought:' or 'Action:'")
        }
        return pairs
    }

    /// Turns from replies and observations; everything after the reply that ends the episode is left out.
    ///
    /// - Parameter splitsForced: whether FireAct's fixed sentences were put there by FireAct (its training files) rather
    ///   than written by the model (its result files).
    static func turns(
        _ pairs: [(reply: String, observation: String?)], author: Author, splitsForced: Bool
    ) -> (turns: [Turn], outcome: Outcome, answer: String?) {
        var turns: [Turn] = []
        for (reply, observation) in pairs {
            let reading = TurnText.read(reply, method: .react)
            let text = TurnText.trimmed(reply, method: .react)
            let isEnd = reading.action?.name.lowercased() == "finish" || observation?.hasPrefix(endMark) == true
            turns.append(
                Turn(
                    index: turns.count, reply: spans(text, author: author, splitsForced: splitsForced),
                    thought: reading.thought, action: reading.action, diagnosis: reading.diagnosis,
                    observation: isEnd ? nil : observation))
            if isEnd { return (turns, .finished, reading.action?.argument) }
        }
        return (turns, .turnLimit, nil)
    }

    private static func spans(_ text: String, author: Author, splitsForced: Bool) -> [Span] {
        guard splitsForced, let range = forcedSentences.lazy.compactMap({ text.range(of: $0) }).first else {
            return [Span(text, by: author)]
        }
        let parts = [
            Span(String(text[..<range.lowerBound]), by: author), Span(String(text[range]), by: .forced),
            Span(String(text[range.upperBound...]), by: author),
        ]
        return parts.filter { !$0.text.isEmpty }
    }
}
