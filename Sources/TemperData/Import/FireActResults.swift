import Foundation
import TemperCore

/// FireAct's result files (`trajs/*.json`): an object from dataset index to an episode on HotpotQA's dev split, as Alpaca
/// text or as chat.
///
/// Turns, answer and score are read again from the raw text: the release dropped the last character of every answer blindly
/// and let text after the bracket leak in.
package struct FireActResults: ImportFormat {
    package let name = "fireact-results"
    package let summary = "evaluation trajectories of FireAct's release (JSON by dataset index)"
    package var shape: RecordStream.Shape? { .keyed }

    package init() {}

    package func read(_ record: SourceRecord, options: ImportOptions) throws -> ImportedRecord {
        let value = record.value
        guard let number = record.key.flatMap(Int.init), number >= 0 else { throw RecordFault("the key is not a dataset index") }
        guard let gold = value["gt"]?.string else { throw RecordFault("'gt' is missing or not a string") }
        let question: String
        let pairs: [FireActText.Pair]
        if let text = value["traj"]?.string {
            let parts = try FireActText.split(alpaca: text)
            (question, pairs) = (parts.question, try FireActText.split(parts.response))
        } else if let messages = value["traj"]?.array {
            (question, pairs) = try FireActText.episode(messages)
        } else {
            throw RecordFault("'traj' is neither a string nor a list of messages")
        }
        let episode = FireActText.Episode(pairs, author: .policy, isTraining: false)
        let id = "dev-" + number.padded(5)
        let task = AgentTask(
            id: id, suite: "hotpotqa", split: "dev", instruction: question, payload: .object(["answer": .string(gold)]))
        let trajectory = Trajectory(
            key: EpisodeKey(group: options.group, suite: "hotpotqa", task: id, method: .react), task: task,
            policy: options.policy, seed: 0, turns: episode.turns, outcome: episode.outcome, answer: episode.answer,
            score: options.score(episode.answer, gold))
        return ImportedRecord(.trajectory(trajectory))
    }
}
