import Foundation
import TemperCore

/// The ReAct text of FireAct's release: `Thought: …\nAction: …\nObservation: …`, again and again.
enum FireActText {
    typealias Pair = (reply: String, observation: String?)

    /// The Alpaca prompt around a question (Taori et al. 2023), as FireAct's result files store it.
    static let instructionMark = "### Instruction:\n"
    static let responseMark = "\n\n### Response:\n"
    /// What the release writes where an episode ends; the reward in it is not trusted in result files.
    static let endMark = "Episode finished, reward = "
    /// Where a task keeps the last observation of its record, so that the record can be written again.
    static let endingKey = "final_observation"
    static let observationMark = "Observation:"
    /// Sentences that FireAct put into the policy's mouth in its Reflexion episodes (rounds 6 and 10).
    private static let forcedSentences = [
        "Now that I haven't solved the task within 5 steps, let me do a reflection and think about how to improve my strategy.",
        "Now that I haven't solved the task within 9 steps, I need to wrap up and finish this task in the next step.",
    ]

    /// Question and answer text of an Alpaca prompt with its response.
    static func split(alpaca text: String) throws -> (question: String, response: String) {
        guard let instruction = text.range(of: instructionMark),
            let response = text.range(of: responseMark, range: instruction.upperBound..<text.endIndex)
        else { throw RecordFault("the text has no '### Instruction:' and '### Response:'") }
        let question = text[instruction.upperBound..<response.lowerBound]
        return (String(question), String(text[response.upperBound...]))
    }

    /// The lines `A. …`, `B. …` that stand before the first thought or action of an MMLU row's output.
    static func leadingOptions(_ output: String) -> String? {
        guard output.hasPrefix("A. ") else { return nil }
        let start = ["\nThought:", "\nAction:"].compactMap { output.range(of: $0)?.lowerBound }.min()
        return start.map { String(output[..<$0]) }
    }

    /// The replies and observations of a text, in order: a reply begins at a line `Thought:` or `Action:` and ends before
    /// the next line `Observation:`.
    static func split(_ text: String) throws -> [Pair] {
        var pairs: [Pair] = []
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

    /// The question and the replies with their observations of one of FireAct's chats.
    ///
    /// A worked example may stand before the question: the episode begins after the last user message that is not an
    /// observation.
    static func episode(_ values: [JSONValue]) throws -> (question: String, pairs: [Pair]) {
        let messages = try values.map { value -> (role: String, content: String) in
            guard let role = value["role"]?.string, let content = value["content"]?.string else {
                throw RecordFault("a message has no text 'role' or 'content'")
            }
            return (role, content)
        }
        guard let start = messages.lastIndex(where: { $0.role == "user" && !$0.content.hasPrefix(observationMark) }) else {
            throw RecordFault("the chat has no question")
        }
        var pairs: [Pair] = []
        for message in messages[(start + 1)...] {
            switch message.role {
            case "assistant": pairs.append((message.content, nil))
            case "user" where !pairs.isEmpty:
                let text = message.content.dropFirst(observationMark.count)
                pairs[pairs.count - 1].observation = String(text.hasPrefix(" ") ? text.dropFirst() : text)
            default: throw RecordFault("a message of role '\(message.role)' stands where a reply or an observation belongs")
            }
        }
        guard !pairs.isEmpty else { throw RecordFault("the chat has no reply") }
        return (messages[start].content, pairs)
    }

    /// The turns of a record; everything after the reply that ends the episode is left out.
    struct Episode {
        var turns: [Turn] = []
        var outcome = Outcome.turnLimit
        var answer: String?
        /// The observation after the last turn.
        var ending: String?
        /// Faults, each with what was done.
        var found: [String] = []

        /// - Parameter isTraining: whether the text comes from FireAct's training files, where it put fixed sentences into the
        ///   model's mouth and where faults are mended; what a model under test wrote (result files) stays as it is.
        init(_ pairs: [Pair], author: Author, isTraining: Bool) {
            for (number, pair) in pairs.enumerated() {
                var text = TurnText.trimmed(pair.reply, method: .react)
                var spans = isTraining ? nil : [Span(text, by: author)]
                if isTraining {
                    if let once = FireActText.withoutDoubledFinish(text) {
                        text = once
                        found.append("a doubled finish, its copy inside the thought cut out")
                    }
                    spans = FireActText.thoughtInsideAnswer(text, author)
                    if let spans {
                        text = spans.map(\.text).joined()
                        found.append("thought and answer both inside the brackets, set apart")
                    }
                }
                let reading = TurnText.read(text, method: .react)
                if isTraining, reading.action != nil, reading.thought == nil { found.append("a reply without a thought, kept") }
                let isEnd =
                    reading.action?.name.lowercased() == "finish" || pair.observation?.hasPrefix(FireActText.endMark) == true
                turns.append(
                    Turn(
                        index: number, reply: spans ?? FireActText.spans(text, author: author), thought: reading.thought,
                        action: reading.action, diagnosis: reading.diagnosis, observation: isEnd ? nil : pair.observation))
                guard isEnd else { continue }
                (outcome, answer, ending) = (.finished, reading.action?.argument, pair.observation)
                if isTraining, number + 1 < pairs.count || (ending ?? "").components(separatedBy: FireActText.endMark).count > 2 {
                    found.append("text after the episode's end, left out")
                    if let second = ending?.range(of: FireActText.endMark, options: .backwards), let text = ending,
                        let first = text.range(of: FireActText.endMark), first != second
                    {
                        ending = String(text.prefix { $0 != "\n" }) + "\n"
                    }
                }
                return
            }
        }
    }

    /// The reply without `Action: finish[…]` at the end of its thought, when the same action follows on a line of its own.
    private static func withoutDoubledFinish(_ text: String) -> String? {
        let lines = text.components(separatedBy: "\n")
        guard lines.count == 2, let inside = lines[0].range(of: "Action: finish["),
            lines[0][inside.lowerBound...].trimmingCharacters(in: .whitespaces)
                == lines[1].trimmingCharacters(in: .whitespaces)
        else { return nil }
        return lines[0][..<inside.lowerBound].trimmingCharacters(in: .whitespaces) + "\n" + lines[1]
    }

    /// The parts of `Action: finish[Thought: … Answer: …]`.
    private static func thoughtInsideAnswer(_ text: String, _ author: Author) -> [Span]? {
        let start = "Action: finish[Thought:"
        guard text.hasPrefix(start), text.hasSuffix("]"), let mark = text.range(of: "Answer:", options: .backwards) else {
            return nil
        }
        let thought = text[text.index(text.startIndex, offsetBy: start.count)..<mark.lowerBound]
            .trimmingCharacters(in: .whitespacesAndNewlines)
        var answer = text[mark.upperBound...].dropLast().trimmingCharacters(in: .whitespacesAndNewlines)
        if answer.hasSuffix(".") { answer.removeLast() }
        return [
            Span("Thought: ", by: .converted), Span(thought, by: author), Span("\nAction: finish[", by: .converted),
            Span(answer, by: author), Span("]", by: .converted),
        ]
    }

    private static func spans(_ text: String, author: Author) -> [Span] {
        guard let range = forcedSentences.lazy.compactMap({ text.range(of: $0) }).first else { return [Span(text, by: author)] }
        let parts = [
            Span(String(text[..<range.lowerBound]), by: author), Span(String(text[range]), by: .forced),
            Span(String(text[range.upperBound...]), by: author),
        ]
        return parts.filter { !$0.text.isEmpty }
    }
}
