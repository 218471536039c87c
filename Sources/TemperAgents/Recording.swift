package import TemperCore

/// Saved trajectories that stand in for a policy: `recording:PATH`.
///
/// Nothing is asked again. Every reply is read again from its raw text, scored again by the suite, and stored as if the
/// episode had just run; the observations are the recorded ones.
package enum Recording {
    /// Replays trajectories into a sink under another group.
    ///
    /// - Returns: the replayed trajectories in the order given.
    package static func replay(
        _ trajectories: [Trajectory], group: String, suites: (String) throws -> any Suite,
        sink: (any EpisodeSink)?,
        progress: (RolloutProgress) -> Void = { _ in }
    ) async throws -> [Trajectory] {
        var state = RolloutProgress(total: trajectories.count)
        var replayed: [Trajectory] = []
        for recorded in trajectories {
            var trajectory = recorded
            trajectory.key.group = group
            if case .finished(let stored) = try await sink?.stored(trajectory.key) {
                trajectory = stored
            } else {
                trajectory = try await rescored(trajectory, suite: suites(recorded.task.suite))
                for turn in trajectory.turns { try await sink?.turnFinished(turn, of: trajectory.key) }
                try await sink?.episodeFinished(trajectory)
            }
            replayed.append(trajectory)
            state.done += 1
            progress(state)
        }
        return replayed
    }

    /// A trajectory read again from its raw text and scored again: by its answer alone, or, where the world's state decides, by
    /// carrying out its actions in a fresh environment. One that ended in an error keeps what it has.
    ///
    /// - Throws: what the environment throws.
    package static func rescored(_ stored: Trajectory, suite: any Suite) async throws -> Trajectory {
        guard !stored.outcome.isError, stored.outcome != .missing else { return stored }
        var trajectory = stored
        trajectory.turns = stored.turns.map { reread($0, method: stored.key.method, format: stored.task.format) }
        trajectory.answer = finalAnswer(trajectory.turns)
        if let score = suite.score(answer: trajectory.answer, for: stored.task) {
            trajectory.score = score
            return trajectory
        }
        var environment = try suite.makeEnvironment(for: stored.task)
        do {
            _ = try await environment.reset()
            for action in trajectory.turns.compactMap(\.effectiveAction) {
                if try await environment.step(action).isDone { break }
            }
            trajectory.answer = environment.answer
            trajectory.score = try await environment.score()
        } catch {
            await environment.close()
            throw error
        }
        await environment.close()
        return trajectory
    }

    /// A turn read again from its raw text. What was carried out in its place stays.
    package static func reread(_ turn: Turn, method: Method, format: TurnFormat = .react) -> Turn {
        let reading = TurnText.read(turn.replyText, method: method, format: format)
        var result = turn
        result.thought = reading.thought
        result.action = reading.action
        result.diagnosis = reading.diagnosis
        return result
    }

    /// The argument of the last `finish[…]` or `answer[…]`, read from the raw text of the last turn.
    package static func finalAnswer(_ turns: [Turn]) -> String? {
        guard let action = turns.last?.effectiveAction, ["finish", "answer"].contains(action.name.lowercased()) else {
            return nil
        }
        return action.argument
    }
}
