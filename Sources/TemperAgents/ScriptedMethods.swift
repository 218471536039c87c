package import TemperCore

/// Lets a script that acts in the task's own format (method `react`) be used with every method that acts.
///
/// Thoughts are dropped for `act`, calls written for `tools`. For a method that plans it plays the task in an environment of its own and
/// writes that as a plan: a plan in hindsight, which as a ReAct trajectory is what the script would have done step by step.
package struct ScriptedMethods: Script {
    private let script: any Script
    private let suite: any Suite

    package init(_ script: any Script, suite: any Suite) {
        self.script = script
        self.suite = suite
    }

    package var name: String { script.name }
    package var author: Author? { script.author }
    package var wantsChoices: Bool { script.wantsChoices }

    package func reply(in scene: Scene) async throws -> String {
        let (method, format) = (scene.key.method, scene.task.format)
        guard method.usesTools, method != .react else { return try await script.reply(in: scene) }
        switch scene.purpose {
        case .reflection: return "I did not reach the goal. Next time I check what I read before I go on."
        case .plan:
            if let plan = try await plan(scene) { return plan }
        case .turn: break
        }
        var inner = scene
        inner.key.method = .react
        inner.choices = scene.choices.compactMap { choice in
            TurnText.read(choice, method: method, format: format).action.map {
                TurnText.write(thought: nil, action: $0, format: format)
            }
        }
        let text = try await script.reply(in: inner)
        let reading = TurnText.read(text, method: .react, format: format)
        guard method.promptMethod != .react, let action = reading.action else { return text }
        return TurnText.write(thought: reading.thought, action: action, method: method, format: format)
    }

    /// Everything the script would do before it answers; nil when it answers at once.
    private func plan(_ scene: Scene) async throws -> String? {
        var environment = try suite.makeEnvironment(for: scene.task)
        do {
            let steps = try await steps(scene, in: &environment)
            await environment.close()
            return steps.isEmpty ? nil : steps.joined(separator: "\n")
        } catch {
            await environment.close()
            throw error
        }
    }

    private func steps(_ scene: Scene, in environment: inout any Environment) async throws -> [String] {
        _ = try await environment.reset()
        var inner = scene
        inner.key.method = .react
        inner.purpose = .turn
        var steps: [String] = []
        // The answer needs a turn of its own.
        while steps.count < suite.maximumTurns - 1 {
            let format = scene.task.format
            let choices = wantsChoices ? environment.admissibleActions ?? [] : []
            inner.choices = choices.map { TurnText.write(thought: nil, action: $0, format: format) }
            let reply = try await script.reply(in: inner)
            let reading = TurnText.read(reply, method: .react, format: format)
            guard let action = reading.action else { break }
            let step = try await environment.step(action)
            if step.isDone { break }
            steps.append(
                TurnText.write(
                    thought: reading.thought, action: action, method: scene.key.method, format: format, number: steps.count + 1))
            inner.turns.append(
                Turn(
                    index: inner.turns.count, reply: [Span(reply, by: .teacher)], thought: reading.thought, action: action,
                    observation: step.observation))
        }
        return steps
    }
}
