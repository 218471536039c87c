import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments

/// What is at hand while tasks of one suite are made.
struct DeriveWork: Sendable {
    /// A way of making tasks, and the group its solving episodes stand in.
    enum Way: String, CaseIterable {
        case thoughts, interaction
        case selfInstruct = "self_instruct"

        var group: String { "\(DeriveStage.group)/\(rawValue)" }
    }

    /// Where proposals stand, one episode each.
    static let proposalGroup = "\(DeriveStage.group)/proposals"

    let derive: Recipe.Derive
    let suite: any DerivingSuite
    let teacher: Policy
    let solver: Policy
    let context: RunContext

    init(_ derive: Recipe.Derive, suite: any DerivingSuite, _ context: RunContext) async throws {
        let policies = context.policies.with(derive.endpoint)
        self.derive = derive
        self.suite = suite
        self.context = context
        teacher = try await policies.policy(derive.policy, for: suite)
        solver = try await policies.policy(derive.solver.isEmpty ? derive.policy : derive.solver, for: suite)
    }

    var seed: UInt64 { context.recipe.seed }
    var options: EpisodeOptions {
        EpisodeSettings(maximumNewTokens: derive.maximumNewTokens).options(for: suite)
    }

    /// The tasks that a source names.
    ///
    /// - Throws: ``TemperError`` with code `data` when the suite has no such split.
    static func sources(_ source: Recipe.DeriveSource, of suite: any Suite, limit: Int? = nil) throws -> [AgentTask] {
        let limit = limit ?? (source.limit == 0 ? nil : source.limit)
        if !source.from.isEmpty {
            let tasks = try suite.tasks(from: source.from)
            return limit.map { Array(tasks.prefix($0)) } ?? tasks
        }
        guard suite.splits.contains(source.split) else {
            throw TemperError(
                .data, "suite '\(suite.id)' has no split '\(source.split)' to derive from",
                hint: "name a file or folder of tasks with the key 'from'", boundary: .recipe)
        }
        return try suite.tasks(split: source.split, limit: limit)
    }

    /// Tasks whose worlds a proposal may be about; none where the suite needs none and has none.
    static func worlds(_ source: Recipe.DeriveSource, of suite: any DerivingSuite, limit: Int? = nil) throws -> [AgentTask] {
        if !suite.derivation.needsWorld, source.from.isEmpty, !suite.splits.contains(source.split) { return [] }
        return try sources(source, of: suite, limit: limit)
    }

    /// Episodes of a policy on tasks, of which those that come to the reference's result are kept.
    func solve(_ candidates: [AgentTask], by policy: Policy, _ way: Way) async throws -> [(AgentTask, Rejection?)] {
        let episodes = candidates.map { task in
            let key = EpisodeKey(group: way.group, suite: suite.id, task: task.id, method: suite.defaultMethod)
            return Episode(
                key: key, task: task, suite: suite, policy: policy, author: .teacher, options: options, seed: seed,
                sink: context.store)
        }
        let label = "derive \(suite.id) \(way.rawValue)"
        let trajectories = try await Rollouts.run(
            episodes, concurrency: derive.concurrency, progress: { context.observer(.rollouts(label, $0)) })
        return zip(candidates, trajectories).map { task, trajectory in (task, Self.rejection(of: trajectory)) }
    }

    /// Nil when the episode earned the whole reward.
    static func rejection(of trajectory: Trajectory) -> Rejection? {
        if trajectory.outcome.isError { return Rejection(.error, trajectory.failure?.message ?? "") }
        if let reward = trajectory.score?.reward, reward >= 1 { return nil }
        let answer = trajectory.answer.map { ", its answer \($0.prefix(80))" } ?? ""
        return Rejection(.solutionDisagreed, "the solution ended with '\(trajectory.outcome.rawValue)'\(answer)")
    }

    /// A teacher's own episode: looked up, or made and stored. What fails around it becomes its failure, as in an episode.
    func recorded(_ key: EpisodeKey, _ task: AgentTask, _ body: (inout Trajectory) async throws -> Void) async throws
        -> Trajectory
    {
        if case .finished(let stored)? = try await context.store.stored(key), !stored.outcome.isError { return stored }
        var trajectory = Trajectory(
            key: key, task: task, policy: teacher.name, seed: RandomSource.derive(seed, [key.group, task.id]), turns: [],
            outcome: .finished)
        do {
            try await body(&trajectory)
        } catch let error as TemperError where error.cause is ContextLengthExceeded {
            trajectory.outcome = .contextLimit
            trajectory.score = Score(reward: 0)
        } catch let error as TemperError where [.budget, .interrupted, .usage].contains(error.code) {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            let boundary = (error as? TemperError)?.boundary ?? .policy
            trajectory.outcome = boundary == .policy ? .policyError : .environmentError
            trajectory.failure = EpisodeFailure(boundary: boundary, message: TemperError.describe(error))
        }
        try await context.store.episodeFinished(trajectory)
        return trajectory
    }

    /// Does work on many items, at most ``Recipe/Derive/concurrency`` at a time.
    ///
    /// - Returns: the values in the order of the items.
    /// - Throws: the first error; a reached budget only after what is on its way has come in.
    func each<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ label: String, _ body: @escaping @Sendable (Item) async throws -> Value
    ) async throws -> [Value] {
        var values = [Value?](repeating: nil, count: items.count)
        var progress = RolloutProgress(total: items.count)
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var next = 0
            func startOne() {
                guard next < items.count else { return }
                let (index, item) = (next, items[next])
                next += 1
                group.addTask { (index, try await body(item)) }
            }
            for _ in 0..<min(derive.concurrency, items.count) { startOne() }
            var budgetReached: (any Error)?
            while let result = await group.nextResult() {
                switch result {
                case .failure(let error):
                    guard (error as? TemperError)?.code == .budget else { throw error }
                    budgetReached = error
                case .success((let index, let value)):
                    values[index] = value
                    progress.done += 1
                    context.observer(.rollouts("derive \(suite.id) \(label)", progress))
                    if budgetReached == nil { startOne() }
                }
            }
            if let budgetReached { throw budgetReached }
        }
        return values.compactMap { $0 }
    }
}
