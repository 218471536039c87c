import TemperCore

/// The steps of ``Curation`` that choose among good episodes.
extension Curation {
    /// Episodes for which the recipe's condition holds.
    static func keep(_ episodes: [Trajectory], _ condition: String, among all: [Trajectory], _ log: inout StepLog) throws
        -> [Trajectory]
    {
        let parsed = try EpisodeCondition(condition, key: "curate.keep")
        var tasks: [String: EpisodeFacts.TaskFacts] = [:]
        for episode in all {
            let reward = episode.score?.reward ?? 0
            var facts = tasks[question(episode)] ?? EpisodeFacts.TaskFacts()
            facts.attempts += 1
            facts.passed += reward >= 1 ? 1 : 0
            facts.bestReward = max(facts.bestReward, reward)
            facts.rewardSum += reward
            tasks[question(episode)] = facts
        }
        return try log.filter("condition", episodes) { episode in
            let facts = EpisodeFacts(episode, task: tasks[question(episode)] ?? EpisodeFacts.TaskFacts())
            return try parsed.holds(for: facts) ? nil : "not (\(condition))"
        }
    }

    /// The first text of each group of near duplicates.
    static func withoutNearDuplicates(_ episodes: [Trajectory], _ threshold: Double, _ log: inout StepLog) -> [Trajectory] {
        var known = NearDuplicates(threshold: threshold)
        return log.filter("near duplicates", episodes) { episode in
            known.insert(content(episode).joined(separator: "\n")) ? "similar to \(threshold) or more" : nil
        }
    }

    /// The first episodes of each task, up to the limit: in order of method and attempt, or the best, or the shortest.
    static func perTask(_ episodes: [Trajectory], _ options: CurationOptions, _ log: inout StepLog) -> [Trajectory] {
        let most = options.maximumPerTask ?? (options.choose == .all ? nil : 1)
        guard let most else { return log.filter("episodes per task", episodes) { _ in nil } }
        var ranks: [EpisodeKey: Int] = [:]
        for (_, attempts) in Dictionary(grouping: episodes, by: question) {
            let ordered = attempts.enumerated().sorted { left, right in
                let (one, other) = (left.element, right.element)
                let rewards = (one.score?.reward ?? 0, other.score?.reward ?? 0)
                if options.choose == .best, rewards.0 != rewards.1 { return rewards.0 > rewards.1 }
                if options.choose != .all, one.turns.count != other.turns.count { return one.turns.count < other.turns.count }
                return left.offset < right.offset
            }
            for (rank, item) in ordered.enumerated() { ranks[item.element.key] = rank }
        }
        return log.filter("episodes per task", episodes) { (ranks[$0.key] ?? 0) < most ? nil : "more than \(most)" }
    }

    /// No group has more than `atMost` times the episodes of the smallest; which ones go is drawn from the seed.
    static func balanced(
        _ episodes: [Trajectory], _ balance: CurationOptions.Balance, seed: UInt64, _ log: inout StepLog
    ) -> [Trajectory] {
        func group(_ episode: Trajectory) -> String {
            switch balance.by {
            case .suite: return episode.key.suite
            case .method: return episode.key.method.rawValue
            case .suiteMethod: return episode.key.suite + ", " + episode.key.method.rawValue
            }
        }
        let groups = Dictionary(grouping: episodes, by: group)
        guard let smallest = groups.values.map(\.count).min() else { return episodes }
        let most = max(1, Int((Double(smallest) * balance.atMost).rounded(.down)))
        var dropped: Set<EpisodeKey> = []
        for members in groups.values where members.count > most {
            let drawn = members.map { (rank: RandomSource.derive(seed, ["balance", $0.key.text]), key: $0.key) }
            for item in drawn.sorted(by: { ($0.rank, $0.key.text) < ($1.rank, $1.key.text) }).dropFirst(most) {
                dropped.insert(item.key)
            }
        }
        return log.filter("balance", episodes) { episode in
            dropped.contains(episode.key) ? "more than \(most) of \(group(episode))" : nil
        }
    }
}
