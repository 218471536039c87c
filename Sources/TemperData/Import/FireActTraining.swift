public import Foundation
public import TemperCore

/// FireAct's fine-tuning sets in Alpaca form: a JSON array of `{instruction, input, output}`.
public struct FireActAlpaca: ImportFormat {
    public let name = "fireact-alpaca"
    public let summary = "fine-tuning sets of FireAct's release in Alpaca form (JSON array)"

    public init() {}

    public func read(_ url: URL, options: ImportOptions) throws -> (trajectories: [Trajectory], report: ImportReport) {
        guard let records = try JSONValue.parse(try ReadFile.data(url), named: url.path).array else {
            throw TemperError(.data, "not an Alpaca file: it must be an array of records", place: url.path, boundary: .data)
        }
        let placed = records.enumerated().map { ("[\($0)]", $0, $1) }
        return try ImportLoop(url: url, options: options).run(placed.map { ($0.0, ($0.1, $0.2)) }) { index, value in
            guard let question = value["instruction"]?.string, let output = value["output"]?.string else {
                throw RecordFault("'instruction' or 'output' is missing or not a text")
            }
            return try FireActTraining.trajectory(question, try FireActText.split(output), record: index, options)
        }
    }
}

/// FireAct's fine-tuning sets in OpenAI's chat form: one `{messages}` per line.
public struct FireActChat: ImportFormat {
    public let name = "fireact-chat"
    public let summary = "fine-tuning sets of FireAct's release as chats (JSON lines)"

    public init() {}

    public func read(_ url: URL, options: ImportOptions) throws -> (trajectories: [Trajectory], report: ImportReport) {
        let text = String(decoding: try ReadFile.data(url), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.allSatisfy(\.isWhitespace) }
        return try ImportLoop(url: url, options: options).run(lines.map { (":\($0.offset + 1)", $0) }) { index, line in
            let value: JSONValue
            do { value = try JSONValue.parse(Data(line.utf8), named: url.path) } catch {
                throw RecordFault("the line is not JSON")
            }
            guard let messages = value["messages"]?.array else { throw RecordFault("'messages' is missing or not a list") }
            let episode = try ChatMessage.episode(try messages.map(ChatMessage.init))
            return try FireActTraining.trajectory(episode.question, episode.pairs, record: index, options)
        }
    }
}

/// What the two forms of the training sets share.
private enum FireActTraining {
    /// The release names neither task nor gold answer: the answer given is taken as gold, and the reward is the one that the
    /// text itself states, since 40 of the 47 Reflexion episodes on HotpotQA are in fact wrong.
    static func trajectory(
        _ question: String, _ pairs: [(reply: String, observation: String?)], record: Int, _ options: ImportOptions
    ) throws -> Trajectory {
        let read = FireActText.turns(pairs, author: .teacher, splitsForced: true)
        let stated = pairs.compactMap(\.observation).last { $0.contains("reward = ") } ?? ""
        let isRight = stated.contains("reward = True") || stated.contains("reward = 1")
        let digits = String(record)
        let id = "record-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let task = AgentTask(
            id: id, suite: "fireact", split: "train", instruction: question,
            payload: isRight ? .object(["answer": .string(read.answer ?? "")]) : .object([:]))
        return Trajectory(
            key: EpisodeKey(group: options.group, suite: "fireact", task: id, method: .react), task: task,
            policy: options.policy, seed: 0, turns: read.turns, outcome: read.outcome, answer: read.answer,
            score: Score(reward: isRight ? 1 : 0))
    }
}
