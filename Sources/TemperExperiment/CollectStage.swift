import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments

/// Runs the collecting policy over its tasks.
enum CollectStage {
    static let group = "collect"

    static func run(_ context: RunContext) async throws -> String {
        guard let collect = context.recipe.collect else { return "" }
        context.observer(.stageStarted(.collect, collect.policy))
        let trajectories: [Trajectory]
        if collect.policy.hasPrefix("recording:") {
            let recorded = try RecordedTrajectories.load(
                String(collect.policy.dropFirst("recording:".count)), select: collect.suites)
            trajectories = try await Recording.replay(
                recorded, group: group, suites: { try context.suite($0) }, sink: context.store,
                progress: { context.observer(.rollouts("collect", $0)) })
        } else {
            trajectories = try await rollOut(collect, context)
        }
        let errors = trajectories.filter(\.outcome.isError)
        if !trajectories.isEmpty, errors.count == trajectories.count {
            throw TemperError(
                .unavailable, "every episode failed: \(errors.first?.failure?.message ?? "")",
                hint: "mend what failed and run the same command again", boundary: errors.first?.failure?.boundary)
        }
        let solved = trajectories.count { $0.score?.reward == 1 }
        return "\(trajectories.count) episodes, \(solved) with reward 1, \(errors.count) errors"
    }

    private static func rollOut(_ collect: Recipe.Collect, _ context: RunContext) async throws -> [Trajectory] {
        var trajectories: [Trajectory] = []
        for (suiteID, selection) in collect.suites.sorted(by: { $0.key < $1.key }) {
            let suite = try context.suite(suiteID)
            let policy = try await context.policies.policy(collect.policy, for: suite)
            let split = context.recipe.collectSplit(suiteID, selection)
            let limit = selection.limit == 0 ? nil : selection.limit
            let tasks =
                split == Recipe.derivedSplit
                ? try DeriveStage.tasks(of: suiteID, in: context.folder, limit: limit)
                : try suite.tasks(split: split, limit: limit)
            let seed = collect.episodes.seed ?? context.recipe.seed
            let options = collect.episodes.options(for: suite)
            let episodes = draws(tasks, suite: suite, collect: collect, seed: seed).map { key, task in
                Episode(
                    key: key, task: task, suite: suite, policy: policy, author: .teacher, options: options, seed: seed,
                    sink: context.store)
            }
            trajectories += try await Rollouts.run(
                episodes, concurrency: collect.concurrency, progress: { context.observer(.rollouts("collect \(suiteID)", $0)) })
        }
        return trajectories
    }

    /// Every task with every method that a draw of its own gives it, once for each attempt.
    static func draws(_ tasks: [AgentTask], suite: any Suite, collect: Recipe.Collect, seed: UInt64) -> [(
        key: EpisodeKey, task: AgentTask
    )] {
        let methods = collect.methods.sorted { $0.key < $1.key }.compactMap { name, share in
            Method(rawValue: name).map { ($0, share) }
        }
        return tasks.flatMap { task in
            methods.flatMap { method, share -> [(key: EpisodeKey, task: AgentTask)] in
                var draw = RandomSource(seed: seed, "method", task.id, method.rawValue)
                guard draw.chance(share) else { return [] }
                return (0..<collect.episodes.attempts).map {
                    (EpisodeKey(group: group, suite: suite.id, task: task.id, method: method, attempt: $0), task)
                }
            }
        }
    }
}

/// Trajectories named by a `recording:` policy: a results file of a known format, or another run's folder.
enum RecordedTrajectories {
    static func load(_ path: String, select: [String: Recipe.SuiteSelection]) throws -> [Trajectory] {
        let url = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw TemperError(.data, "the recording does not exist", hint: "give a results file or a run folder", place: path)
        }
        let all: [Trajectory]
        if isFolder.boolValue {
            let store = try RunStore(RunFolder.existing(url))
            all = try store.trajectories(group: CollectStage.group) + store.trajectories(group: RunImport.group)
        } else {
            all = try ImportFormats.named("fireact-results").read(
                url, options: ImportOptions(isStrict: true, score: { AnswerMetrics.score($0, $1) })
            ).trajectories
        }
        guard !all.isEmpty else {
            throw TemperError(.data, "the recording holds no finished episode", place: path, boundary: .data)
        }
        guard !select.isEmpty else { return all }
        return select.keys.sorted().flatMap { suite -> [Trajectory] in
            let chosen = all.filter { $0.task.suite == suite }
            let limit = select[suite]?.limit ?? 0
            return limit > 0 ? Array(chosen.prefix(limit)) : chosen
        }
    }
}
