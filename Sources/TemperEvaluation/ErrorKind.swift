import Foundation
package import TemperCore

/// How an episode that did not succeed ended: each has exactly one kind.
package enum ErrorKind: Sendable, Hashable {
    /// An answer was given and it is wrong.
    case wrongAnswer
    /// The policy ended the episode without an answer.
    case noAnswer
    case turnLimit
    case repeatedOutput
    case contextLimit
    case refused
    case missing
    /// Not the policy's doing: never part of a score.
    case error(TemperError.Boundary)

    /// What JSON holds: `wrong_answer`, `error_policy`.
    package var name: String {
        switch self {
        case .wrongAnswer: "wrong_answer"
        case .noAnswer: "no_answer"
        case .turnLimit: "turn_limit"
        case .repeatedOutput: "repeated_output"
        case .contextLimit: "context_limit"
        case .refused: "refused"
        case .missing: "missing"
        case .error(let boundary): "error_\(boundary.rawValue)"
        }
    }

    /// The kind of an episode; nil when it succeeded.
    ///
    /// - Parameter successReward: the least reward that counts as success.
    package static func of(_ trajectory: Trajectory, successReward: Double = 1) -> ErrorKind? {
        if let boundary = trajectory.errorBoundary { return .error(boundary) }
        if let reward = trajectory.score?.reward, reward >= successReward { return nil }
        switch trajectory.outcome {
        case .finished: return (trajectory.answer ?? "").isEmpty ? .noAnswer : .wrongAnswer
        case .turnLimit: return .turnLimit
        case .contextLimit: return .contextLimit
        case .repeatedOutput: return .repeatedOutput
        case .refused: return .refused
        case .missing: return .missing
        case .policyError: return .error(.policy)
        case .environmentError: return .error(.environment)
        }
    }
}

/// What was seen on the way in an episode that did not succeed: any number of signs each.
package enum ErrorSign: String, Codable, Sendable, Hashable, CaseIterable {
    /// A reply could not be read (a diagnosis and no action).
    case invalidFormat = "invalid_format"
    /// An action was read and the environment did not know it (a diagnosis beside an action).
    case invalidAction = "invalid_action"
    /// The right answer appeared in an observation and was not given.
    case answerSeen = "answer_seen"
    /// The policy searched and no observation held the right answer.
    case answerNeverSeen = "answer_never_seen"

    /// The signs of an episode, in order of declaration.
    ///
    /// Only text answers are looked for in what was seen: `yes` and `no` occur in any text.
    ///
    /// - Parameter gold: the right answers of a task; empty when it has none in words.
    package static func of(_ trajectory: Trajectory, gold: (AgentTask) -> [String] = \.referenceAnswers) -> [ErrorSign] {
        var signs: [ErrorSign] = []
        if trajectory.turns.contains(where: { $0.diagnosis != nil && $0.action == nil }) { signs.append(.invalidFormat) }
        if trajectory.turns.contains(where: { $0.diagnosis != nil && $0.action != nil }) { signs.append(.invalidAction) }
        let answers = gold(trajectory.task).map(words).filter { !$0.isEmpty && $0 != " yes " && $0 != " no " }
        let acted = trajectory.turns.filter { $0.diagnosis == nil }
        let observations = (acted.compactMap(\.observation) + [trajectory.opening].compactMap { $0 }).map(words)
        if !answers.isEmpty, !observations.isEmpty {
            let wasSeen = observations.contains { text in answers.contains { text.contains($0) } }
            signs.append(wasSeen ? .answerSeen : .answerNeverSeen)
        }
        return signs
    }

    /// Lower-case words with one space around each, so that a phrase is found only as whole words.
    private static func words(_ text: String) -> String {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.isEmpty ? "" : " " + words.joined(separator: " ") + " "
    }
}

/// How the unsuccessful episodes of one policy failed.
package struct ErrorTally: Codable, Sendable, Hashable {
    package var policy: String
    package var suite: String
    /// All episodes, successful ones among them.
    package var episodes: Int
    package var successes: Int
    /// Episodes by ``ErrorKind/name``; they sum to `episodes - successes`.
    package var kinds: [String: Int]
    /// Episodes by ``ErrorSign`` raw value, over the unsuccessful ones that did not error; they may overlap.
    package var signs: [String: Int]

    package init(policy: String, suite: String, episodes: Int, successes: Int, kinds: [String: Int], signs: [String: Int]) {
        self.policy = policy
        self.suite = suite
        self.episodes = episodes
        self.successes = successes
        self.kinds = kinds
        self.signs = signs
    }

    /// Counts the kinds and signs of one policy's episodes on one suite.
    package init(
        policy: String, suite: String, trajectories: [Trajectory], successReward: Double = 1,
        gold: (AgentTask) -> [String] = \.referenceAnswers
    ) {
        self.init(policy: policy, suite: suite, episodes: trajectories.count, successes: 0, kinds: [:], signs: [:])
        for trajectory in trajectories {
            guard let kind = ErrorKind.of(trajectory, successReward: successReward) else {
                successes += 1
                continue
            }
            kinds[kind.name, default: 0] += 1
            guard !trajectory.outcome.isError else { continue }
            for sign in ErrorSign.of(trajectory, gold: gold) { signs[sign.rawValue, default: 0] += 1 }
        }
    }
}
