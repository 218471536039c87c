import TemperCore

/// Chooses what is right wherever it is among the options: the recorded user's own step.
struct WebGoldPolicy: Script {
    let name = "gold"
    let author: Author? = .reference

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    func reply(in scene: Scene) async throws -> String {
        let position = try WebPosition(scene)
        return TurnText.write(thought: nil, action: position.rightChoice.action, format: .web)
    }
}

/// Where an episode stands: its tournament played again from its turns.
struct WebPosition {
    let task: WebPageTask
    let environment: WebPageEnvironment

    init(_ scene: Scene) throws {
        task = try WebPageTask(scene.task)
        var environment = try WebPageEnvironment(scene.task)
        _ = environment.start()
        for action in scene.turns.compactMap(\.action) { _ = environment.take(action) }
        self.environment = environment
    }

    /// The options that are asked about.
    var options: [(letter: Character, candidate: PageText.Candidate)] {
        Array(zip(WebChoice.letters.dropFirst(), environment.shown?.candidates ?? []).map { ($0, $1) })
    }

    /// The right one among the options, or none of the above.
    var rightChoice: WebChoice {
        guard let right = options.first(where: { task.gold.elements.contains($0.candidate.identifier) }) else {
            return WebChoice(letter: "A")
        }
        return WebChoice(letter: right.letter, operation: task.gold.operation, value: task.gold.value)
    }
}
