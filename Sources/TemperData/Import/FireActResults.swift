public import Foundation
public import TemperCore

/// FireAct's result files (`trajs/*.json`): an object from dataset index to an episode on HotpotQA's dev split, as Alpaca
/// text or as chat.
///
/// Turns, answer and score are read again from the raw text: the release dropped the last character of every answer blindly
/// and let text after the bracket leak in.
public struct FireActResults: ImportFormat {
    public let name = "fireact-results"
    public let summary = "evaluation trajectories of FireAct's release (JSON by dataset index)"

    public init() {}

    public func read(_ url: URL, options: ImportOptions) throws -> (trajectories: [Trajectory], report: ImportReport) {
        let file = try JSONValue.parse(try ReadFile.data(url), named: url.path)
        guard let episodes = file.object else {
            throw TemperError(
                .data, "not a result file of FireAct: it must be an object from dataset index to episode", place: url.path,
                boundary: .data)
        }
        let records = episodes.sorted { (Int($0.key) ?? .max, $0.key) < (Int($1.key) ?? .max, $1.key) }
        return try ImportLoop(url: url, options: options).run(records.map { ("[\($0.key)]", $0) }) { key, value in
            try trajectory(index: key, value, options)
        }
    }

    private func trajectory(index: String, _ value: JSONValue, _ options: ImportOptions) throws -> Trajectory {
        guard let number = Int(index), number >= 0 else { throw RecordFault("the key is not a dataset index") }
        guard let gold = value["gt"]?.string else { throw RecordFault("'gt' is missing or not a text") }
        let question: String
        let pairs: [(reply: String, observation: String?)]
        if let text = value["traj"]?.string {
            let parts = try FireActText.split(alpaca: text)
            (question, pairs) = (parts.question, try FireActText.split(parts.response))
        } else if let messages = value["traj"]?.array {
            (question, pairs) = try ChatMessage.episode(try messages.map(ChatMessage.init))
        } else {
            throw RecordFault("'traj' is neither a text nor a list of messages")
        }
        let read = FireActText.turns(pairs, author: .policy, splitsForced: false)
        let digits = String(number)
        let id = "dev-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let task = AgentTask(
            id: id, suite: "hotpotqa", split: "dev", instruction: question, payload: .object(["answer": .string(gold)]))
        return Trajectory(
            key: EpisodeKey(group: options.group, suite: "hotpotqa", task: id, method: .react), task: task,
            policy: options.policy, seed: 0, turns: read.turns, outcome: read.outcome, answer: read.answer,
            score: options.score(read.answer, gold))
    }
}
