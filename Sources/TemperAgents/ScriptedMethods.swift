package import TemperCore

/// Lets a script that acts in the task's own format (method `react`) be used with every method that acts.
///
/// Thoughts are dropped for `act`, calls written for `tools`. For a method that plans it plays the task in an environment of its own and
/// writes that as a plan: a plan in hindsight, which as a ReAct trajectory is what the script would have done step by step.
package struct ScriptedMethods: LanguageModel {
    private let script: any LanguageModel
    private let suite: any Suite

    package init(_ script: any LanguageModel, suite: any Suite) {
        self.script = script
        self.suite = suite
    }

    package var name: String { script.name }
    package var author: Author { script.author }
    package var contextLimit: Int? { script.contextLimit }
    package var wantsChoices: Bool { script.wantsChoices }
    package func tokenCount(_ messages: [Message]) -> Int { script.tokenCount(messages) }

    package func complete(_ request: CompletionRequest) async throws -> Completion {
        guard let scene = request.scene, scene.key.method.usesTools, scene.key.method != .react else {
            return try await script.complete(request)
        }
        let (method, format) = (scene.key.method, scene.task.format)
        switch scene.purpose {
        case .reflection: return Completion(text: "I did not reach the goal. Next time I check what I read before I go on.")
        case .plan:
            if let plan = try await plan(scene) { return Completion(text: plan) }
        case .turn: break
        }
        var inner = request
        inner.scene?.key.method = .react
        inner.choices = request.choices.compactMap { choice in
            TurnText.read(choice, method: method, format: format).action.map {
                TurnText.write(thought: nil, action: $0, format: format)
            }
        }
        var completion = try await script.complete(inner)
        let reading = TurnText.read(completion.text, method: .react, format: format)
        guard method.promptMethod != .react, let action = reading.action else { return completion }
        completion.text = TurnText.write(thought: reading.thought, action: action, method: method, format: format)
        return completion
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
            let request = CompletionRequest(
                messages: [], choices: choices.map { TurnText.write(thought: nil, action: $0, format: format) }, scene: inner)
            let reply = try await script.complete(request).text
            let reading = TurnText.read(reply, method: .react, format: format)
            guard let action = reading.action else { break }
            let step = try await environment.step(action)
            if step.isDone { break }
            steps.append(
                TurnText.write(
                    thought: reading.thought, action: action, method: scene.key.method, format: format, number: steps.count + 1))
            inner.turns.append(
                Turn(
                    index: inner.turns.count, reply: [Span(reply, by: author)], thought: reading.thought, action: action,
                    observation: step.observation))
        }
        return steps
    }
}
