import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments

extension DeriveWork {
    /// Trajectories of references: every action is the reference's, every thought the teacher's.
    func thoughts(_ source: Recipe.DeriveSource, _ tasks: inout [AgentTask], _ parts: inout [DeriveReport.Part]) async throws {
        var part = DeriveReport.Part(suite: suite.id, way: Way.thoughts.rawValue)
        let held = try await held(source, .thoughts, &part)
        let prompt = try suite.prompt(for: suite.defaultMethod)
        let results = try await each(held, "thoughts") { task -> Rejection? in
            let trajectory = try await thoughtEpisode(task, prompt)
            if trajectory.outcome.isError { return Rejection(.error, trajectory.failure?.message ?? "") }
            if let diagnosis = trajectory.turns.last?.diagnosis { return Rejection(.thoughtUnusable, diagnosis) }
            return Self.rejection(of: trajectory).map { Rejection(.referenceFailed, $0.detail) }
        }
        keep(zip(held, results), &tasks, &part)
        parts.append(part)
    }

    /// Episodes of the teacher on tasks with a reference, kept when they reach its result.
    func interaction(_ source: Recipe.DeriveSource, _ tasks: inout [AgentTask], _ parts: inout [DeriveReport.Part]) async throws {
        var part = DeriveReport.Part(suite: suite.id, way: Way.interaction.rawValue)
        let held = try await held(source, .interaction, &part)
        keep(zip(held, try await solve(held, by: teacher, .interaction).map(\.1)), &tasks, &part)
        parts.append(part)
    }

    private func keep(
        _ results: some Sequence<(AgentTask, Rejection?)>, _ tasks: inout [AgentTask], _ part: inout DeriveReport.Part
    ) {
        for (task, rejection) in results {
            if let rejection {
                part.reject(task.id, rejection)
            } else {
                tasks.append(task)
                part.kept += 1
            }
        }
    }

    /// The tasks of a source whose references solve them.
    private func held(_ source: Recipe.DeriveSource, _ way: Way, _ part: inout DeriveReport.Part) async throws -> [AgentTask] {
        let given = try Self.sources(source, of: suite).map { task in
            var derived = task
            derived.id = "\(way.rawValue)-\(task.id)"
            derived.split = Recipe.derivedSplit
            derived.tags["world"] = task.id
            return derived
        }
        part.proposed = given.count
        let rejections = try await each(given, "references") { task in
            try await ReferenceTrial.rejection(of: task, in: suite, suite.derivation)
        }
        return zip(given, rejections).compactMap { task, rejection in
            guard let rejection else { return task }
            part.reject(task.id, rejection)
            return nil
        }
    }

    private func thoughtEpisode(_ task: AgentTask, _ prompt: SuitePrompt) async throws -> Trajectory {
        let key = EpisodeKey(group: Way.thoughts.group, suite: suite.id, task: task.id, method: suite.defaultMethod)
        return try await recorded(key, task) { trajectory in
            var environment = try suite.makeEnvironment(for: task)
            do {
                trajectory.opening = try await environment.reset()
                while trajectory.turns.count < suite.maximumTurns,
                    let action = try suite.derivation.referenceAction(for: task, after: trajectory.turns)
                {
                    var turn = try await GivenStep(action: action, trajectory: trajectory, prompt: prompt).turn(
                        by: teacher, maximumNewTokens: derive.maximumNewTokens)
                    if turn.diagnosis != nil {
                        trajectory.turns.append(turn)
                        break
                    }
                    let step = try await environment.step(action)
                    turn.observation = step.isDone ? nil : step.observation
                    trajectory.turns.append(turn)
                    if step.isDone { break }
                }
                trajectory.answer = environment.answer
                trajectory.score = try await environment.score()
            } catch {
                await environment.close()
                throw error
            }
            await environment.close()
        }
    }
}
