import Foundation
public import TemperCore

/// One policy on one task.
public enum Episode {
    /// Identical replies in a row that end an episode (AgentTuning, section 2.1).
    public static let repetitionLimit = 3

    /// Runs an episode to its end, or takes it up where an interrupted run left it.
    ///
    /// What the policy does badly is an ``Outcome``; what fails around it becomes a ``EpisodeFailure`` on the returned
    /// trajectory, never a score.
    ///
    /// - Throws: only what must stop the whole run: cancellation, a reached budget, a store that cannot be written.
    public static func run(
        _ key: EpisodeKey, task: AgentTask, suite: any Suite,
        environment makeEnvironment: () throws -> any Environment,
        policy: any LanguageModel, options: EpisodeOptions, seed: UInt64, sink: (any EpisodeSink)?
    ) async throws -> Trajectory {
        let stored = try await sink?.stored(key)
        if case .finished(let trajectory) = stored {
            if !trajectory.outcome.isError { return trajectory }
            try await sink?.discardPartial(key, reason: "it had ended in an error and is tried again")
        }
        var trajectory = Trajectory(
            key: key, task: task, policy: policy.name,
            seed: RandomSource.derive(seed, [key.task, "\(key.attempt)"]), turns: [],
            outcome: .finished)
        var partial: [Turn] = []
        if case .partial(let turns) = stored { partial = turns }
        do {
            let prompt =
                options.style == .task ? nil : try at(.environment) { try suite.prompt(for: key.method) }
            var environment = try at(.environment) { try makeEnvironment() }
            do {
                trajectory.opening = try await at(.environment) { try await environment.reset() }
                let isDone = try await replay(partial, into: &trajectory, environment: &environment, makeEnvironment, sink)
                if !isDone {
                    try await play(&trajectory, in: &environment, prompt, policy: policy, options: options, sink: sink)
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

    /// The loop: prompt, reply, action, observation, until the episode ends.
    private static func play(
        _ trajectory: inout Trajectory, in environment: inout any Environment, _ prompt: SuitePrompt?,
        policy: any LanguageModel, options: EpisodeOptions, sink: (any EpisodeSink)?
    ) async throws {
        let (key, task, opening) = (trajectory.key, trajectory.task, trajectory.opening)
        var isDone = false
        while true {
            let turns = trajectory.turns
            if isDone { break }
            if isRepeating(turns) {
                trajectory.outcome = .repeatedOutput
                break
            }
            if turns.count >= (key.method.usesTools ? options.maximumTurns : 1) {
                trajectory.outcome = .turnLimit
                break
            }
            let window = ContextWindow.fit(
                turns: turns, options: options, limit: options.contextTokens ?? policy.contextLimit,
                build: { dropped in
                    Conversation.messages(
                        prompt: prompt, style: options.style, task: task, opening: opening,
                        turns: turns,
                        droppedTurns: dropped)
                }, tokenCount: policy.tokenCount)
            guard let window else {
                trajectory.outcome = .contextLimit
                break
            }

            let started = ContinuousClock.now
            let choices =
                options.admissibleOnly || policy.wantsChoices ? admissibleReplies(environment, key.method, task.format) : []
            let request = CompletionRequest(
                messages: window.messages, maximumNewTokens: options.maximumNewTokens,
                temperature: options.temperature,
                topP: options.topP, stop: TurnText.stopStrings(for: key.method, format: task.format),
                seed: RandomSource.derive(trajectory.seed, ["turn \(turns.count)"]), choices: choices,
                scene: Scene(key: key, task: task, turns: turns, seed: trajectory.seed))
            let completion: Completion
            do {
                completion = try await at(.policy) { try await policy.complete(request) }
            } catch let error as BoundaryError where (error.cause as? TemperError)?.cause is ContextLengthExceeded {
                trajectory.outcome = .contextLimit
                break
            }

            var turn = read(completion, index: turns.count, key.method, task.format, author: policy.author)
            if completion.finishReason == .refused {
                turn.action = nil
                turn.diagnosis = "The model refused to answer."
                trajectory.outcome = .refused
                trajectory.turns.append(turn)
                try await sink?.turnFinished(turn, of: key)
                break
            }
            turn.droppedTurns = window.droppedTurns
            if let action = turn.action {
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
            if let action = turn.action {
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

    private static func read(_ completion: Completion, index: Int, _ method: Method, _ format: TurnFormat, author: Author)
        -> Turn
    {
        let text = TurnText.trimmed(completion.text, method: method, format: format)
        let reading = TurnText.read(completion.text, method: method, format: format)
        var diagnosis = reading.diagnosis
        if diagnosis != nil, completion.finishReason == .length {
            diagnosis = "The reply was cut off at the token limit. " + (diagnosis ?? "")
        }
        return Turn(
            index: index, reply: [Span(text, by: author)], thought: reading.thought,
            action: reading.action,
            diagnosis: diagnosis, usage: completion.usage, price: completion.price)
    }

    private static func admissibleReplies(_ environment: any Environment, _ method: Method, _ format: TurnFormat) -> [String] {
        guard method.usesTools, let actions = environment.admissibleActions else { return [] }
        return actions.map { TurnText.write(thought: nil, action: $0, format: format) }
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
