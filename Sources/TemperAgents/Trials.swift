package import TemperCore

/// Reflexion between trials (Shinn et al. 2023): try, reflect on the failure, try again with the reflections in the prompt.
///
/// Each trial is an attempt of its own; trial t of attempt a has the attempt number a × trials + t. A reflection is recorded on
/// the first turn of the trial that it leads to, with the tokens and the price of writing it.
package enum Trials {
    /// What the policy is asked after a failed trial.
    static let question =
        "The task is not solved, and this trial is over. In two or three sentences, say what went wrong and what you will do "
        + "differently in the next trial. Write nothing else."

    /// Runs trials until one succeeds, one ends in an error, or there are no more.
    ///
    /// A trial that is stored is not run again, and a stored first turn brings its reflections with it.
    ///
    /// - Returns: the trials, in order.
    /// - Throws: what ``Episode/run(_:task:suite:environment:policy:options:reflections:seed:sink:)`` throws.
    package static func run(
        _ key: EpisodeKey, task: AgentTask, suite: any Suite, environment: () throws -> any Environment,
        policy: any LanguageModel, options: EpisodeOptions, seed: UInt64, sink: (any EpisodeSink)?
    ) async throws -> [Trajectory] {
        var trials: [Trajectory] = []
        var reflections: [String] = []
        while trials.count < options.reflexion.trials {
            var trialKey = key
            trialKey.attempt = key.attempt * options.reflexion.trials + trials.count
            var lead: Lead?
            if let failed = trials.last {
                let stored = try await storedReflections(trialKey, sink)
                if let stored, stored.count == trials.count {
                    reflections = stored
                } else {
                    do {
                        let written = try await reflection(on: failed, suite, reflections, policy: policy, options: options)
                        guard let written else { break }
                        reflections.append(written.text)
                        lead = .cost(written)
                    } catch let error as TemperError where ![.budget, .interrupted, .usage].contains(error.code) {
                        // The next trial fails with it, and is tried again as any failed episode is.
                        lead = .failure(error)
                    }
                }
            }
            let trial = try await Episode.run(
                trialKey, task: task, suite: suite, environment: environment,
                policy: lead.map { AfterReflection(policy, $0) } ?? policy, options: options, reflections: reflections,
                seed: seed,
                sink: sink)
            trials.append(trial)
            if trial.outcome.isError || (trial.score?.reward ?? 0) >= 1 { break }
        }
        return trials
    }

    private static func storedReflections(_ key: EpisodeKey, _ sink: (any EpisodeSink)?) async throws -> [String]? {
        switch try await sink?.stored(key) {
        case .finished(let trajectory): trajectory.turns.first?.reflections
        case .partial(let turns): turns.first?.reflections
        case nil: nil
        }
    }

    /// Asks for a reflection; nil when the policy does not answer: the failed trial is then the last.
    private static func reflection(
        on failed: Trajectory, _ suite: any Suite, _ earlier: [String], policy: any LanguageModel, options: EpisodeOptions
    ) async throws -> Completion? {
        let prompt = options.style == .task ? nil : try suite.prompt(for: failed.key.method.promptMethod)
        let asking = Asking(prompt, policy: policy, options: options, reflections: earlier)
        guard var messages = asking.window(failed)?.messages else { return nil }
        messages.append(Message(.user, question, by: .instruction))
        let request = CompletionRequest(
            messages: alternating(messages), maximumNewTokens: options.maximumNewTokens, temperature: options.temperature,
            topP: options.topP, seed: RandomSource.derive(failed.seed, ["reflection"]),
            scene: Scene(key: failed.key, task: failed.task, turns: failed.turns, purpose: .reflection, seed: failed.seed))
        do {
            var completion = try await policy.complete(request)
            completion.text = TurnText.oneLine(completion.text)
            return completion.text.isEmpty || completion.finishReason == .refused ? nil : completion
        } catch let error as TemperError where error.cause is ContextLengthExceeded {
            return nil
        }
    }

    /// Two messages of one role in a row become one: chat templates want speakers to take turns.
    private static func alternating(_ messages: [Message]) -> [Message] {
        messages.reduce(into: []) { result, message in
            if let last = result.last, last.role == message.role {
                result[result.count - 1].spans += [Span("\n\n", by: .instruction)] + message.spans
            } else {
                result.append(message)
            }
        }
    }
}

/// What the reflection before a trial came to.
private enum Lead: Sendable {
    case cost(Completion)
    case failure(TemperError)
}

/// A policy whose first answer carries the cost of the reflection before it, or its failure.
private struct AfterReflection: LanguageModel {
    private let base: any LanguageModel
    private let lead: Lead

    init(_ base: any LanguageModel, _ lead: Lead) {
        self.base = base
        self.lead = lead
    }

    var name: String { base.name }
    var author: Author { base.author }
    var contextLimit: Int? { base.contextLimit }
    var wantsChoices: Bool { base.wantsChoices }
    var takesTools: Bool { base.takesTools }
    func tokenCount(_ messages: [Message]) -> Int { base.tokenCount(messages) }

    func complete(_ request: CompletionRequest) async throws -> Completion {
        if case .failure(let error) = lead { throw error }
        var completion = try await base.complete(request)
        if case .cost(let reflection) = lead, request.scene?.turns.isEmpty == true {
            completion.usage = completion.usage + reflection.usage
            completion.price += reflection.price
        }
        return completion
    }
}
