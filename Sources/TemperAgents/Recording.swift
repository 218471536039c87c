public import TemperCore

/// Saved trajectories that stand in for a policy: `recording:PATH`.
///
/// Nothing is asked anew. Every reply is read again from its raw text, scored again by the suite, and stored as if the
/// episode had just run; the observations are the recorded ones.
public enum Recording {
    /// Replays trajectories into a sink under another group.
    ///
    /// - Returns: the replayed trajectories in the order given.
    public static func replay(
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
                trajectory.turns = recorded.turns.map { reread($0, method: recorded.key.method) }
                trajectory.answer = finalAnswer(trajectory.turns)
                if !trajectory.outcome.isError {
                    trajectory.score = try suites(recorded.task.suite).score(
                        answer: trajectory.answer, for: recorded.task)
                }
                for turn in trajectory.turns { try await sink?.turnFinished(turn, of: trajectory.key) }
                try await sink?.episodeFinished(trajectory)
            }
            replayed.append(trajectory)
            state.done += 1
            progress(state)
        }
        return replayed
    }

    /// A turn read again from its raw text.
    public static func reread(_ turn: Turn, method: Method) -> Turn {
        let reading = TurnText.read(turn.replyText, method: method)
        var result = turn
        result.thought = reading.thought
        result.action = reading.action
        result.diagnosis = reading.diagnosis
        return result
    }

    /// The argument of the last `finish[…]`, read from the raw text of the last turn.
    public static func finalAnswer(_ turns: [Turn]) -> String? {
        guard let action = turns.last?.action, action.name.lowercased() == "finish" else { return nil }
        return action.argument
    }
}
