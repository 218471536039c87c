package import TemperCore

/// Takes any admissible action with equal chance, seeded by the scene and the turn: what acting without understanding gets.
package struct RandomPolicy: LanguageModel {
    package let name = "random"
    package let wantsChoices = true
    private let guess: @Sendable (AgentTask, inout RandomSource) -> String

    /// - Parameter guess: an answer for methods that do not act, and where the environment lists no actions.
    package init(guess: @escaping @Sendable (AgentTask, inout RandomSource) -> String) {
        self.guess = guess
    }

    /// - Throws: ``TemperError`` with code `usage` without a scene.
    package func complete(_ request: CompletionRequest) async throws -> Completion {
        let scene = try request.sceneForScript(name)
        var random = RandomSource(seed: scene.seed, "random-action", String(scene.turns.count))
        if !request.choices.isEmpty { return Completion(text: random.pick(request.choices)) }
        let answer = guess(scene.task, &random)
        guard scene.key.method.usesTools else { return Completion(text: TurnText.write(thought: "I guess.", answer: answer)) }
        return Completion(text: TurnText.write(thought: nil, action: Action("finish", answer), format: scene.task.format))
    }

    /// A name of the question, yes or no.
    package static func spanOrYesNo(_ task: AgentTask, _ random: inout RandomSource) -> String {
        random.pick(TextSpans.titles(in: task.instruction) + ["yes", "no"])
    }
}
