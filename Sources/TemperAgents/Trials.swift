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
    /// - Throws: what ``Episode/run()`` throws.
    package static func run(_ episode: Episode) async throws -> [Trajectory] {
        var trials: [Trajectory] = []
        var trial = episode
        let most = episode.options.reflexion.trials
        while trials.count < most {
            trial.key.attempt = episode.key.attempt * most + trials.count
            trial.reflections.latest = nil
            if let failed = trials.last {
                let stored = try await storedReflections(trial)
                if let stored, stored.count == trials.count {
                    trial.reflections.texts = stored
                } else {
                    do {
                        guard let written = try await reflection(on: failed, trial) else { break }
                        trial.reflections.texts.append(written.text)
                        trial.reflections.latest = .success(written)
                    } catch let error as TemperError where ![.budget, .interrupted, .usage].contains(error.code) {
                        // The next trial fails with it, and is tried again as any failed episode is.
                        trial.reflections.latest = .failure(error)
                    }
                }
            }
            let trajectory = try await trial.run()
            trials.append(trajectory)
            if trajectory.outcome.isError || (trajectory.score?.reward ?? 0) >= 1 { break }
        }
        return trials
    }

    private static func storedReflections(_ trial: Episode) async throws -> [String]? {
        switch try await trial.sink?.stored(trial.key) {
        case .finished(let trajectory): trajectory.turns.first?.reflections
        case .partial(let turns): turns.first?.reflections
        case nil: nil
        }
    }

    /// Asks for a reflection; nil when the policy does not answer: the failed trial is then the last.
    private static func reflection(on failed: Trajectory, _ trial: Episode) async throws -> Completion? {
        let options = trial.options
        let prompt = options.style == .task ? nil : try trial.suite.prompt(for: failed.key.method.promptMethod)
        guard var messages = Asking(prompt, trial).window(failed)?.messages else { return nil }
        messages.append(Message(.user, question, by: .instruction))
        let request = CompletionRequest(
            messages: alternating(messages), maximumNewTokens: options.maximumNewTokens, temperature: options.temperature,
            topP: options.topP, seed: RandomSource.derive(failed.seed, ["reflection"]))
        let scene = Scene(key: failed.key, task: failed.task, turns: failed.turns, purpose: .reflection, seed: failed.seed)
        do {
            var completion = try await trial.policy.complete(request, in: scene)
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

/// What an episode starts with when trials at its task went before.
struct Reflections: Sendable {
    /// What the policy wrote after them, oldest first.
    var texts: [String] = []
    /// What writing the last one came to: its cost is recorded on the first turn, and its failure is the episode's. Nil where it
    /// was not written now.
    var latest: Result<Completion, TemperError>?
}
