import Foundation

/// A whole episode as one text, as FireAct's Alpaca files hold it: the replies with `Observation: …` between them.
package enum AlpacaText {
    /// The episode in the unified form.
    ///
    /// - Parameter ending: the last observation, such as `Episode finished, reward = 1`; nil leaves it out.
    /// - Throws: ``TemperError`` with code `data` when the text would not read as the same turns: an observation then holds a
    ///   line that begins a reply.
    package static func write(_ trajectory: Trajectory, ending: String? = nil) throws -> (instruction: String, output: String) {
        let turns = TurnConversion.unified(trajectory)
        var lines: [String] = []
        for turn in turns {
            lines.append(turn.replyText)
            if let observation = turn.observation { lines.append(TurnText.write(observation: observation)) }
        }
        if let ending, turns.last?.observation == nil { lines.append(TurnText.write(observation: ending)) }
        let output = lines.joined(separator: "\n")
        let instruction = [trajectory.task.instruction, trajectory.opening].compactMap { $0 }.joined(separator: "\n\n")
        let again = try? pairs(in: output)
        let expected = turns.map { ($0.replyText, $0.observation ?? ($0.index == turns.last?.index ? ending : nil)) }
        guard let again, again.count == expected.count,
            zip(again, expected).allSatisfy({ $0.reply == $1.0 && $0.observation == $1.1 })
        else {
            throw TemperError(
                .data, "the episode cannot be written as one text: a reply or an observation holds the labels of another",
                place: trajectory.key.text, boundary: .data)
        }
        return (instruction, output)
    }

    /// The replies and observations of a text, in order: a reply begins at a line `Thought:` or `Action:` and ends before the
    /// next line `Observation:`.
    ///
    /// - Throws: ``TemperError`` with code `data` when the text begins otherwise.
    package static func pairs(in text: String) throws -> [(reply: String, observation: String?)] {
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
            throw TemperError(.data, "the text does not begin with 'Thought:' or 'Action:'", boundary: .data)
        }
        return pairs
    }

    /// The turns of a text.
    ///
    /// - Parameter ending: the start of a text in an observation's place that closes an episode: `Episode finished`.
    package static func turns(in text: String, author: Author, ending: String? = nil) throws -> [Turn] {
        try pairs(in: text).enumerated().map { index, pair in
            let reading = TurnText.read(pair.reply, method: .react)
            let isEnd = ending.map { pair.observation?.hasPrefix($0) == true } ?? false
            return Turn(
                index: index, reply: [Span(pair.reply, by: author)], thought: reading.thought, action: reading.action,
                diagnosis: reading.diagnosis, observation: isEnd ? nil : pair.observation)
        }
    }
}
