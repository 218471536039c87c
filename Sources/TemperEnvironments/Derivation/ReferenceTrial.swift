package import TemperCore

/// Plays fixed actions in a task's own environment.
package enum ReferenceTrial {
    /// Why a task cannot be used: its reference does not solve it, or nothing at all does.
    ///
    /// - Returns: nil when the reference earns reward 1 and no ending without work earns anything.
    /// - Throws: ``TemperError`` with code `unavailable` when the environment is not available; `CancellationError`.
    package static func rejection(of task: AgentTask, in suite: any Suite, _ derivation: any TaskDerivation) async throws
        -> Rejection?
    {
        do {
            guard try derivation.referenceAction(for: task, after: []) != nil else {
                return Rejection(.noReference, "the task has no reference solution")
            }
            let reference = try await play(task, in: suite) { try derivation.referenceAction(for: task, after: $0) }
            guard reference.reward >= 1 else {
                let last = reference.turns.last { $0.observation?.isEmpty == false }?.observation
                let shown = last.map { "; it showed: \(TurnText.oneLine(String($0.prefix(120))))" } ?? ""
                return Rejection(.referenceFailed, "the check refuses the reference\(shown)")
            }
            for idle in derivation.idleActions(for: task) {
                let reward = try await play(task, in: suite) { $0.isEmpty ? idle : nil }.reward
                if reward > 0 { return Rejection(.checkAcceptsNothing, "'\(idle.text)' alone earns \(reward)") }
            }
            return nil
        } catch let error as TemperError where [.data, .internal].contains(error.code) {
            return Rejection(.referenceFailed, error.message)
        }
    }

    /// Plays until the episode ends, the actions do or the suite's turn limit is reached.
    static func play(_ task: AgentTask, in suite: any Suite, _ next: ([Turn]) throws -> Action?) async throws -> (
        reward: Double, turns: [Turn]
    ) {
        var environment = try suite.makeEnvironment(for: task)
        do {
            _ = try await environment.reset()
            var turns: [Turn] = []
            while turns.count < suite.maximumTurns, let action = try next(turns) {
                let step = try await environment.step(action)
                turns.append(
                    Turn(index: turns.count, reply: [], action: action, observation: step.isDone ? nil : step.observation))
                if step.isDone { break }
            }
            let reward = try await environment.score().reward
            await environment.close()
            return (reward, turns)
        } catch {
            await environment.close()
            throw error
        }
    }
}
