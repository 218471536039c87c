import Foundation
package import TemperCore

/// One policy on one task.
package enum Episode {
    /// Identical replies in a row that end an episode (AgentTuning, section 2.1).
    package static let repetitionLimit = 3

    /// Runs an episode to its end, or takes it up where an interrupted run left it.
    ///
    /// What the policy does badly is an ``Outcome``; what fails around it becomes a ``EpisodeFailure`` on the returned
    /// trajectory, never a score.
    ///
    /// - Parameter reflections: what the policy wrote after earlier trials at the task.
    /// - Throws: only what must stop the whole run: cancellation, a reached budget, a store that cannot be written.
    package static func run(
        _ key: EpisodeKey, task: AgentTask, suite: any Suite,
        environment makeEnvironment: () throws -> any Environment,
        policy: any LanguageModel, options: EpisodeOptions, reflections: [String] = [], seed: UInt64,
        sink: (any EpisodeSink)?
    ) async throws -> Trajectory {
        let stored = try await sink?.stored(key)
        if case .finished(let trajectory) = stored {
            if !trajectory.outcome.isError { return trajectory }
            try await sink?.discardPartial(key, reason: "it had ended in an error and is tried again")
        }
        var trajectory = Trajectory(
            key: key, task: task, policy: policy.name,
            seed: Self.seed(of: key, run: seed), turns: [],
            outcome: .finished)
        var partial: [Turn] = []
        if case .partial(let turns) = stored { partial = turns }
        do {
            let prompt =
                options.style == .task && !(key.method.text.callsFunctions && policy.takesTools)
                ? nil : try at(.environment) { try suite.prompt(for: key.method.promptMethod) }
            var environment = try at(.environment) { try makeEnvironment() }
            do {
                trajectory.opening = try await at(.environment) { try await environment.reset() }
                let isDone = try await replay(partial, into: &trajectory, environment: &environment, makeEnvironment, sink)
                if !isDone {
                    let asking = Asking(prompt, policy: policy, options: options, reflections: reflections)
                    try await play(&trajectory, in: &environment, asking, sink: sink)
                }
                trajectory.answer = environment.answer
                trajectory.score = try await at(.environment) { try await environment.score() }
            } catch {
                await environment.close()
                throw error
            }
            await environment.close()
        } catch let error as BoundaryError {
            trajectory.outcome = error.boundary == .policy ? .policyError : .environmentError
            trajectory.failure = EpisodeFailure(
                boundary: error.boundary, message: TemperError.describe(error.cause))
        }
        try await sink?.episodeFinished(trajectory)
        return trajectory
    }

    /// Of everything drawn in an episode. The first three methods share theirs, as they always did; the others have their own, so
    /// that one script in several methods does not write the same episode several times.
    static func seed(of key: EpisodeKey, run seed: UInt64) -> UInt64 {
        let own = key.method.text.sharesDraws ? [] : [key.method.rawValue]
        return RandomSource.derive(seed, [key.task, "\(key.attempt)"] + own)
    }

    /// The loop: prompt, reply, action, observation, until the episode ends.
    private static func play(
        _ trajectory: inout Trajectory, in environment: inout any Environment, _ asking: Asking, sink: (any EpisodeSink)?
    ) async throws {
        let (key, options) = (trajectory.key, asking.options)
        var isDone = false
        while !isDone {
            if isRepeating(trajectory.turns) {
                trajectory.outcome = .repeatedOutput
                break
            }
            if trajectory.turns.count >= (key.method.usesTools ? options.maximumTurns : 1) {
                trajectory.outcome = .turnLimit
                break
            }
            let started = ContinuousClock.now
            var turn: Turn
            if let planned = key.method.text.turn(after: trajectory.turns) {
                turn = planned
            } else {
                let choices = asking.choices(in: environment, key.method, trajectory.task.format)
                let reply: Asking.Reply?
                do {
                    reply = try await at(.policy) { [trajectory] in try await asking.reply(to: trajectory, choices: choices) }
                } catch let error as BoundaryError where (error.cause as? TemperError)?.cause is ContextLengthExceeded {
                    reply = nil
                }
                guard let reply else {
                    trajectory.outcome = .contextLimit
                    break
                }
                turn = reply.turn
                if reply.isRefused {
                    trajectory.outcome = .refused
                    trajectory.turns.append(turn)
                    try await sink?.turnFinished(turn, of: key)
                    break
                }
            }
            if turn.carriedOut == nil, let least = options.nearestAction, let actions = environment.admissibleActions {
                turn.carriedOut = NearestAction.choose(
                    for: turn, among: actions, listsAll: environment.listsAllActions, threshold: least)
            }
            if let action = turn.effectiveAction {
                let step = try await at(.environment) { try await environment.step(action) }
                isDone = step.isDone
                turn.observation = step.isDone ? nil : step.observation
                if !step.isValid { turn.diagnosis = step.observation }
            } else {
                turn.observation = turn.diagnosis
            }
            turn.seconds = (ContinuousClock.now - started) / .seconds(1)
            trajectory.turns.append(turn)
            try await sink?.turnFinished(turn, of: key)
        }
    }

    /// Steps a fresh environment through stored turns.
    ///
    /// - Returns: whether the stored turns already end the episode. When an observation differs from the stored one, the
    ///   stored attempt is set aside and the episode starts clean.
    private static func replay(
        _ turns: [Turn], into trajectory: inout Trajectory, environment: inout any Environment,
        _ makeEnvironment: () throws -> any Environment, _ sink: (any EpisodeSink)?
    ) async throws -> Bool {
        var isDone = false
        for turn in turns {
            if let action = turn.effectiveAction {
                var current = environment
                let step = try await at(.environment) { try await current.step(action) }
                environment = current
                isDone = step.isDone
                if !isDone, step.observation != turn.observation {
                    try await sink?.discardPartial(
                        trajectory.key, reason: "turn \(turn.index) now leads to another observation")
                    await environment.close()
                    environment = try at(.environment) { try makeEnvironment() }
                    var fresh = environment
                    trajectory.opening = try await at(.environment) { try await fresh.reset() }
                    environment = fresh
                    trajectory.turns = []
                    return false
                }
            }
            trajectory.turns.append(turn)
        }
        return isDone
    }

    private static func isRepeating(_ turns: [Turn]) -> Bool {
        guard turns.count >= repetitionLimit, let last = turns.last?.replyText else { return false }
        return turns.suffix(repetitionLimit).allSatisfy { $0.replyText == last }
    }

    /// A failure attributed to the part of the world it came from.
    private struct BoundaryError: Error {
        var boundary: TemperError.Boundary
        var cause: any Error
    }

    private static func at<Value>(_ boundary: TemperError.Boundary, _ body: () async throws -> Value)
        async throws -> Value
    {
        do {
            return try await body()
        } catch {
            throw attributed(error, boundary)
        }
    }

    private static func at<Value>(_ boundary: TemperError.Boundary, _ body: () throws -> Value) throws
        -> Value
    {
        do {
            return try body()
        } catch {
            throw attributed(error, boundary)
        }
    }

    private static func attributed(_ error: any Error, _ boundary: TemperError.Boundary) -> any Error {
        if error is CancellationError { return error }
        if let error = error as? TemperError, [.budget, .interrupted, .usage].contains(error.code) {
            return error
        }
        return BoundaryError(boundary: (error as? TemperError)?.boundary ?? boundary, cause: error)
    }
}
