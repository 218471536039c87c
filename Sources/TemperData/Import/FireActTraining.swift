import Foundation
import TemperCore

/// FireAct's fine-tuning sets in Alpaca form: a JSON array of `{instruction, input, output}`.
package struct FireActAlpaca: ImportFormat {
    package let name = "fireact-alpaca"
    package let summary = "fine-tuning sets of FireAct's release in Alpaca form (JSON array)"

    package init() {}

    package func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord {
        guard var question = record.value["instruction"]?.string, var output = record.value["output"]?.string else {
            throw RecordFault("'instruction' or 'output' is missing or not a string")
        }
        var found: [String] = []
        if let options = FireActText.leadingOptions(output) {
            // The release split MMLU's rows after the question's first line.
            question += "\n" + options
            output = String(output.dropFirst(options.count + 1))
            found.append("the options stood in the output, moved to the question")
        }
        return try FireActTraining.imported(
            question, try FireActText.split(output), found: found, record: record.index, options)
    }
}

/// FireAct's fine-tuning sets in OpenAI's chat form: one `{messages}` per line.
package struct FireActChat: ImportFormat {
    package let name = "fireact-chat"
    package let summary = "fine-tuning sets of FireAct's release as chats (JSON lines)"

    package init() {}

    package func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord {
        guard let messages = record.value["messages"]?.array else { throw RecordFault("'messages' is missing or not a list") }
        let episode = try FireActText.episode(messages)
        return try FireActTraining.imported(episode.question, episode.pairs, found: [], record: record.index, options)
    }
}

/// What the two forms of the training sets share.
private enum FireActTraining {
    /// The release names neither task nor gold answer: the answer given is taken as gold, and the reward is the one that the
    /// text itself states, since 40 of the 47 Reflexion episodes on HotpotQA are in fact wrong. These are kept with reward 0,
    /// so that curation leaves them out and says so.
    static func imported(
        _ question: String, _ pairs: [FireActText.Pair], found: [String], record: Int, _ options: ImportOptions
    ) throws -> ImportedRecord {
        let episode = FireActText.Episode(pairs, author: .teacher, isTraining: true)
        var found = found + episode.found
        let ending = episode.ending ?? ""
        let isRight = ending.contains("reward = True") || ending.contains("reward = 1")
        if ending.isEmpty {
            found.append("the text states no reward, kept with reward 0")
        } else if !isRight {
            found.append("the answer is wrong by the text's own reward, kept with reward 0")
        }
        let id = "record-" + record.padded(5)
        var payload: [String: JSONValue] = [FireActText.endingKey: .string(ending)]
        if isRight { payload[AgentTask.answerKey] = .string(episode.answer ?? "") }
        let task = AgentTask(id: id, suite: "fireact", split: "train", instruction: question, payload: .object(payload))
        let trajectory = Trajectory(
            key: EpisodeKey(group: options.group, suite: "fireact", task: id, method: .react), task: task,
            policy: options.policy, seed: 0, turns: episode.turns, outcome: episode.outcome, answer: episode.answer,
            score: Score(reward: isRight ? 1 : 0))
        return ImportedRecord(.trajectory(trajectory), found: found)
    }
}
