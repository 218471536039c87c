import TemperCore

/// Solves `pocket/web` with thoughts: it knows the next step of the task and looks for its element in each group.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone.
struct WebExpert: Script {
    let name = "expert"
    /// The share of episodes in which it errs. It then takes an element where none is right and recovers, or takes a wrong one where
    /// the right one is shown and stays with it. (Episodes are too short for `ImperfectExpert`, which errs in one of three turns.)
    var imperfect = 0.0

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    func reply(in scene: Scene) async throws -> String {
        let position = try WebPosition(scene)
        guard let kind = scene.task.payload["target"]?["kind"]?.string,
            let label = scene.task.payload["target"]?["label"]?.string
        else {
            throw TemperError(
                .data, "the payload of task '\(scene.task.id)' lacks target", place: scene.task.suite, boundary: .data)
        }
        let thoughts = WebThoughts(random: RandomSource(seed: scene.seed, "web-expert", String(scene.turns.count)))
        return slip(scene, position, thoughts) ?? step(position, kind: kind, label: label, thoughts)
    }

    private func step(_ position: WebPosition, kind: String, label: String, _ thoughts: WebThoughts) -> String {
        var thoughts = thoughts
        let choice = position.rightChoice
        var thought = [
            thoughts.say(kind, label: label, value: position.task.gold.value),
            WebThoughts.scan(position.options, upTo: choice.letter),
        ]
        if choice.letter == "A" { thought.append(thoughts.say("none", label: label)) }
        let text = thought.filter { !$0.isEmpty }.joined(separator: " ")
        return TurnText.write(thought: text, action: choice.action, format: .web)
    }

    /// A wrong choice, in an episode that is to have one here.
    private func slip(_ scene: Scene, _ position: WebPosition, _ thoughts: WebThoughts) -> String? {
        var thoughts = thoughts
        var plan = RandomSource(seed: scene.seed, "imperfect")
        guard plan.chance(imperfect) else { return nil }
        let firstGroup = position.task.candidates.prefix(CandidateTournament.groupSize)
        let recovers = plan.chance(0.5) && !firstGroup.contains { position.task.gold.elements.contains($0) }
        let right = position.rightChoice
        let wrong = position.options.filter { $0.letter != right.letter }
        let chosen = position.environment.tournament.chosen?.candidate
        let again = recovers ? nil : wrong.first { $0.candidate.identifier == chosen }
        guard again != nil || (right.letter == "A") == recovers, !wrong.isEmpty else { return nil }
        let option = again ?? thoughts.random.pick(wrong)
        let operation = WebPageEnvironment.operation(on: option.candidate)
        var values = operation == "SELECT" ? option.candidate.options : operation == "TYPE" ? position.environment.spans : []
        if values.isEmpty { values = [""] }
        let choice = WebChoice(letter: option.letter, operation: operation, value: thoughts.random.pick(values))
        return TurnText.write(
            thought: thoughts.say("slip", label: "", letter: option.letter), action: choice.action, format: .web)
    }
}
