import Foundation
package import TemperCore

extension ResultRow {
    /// Sums up the episodes of one policy: per suite, split and method a row over all tasks, then one per group.
    ///
    /// Errors are never a score: they are left out of n and counted. A missing episode counts as reward 0 and 0 in every
    /// metric, inside n, and so does any other episode that ended without a score. A metric that only some scores carry
    /// is left out and noted. Several attempts at a task count with their mean, and intervals treat tasks as independent.
    ///
    /// - Parameters:
    ///   - kind: of the suites.
    ///   - trials: how many episodes an attempt may take in Reflexion: the last of them is scored, all are paid for.
    ///   - seed: of the run; each row's bootstrap has a generator of its own derived from it.
    ///   - groupings: each applied where tasks carry its tag.
    ///   - notes: put on every row.
    /// - Throws: ``TemperError`` with code `unavailable` when every episode errored, naming what failed most, and with code
    ///   `data` when there are no episodes.
    package static func summarise(
        _ trajectories: [Trajectory], policy: String, seed: UInt64, promptStyle: PromptStyle? = nil,
        kind: SuiteKind? = nil, trials: Int = 1,
        groupings: [Grouping] = [.heldOut, .shape, .kind], resamples: Int = Statistics.defaultResamples, notes: [String] = []
    ) throws -> [ResultRow] {
        guard !trajectories.isEmpty else {
            throw TemperError(.data, "there are no episodes of '\(policy)' to sum up", hint: "check the limit and the split")
        }
        if trajectories.allSatisfy(\.outcome.isError) { throw allErrored(trajectories, policy: policy) }
        var rows: [ResultRow] = []
        for (_, members) in trajectories.grouped(by: { [$0.task.suite, $0.task.split, $0.key.method.rawValue] }) {
            let first = members[0]
            let blank = ResultRow(
                policy: policy, suite: first.task.suite, split: first.task.split, method: first.key.method,
                promptStyle: promptStyle, kind: kind, n: 0, meanReward: nil, interval: nil, seed: seed, notes: notes)
            rows.append(blank.filled(with: members, trials: trials, resamples: resamples))
            for grouping in groupings {
                for group in grouping.groups(of: members) {
                    var row = blank
                    row.group = group.label
                    row.groupBy = grouping.tag
                    rows.append(row.filled(with: group.members, trials: trials, resamples: resamples))
                }
            }
        }
        return rows
    }

    private func filled(with all: [Trajectory], trials: Int, resamples: Int) -> ResultRow {
        var row = self
        let usage = all.reduce(TokenUsage()) { $0 + $1.usage }
        row.tokens = Tokens(prompt: usage.promptTokens, completion: usage.completionTokens, isEstimated: usage.isEstimated)
        row.priceDollars = all.reduce(0) { $0 + $1.price }
        row.seconds = all.reduce(0) { $0 + $1.seconds }
        let trajectories = all.lastTrials(of: method.text.reflects ? trials : 1)
        for trajectory in trajectories {
            row.outcomes[trajectory.outcome.rawValue, default: 0] += 1
            if let boundary = trajectory.errorBoundary { row.errorsByBoundary[boundary.rawValue, default: 0] += 1 }
        }
        let scored = trajectories.filter { !$0.outcome.isError }
        row.n = scored.count
        row.errors = trajectories.count - scored.count
        row.missing = scored.count { $0.outcome == .missing }
        row.meanTurns = Statistics.mean(scored.filter { $0.outcome != .missing }.map { Double($0.turns.count) })
        let heldOut = Set(trajectories.map { $0.task.tags[Grouping.heldOut.tag] })
        if heldOut.count == 1, let value = heldOut.first, let value { row.isShapeHeldOut = value == "true" }

        let tasks = scored.grouped(by: \.task.id).map(\.members)
        let rewards = tasks.map { $0.mean { $0.score?.reward ?? 0 } }
        row.meanReward = Statistics.mean(rewards)
        row.interval = interval(of: rewards, named: Self.reward, resamples: resamples)
        let passes = PassAtK.all(
            tasks.map { attempts in (attempts.count, attempts.count { ($0.score?.reward ?? 0) >= 1 }) },
            random: { generator("pass@\($0)") }, resamples: resamples)
        if !passes.isEmpty { row.passAtK = passes }
        let scores = scored.compactMap(\.score)
        for name in Set(scores.flatMap(\.metrics.keys)).sorted() {
            let carriers = scores.count { $0.metrics[name] != nil }
            guard carriers == scores.count else {
                row.notes.append("\(name) is left out: only \(carriers) of \(scores.count) scores carry it")
                continue
            }
            let values = tasks.map { $0.mean { $0.score?.metrics[name] ?? 0 } }
            row.metrics[name] = Statistics.mean(values)
            row.metricIntervals[name] = interval(of: values, named: name, resamples: resamples)
        }
        return row
    }

    private func interval(of values: [Double], named metric: String, resamples: Int) -> Interval? {
        var random = generator(metric)
        return Statistics.interval(of: values, using: &random, resamples: resamples)
    }

    /// The generator of one figure's bootstrap.
    private func generator(_ figure: String) -> RandomSource {
        RandomSource(seed: seed, "interval", policy, suite, split, method.rawValue, group, figure)
    }

    private static func allErrored(_ trajectories: [Trajectory], policy: String) -> TemperError {
        var counts: [EpisodeFailure: Int] = [:]
        for trajectory in trajectories {
            let boundary = trajectory.errorBoundary ?? .policy
            let message = trajectory.failure?.message ?? trajectory.outcome.rawValue.replacingOccurrences(of: "_", with: " ")
            counts[EpisodeFailure(boundary: boundary, message: message), default: 0] += 1
        }
        let most = counts.max { ($0.value, $1.key.message) < ($1.value, $0.key.message) }
        let boundary = most?.key.boundary ?? .policy
        let message =
            "all \(trajectories.count) episodes of '\(policy)' failed; "
            + "most often the \(boundary.rawValue) (\(most?.value ?? 0) of \(trajectories.count)): \(most?.key.message ?? "")"
        return TemperError(.unavailable, message, hint: boundary.mendingHint, boundary: boundary)
    }
}

extension Trajectory {
    /// Which part of the world failed; nil when the episode did not error.
    var errorBoundary: TemperError.Boundary? {
        guard outcome.isError else { return nil }
        return failure?.boundary ?? (outcome == .policyError ? .policy : .environment)
    }
}

extension TemperError.Boundary {
    /// What a person can do when everything failed here.
    var mendingHint: String {
        switch self {
        case .policy: "check that the policy's service answers and that its key is set, then run the same command again"
        case .environment: "check that the environment's data and services are at hand (temper doctor), then run again"
        case .sandbox: "check the sandbox (temper doctor), then run again"
        case .data: "check the task files the suite reads, then run again"
        case .recipe: "mend the recipe, then run again"
        case .engine: "check that the model folder is whole (config.json, tokenizer.json, weights), then run again"
        case .device: "check free memory and disk space, then run again"
        }
    }
}

extension [Trajectory] {
    /// The mean of a figure; 0 of none.
    fileprivate func mean(_ figure: (Trajectory) -> Double) -> Double { Statistics.mean(map(figure)) ?? 0 }
}
