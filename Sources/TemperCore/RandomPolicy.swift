/// Takes any admissible action with equal chance, seeded by the scene and the turn: what acting without understanding gets.
package struct RandomPolicy: Script {
    package let name = "random"
    package let wantsChoices = true
    private let guess: @Sendable (AgentTask, inout RandomSource) -> String

    /// - Parameter guess: an answer for methods that do not act, and where the environment lists no actions.
    package init(guess: @escaping @Sendable (AgentTask, inout RandomSource) -> String) {
        self.guess = guess
    }

    package func reply(in scene: Scene) async throws -> String {
        var random = RandomSource(seed: scene.seed, "random-action", String(scene.turns.count))
        if !scene.choices.isEmpty { return random.pick(scene.choices) }
        let answer = guess(scene.task, &random)
        guard scene.key.method.usesTools else { return TurnText.write(thought: "I guess.", answer: answer) }
        return TurnText.write(thought: nil, action: Action("finish", answer), format: scene.task.format)
    }
}
