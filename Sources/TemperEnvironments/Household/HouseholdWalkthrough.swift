import TemperCore

/// Replays the way to win that a game file holds.
struct HouseholdWalkthrough: Script {
    let name = "gold"
    let author: Author? = .reference
    /// The dialect the game is played in; nil for the game's own.
    let dialect: HouseholdDialect?

    /// - Throws: ``TemperError`` with code `data` when the game has no walkthrough or it is at its end.
    func reply(in scene: Scene) async throws -> String {
        let steps = scene.task.payload["walkthrough"]?.array?.compactMap(\.string) ?? []
        guard scene.turns.count < steps.count else {
            let problem = steps.isEmpty ? "has no walkthrough" : "is not won by its walkthrough"
            throw TemperError(.data, "the game '\(scene.task.id)' \(problem)", place: scene.task.suite, boundary: .policy)
        }
        let step = steps[scene.turns.count]
        let command = dialect?.rephrased(step) ?? step
        return TurnText.write(thought: nil, action: Action("act", command), format: .household)
    }
}
