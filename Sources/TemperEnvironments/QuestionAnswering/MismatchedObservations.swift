package import TemperCore

/// A control: the actions of one task are answered with the observations an expert saw on another.
///
/// A policy that still scores here does not read. Every action is carried out in the real environment, so answers, validity and
/// score are the task's own; only what is shown differs. After the last observation the first comes again.
package struct MismatchedObservations: Environment {
    private let suite: any Suite
    private let partner: AgentTask
    private let seed: UInt64
    private var base: any Environment
    private var observations: [String] = []
    private var position = 0

    /// - Throws: ``TemperError`` with code `usage` when the suite has no expert, or what its environment throws.
    package init(suite: any Suite, task: AgentTask, partner: AgentTask, seed: UInt64) throws {
        guard suite.scriptedPolicy(named: "expert") != nil else {
            throw TemperError(.usage, "the suite '\(suite.id)' has no expert whose observations could be shown")
        }
        self.suite = suite
        self.partner = partner
        self.seed = seed
        base = try suite.makeEnvironment(for: task)
    }

    /// The next task of the same shape with another answer, around the end if need be; else the next with another answer.
    ///
    /// A yes/no question takes the next one whatever its answer: a partner with the other answer would push the control below chance.
    package static func partner(of task: AgentTask, among tasks: [AgentTask]) -> AgentTask? {
        let start = tasks.firstIndex { $0.id == task.id } ?? 0
        let later = (1..<max(1, tasks.count)).map { tasks[(start + $0) % tasks.count] }
        let isClosed = ["yes", "no"].contains(task.referenceAnswer ?? "")
        let others = later.filter { isClosed || $0.referenceAnswer != task.referenceAnswer }
        return others.first { $0.tags["shape"] == task.tags["shape"] } ?? others.first
    }

    package mutating func reset() async throws -> String? {
        position = 0
        observations = try await expertObservations()
        return try await base.reset()
    }

    package mutating func step(_ action: Action) async throws -> StepResult {
        var result = try await base.step(action)
        if result.isValid, !result.isDone, !observations.isEmpty {
            result.observation = observations[position % observations.count]
            position += 1
        }
        return result
    }

    package mutating func score() async throws -> Score { try await base.score() }
    package var answer: String? { base.answer }
    package mutating func close() async { await base.close() }
    package var admissibleActions: [Action]? { nil }

    private func expertObservations() async throws -> [String] {
        guard let expert = suite.scriptedPolicy(named: "expert") else { return [] }
        var environment = try suite.makeEnvironment(for: partner)
        _ = try await environment.reset()
        let key = EpisodeKey(group: "control", suite: suite.id, task: partner.id, method: .react)
        var turns: [Turn] = []
        var seen: [String] = []
        while turns.count < suite.maximumTurns {
            let scene = Scene(key: key, task: partner, turns: turns, seed: seed)
            let reply = try await expert.reply(in: scene)
            guard let action = TurnText.read(reply, method: .react, format: partner.format).action else { break }
            let result = try await environment.step(action)
            if result.isDone { break }
            seen.append(result.observation)
            turns.append(
                Turn(index: turns.count, reply: [Span(reply, by: .teacher)], action: action, observation: result.observation))
        }
        return seen
    }
}
