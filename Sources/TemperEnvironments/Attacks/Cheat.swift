package import TemperCore

/// A way to a suite's reward that is not the work: moves that look at no more than a task's text, or that go for its check.
package struct Cheat: Sendable {
    package let name: String
    /// What it does, for the table of ``AttackedSuite``.
    package let summary: String
    let move: @Sendable (Scene, [Action]) -> Action

    /// - Parameter move: the next action, from the episode so far and the actions that the environment offers (none where their
    ///   arguments are free).
    package init(_ name: String, _ summary: String, move: @escaping @Sendable (Scene, [Action]) -> Action) {
        self.name = name
        self.summary = summary
        self.move = move
    }

    /// One that takes its actions in order, whatever comes of them.
    package init(_ name: String, _ summary: String, actions: [Action]) {
        precondition(!actions.isEmpty, "a cheat does something")
        self.init(name, summary) { scene, _ in actions[min(scene.turns.count, actions.count - 1)] }
    }

    /// The policy that knows this cheat alone.
    package var policy: any Script { CheatPolicy(cheat: self) }
}

/// A suite that names the action of its answers, and the cheats that only it invites.
package protocol AttackedSuite: Suite {
    /// The action that ends an episode with an answer; nil where what was done decides alone.
    var answerAction: String? { get }
    var ownCheats: [Cheat] { get }
}

extension Suite {
    /// Every cheat to try on it: those that any suite may fall for, then its own.
    package var cheats: [Cheat] {
        let attacked = self as? any AttackedSuite
        return Cheat.common(answer: attacked.map(\.answerAction) ?? "finish") + (attacked?.ownCheats ?? [])
    }
}

private struct CheatPolicy: Script {
    let cheat: Cheat
    var name: String { cheat.name }
    let wantsChoices = true

    func reply(in scene: Scene) async throws -> String {
        let (method, format) = (scene.key.method, scene.task.format)
        let choices = scene.choices.compactMap { TurnText.read($0, method: method, format: format).action }
        let action = cheat.move(scene, choices)
        guard method.usesTools else { return TurnText.write(thought: "", answer: action.argument) }
        return TurnText.write(thought: nil, action: action, format: format)
    }
}
