import Foundation
package import TemperCore

/// One policy on one task.
package struct Episode: Sendable {
    /// Identical replies in a row that end an episode (AgentTuning, section 2.1).
    package static let repetitionLimit = 3

    package var key: EpisodeKey
    package var task: AgentTask
    package var suite: any Suite
    package var policy: Policy
    /// Whose words the policy's replies are: a teacher's while collecting.
    package var author: Author
    package var options: EpisodeOptions
    /// Of the run; the episode's own is derived from it.
    package var seed: UInt64
    package var sink: (any EpisodeSink)?
    /// The environment to act on; the suite's own unless a control replaces it.
    package var makeEnvironment: @Sendable () throws -> any Environment
    /// What earlier trials at the task led to.
    var reflections = Reflections()

    package init(
        key: EpisodeKey, task: AgentTask, suite: any Suite, policy: Policy, author: Author, options: EpisodeOptions,
        seed: UInt64, sink: (any EpisodeSink)?, makeEnvironment: (@Sendable () throws -> any Environment)? = nil
    ) {
        self.key = key
        self.task = task
        self.suite = suite
        self.policy = policy
        self.author = author
        self.options = options
        self.seed = seed
        self.sink = sink
        self.makeEnvironment = makeEnvironment ?? { try suite.makeEnvironment(for: task) }
    }

    /// Runs an episode to its end, or takes it up where an interrupted run left it.
    ///
    /// What the policy does badly is an ``Outcome``; what fails around it becomes a ``EpisodeFailure`` on the returned
    /// trajectory, never a score.
    ///
    /// - Throws: only what must stop the whole run: cancellation, a reached budget, a store that cannot be written.
    package func run() async throws -> Trajectory {
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
                ? nil : try Self.at(.environment) { try suite.prompt(for: key.method.promptMethod) }
            var environment = try Self.at(.environment) { try makeEnvironment() }
            do {
                trajectory.opening = try await Self.at(.environment) { try await environment.reset() }
                let isDone = try await replay(partial, into: &trajectory, environment: &environment)
                if !isDone { try await play(&trajectory, in: &environment, Asking(prompt, self)) }
                trajectory.answer = environment.answer
                trajectory.score = try await Self.at(.environment) { try await environment.score() }
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
    private func play(_ trajectory: inout Trajectory, in environment: inout any Environment, _ asking: Asking) async throws {
        var isDone = false
        while !isDone {
            if Self.isRepeating(trajectory.turns) {
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
                    reply = try await Self.at(.policy) { [trajectory] in try await asking.reply(to: trajectory, choices: choices)
                    }
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
                let step = try await Self.at(.environment) { try await environment.step(action) }
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
    private func replay(
        _ turns: [Turn], into trajectory: inout Trajectory, environment: inout any Environment
    ) async throws -> Bool {
        var isDone = false
        for turn in turns {
            if let action = turn.effectiveAction {
                let step = try await Self.at(.environment) { try await environment.step(action) }
                isDone = step.isDone
                if !isDone, step.observation != turn.observation {
                    try await sink?.discardPartial(
                        trajectory.key, reason: "turn \(turn.index) now leads to another observation")
                    await environment.close()
                    environment = try Self.at(.environment) { try makeEnvironment() }
                    trajectory.opening = try await Self.at(.environment) { try await environment.reset() }
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
