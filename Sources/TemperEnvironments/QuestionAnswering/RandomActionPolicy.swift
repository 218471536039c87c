public import TemperCore

/// Takes any admissible action with equal chance, seeded by the scene and the turn: what acting without understanding gets.
public struct RandomActionPolicy: LanguageModel {
    public let name = "random"

    public init() {}

    public func complete(_ request: CompletionRequest) async throws -> Completion {
        let scene = try request.sceneForScript(name)
        var random = RandomSource(seed: scene.seed, "random-action", String(scene.turns.count))
        let history = QuestionActions.history(of: scene.turns)
        let actions = QuestionActions.admissible(question: scene.task.instruction, history: history)
        if scene.key.method.usesTools { return Completion(text: "Action: \(random.pick(actions))") }
        let answers = TextSpans.titles(in: scene.task.instruction) + ["yes", "no"]
        return Completion(text: TurnText.write(thought: "I guess.", answer: random.pick(answers)))
    }
}
