package import TemperCore

/// Searches that fail on purpose, for FireAct's robustness study (Chen et al. 2023, Table 3: with probability 0.5 a search gives
/// "None", or the response to another query).
///
/// What happens to a search follows from the seed, the task and the turn alone. The rates are in the task's tags, so that a
/// stored trajectory and a report's groups say under which faults it was played, and a replay meets the same.
package struct SearchFaults: Sendable, Hashable {
    package enum Fault: Sendable, Hashable {
        /// The observation is `None`, and no page is open.
        case nothing
        /// The result of another query; the number, 0 ..< 1, says which.
        case another(Double)
    }

    /// Probability that a search gives `None`.
    package var none: Double
    /// Probability that a search gives another query's result.
    package var other: Double
    package var seed: UInt64

    /// - Precondition: the rates are 0…1 and their sum is at most 1.
    package init(none: Double = 0, other: Double = 0, seed: UInt64 = 0) {
        precondition(none >= 0 && other >= 0 && none + other <= 1, "the rates of faults are probabilities")
        self.none = none
        self.other = other
        self.seed = seed
    }

    package var isOff: Bool { none + other == 0 }

    /// The rates that a task's tags state.
    package init(of task: AgentTask) {
        func rate(_ tag: String) -> Double {
            guard let rate = task.tags[tag].flatMap(Double.init), rate.isFinite else { return 0 }
            return min(max(rate, 0), 1)
        }
        let none = rate(Self.noneTag)
        self.init(
            none: none, other: min(rate(Self.otherTag), 1 - none), seed: task.tags[Self.seedTag].flatMap(UInt64.init) ?? 0)
    }

    /// The task with the rates as tags.
    package func marked(_ task: AgentTask) -> AgentTask {
        guard !isOff else { return task }
        var task = task
        task.tags[Self.noneTag] = String(none)
        task.tags[Self.otherTag] = String(other)
        task.tags[Self.seedTag] = String(seed)
        return task
    }

    /// What happens to a search made as the action of that number, from 0.
    package func fault(task: String, turn: Int) -> Fault? {
        guard !isOff else { return nil }
        var random = RandomSource(seed: seed, "search-fault", task, String(turn))
        let draw = random.unit()
        if draw < none { return .nothing }
        return draw < none + other ? .another(random.unit()) : nil
    }

    static let noneTag = "fault_none"
    static let otherTag = "fault_other"
    static let seedTag = "fault_seed"
}
