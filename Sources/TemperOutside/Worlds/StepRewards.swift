import TemperCore

/// How the rewards of single steps become the reward of an episode.
struct StepRewards: Sendable, Hashable {
    enum Rule: String, Sendable, CaseIterable {
        /// The last one that was given: servers that report the state reached.
        case last
        case sum
        case best
    }

    var rule: Rule
    /// What a full reward is in the server's own units; the result is divided by it and cut to 0…1.
    var full: Double
    private(set) var value: Double?

    init(_ rule: Rule = .last, full: Double = 1) {
        self.rule = rule
        self.full = full
    }

    mutating func add(_ reward: Double?) {
        guard let reward else { return }
        switch rule {
        case .last: value = reward
        case .sum: value = (value ?? 0) + reward
        case .best: value = max(value ?? reward, reward)
        }
    }

    var score: Score {
        let raw = (value ?? 0) / full
        return Score(reward: min(1, max(0, raw)), metrics: ["raw_reward": value ?? 0])
    }
}
