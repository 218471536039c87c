import TemperCore

/// Solves `pocket/web` with thoughts: it knows the next step of the task and looks for its element in each group.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone.
struct WebExpert: LanguageModel {
    let name = "expert"
    let author = Author.teacher

    /// - Throws: ``TemperError`` with code `usage` without a scene, `data` for a task of another suite.
    func complete(_ request: CompletionRequest) async throws -> Completion {
        let scene = try request.sceneForScript(name)
        let position = try WebPosition(scene)
        let target = try Self.target(scene.task)
        var thoughts = WebThoughts(random: RandomSource(seed: scene.seed, "web-expert", String(scene.turns.count)))
        let choice = position.rightChoice
        let thought: String
        if choice.letter == "A" {
            thought = thoughts.say("none", label: target.label)
        } else if let chosen = position.environment.tournament.chosen, position.task.gold.elements.contains(chosen.candidate) {
            thought = thoughts.say("again", label: target.label, letter: choice.letter)
        } else {
            thought = thoughts.say(target.kind, label: target.label, letter: choice.letter, value: choice.value)
        }
        return Completion(text: TurnText.write(thought: thought, action: choice.action, format: .web))
    }

    /// With a share of imperfect episodes (``ImperfectExpert``).
    static func erring(share: Double) -> any LanguageModel {
        ImperfectExpert(
            WebExpert(), share: share,
            wrongTurn: { scene, random in mistake(scene, &random, whenRightIsShown: false) },
            wrongEnding: { scene, random in mistake(scene, &random, whenRightIsShown: true) })
    }

    /// A wrong option: another than the right one where that is shown (it is then out of the tournament), or any where it is not (it
    /// is still in the line, so that the episode can end well).
    private static func mistake(_ scene: Scene, _ random: inout RandomSource, whenRightIsShown: Bool) -> String? {
        // What cannot be read here the expert itself names.
        guard case .success(let position) = Result(catching: { try WebPosition(scene) }) else { return nil }
        let right = position.rightChoice
        let wrong = position.options.filter { $0.letter != right.letter }
        guard (right.letter != "A") == whenRightIsShown, !wrong.isEmpty else { return nil }
        let option = random.pick(wrong)
        let operation = WebPageEnvironment.operation(on: option.candidate)
        let value =
            switch operation {
            case "SELECT": option.candidate.options.isEmpty ? "" : random.pick(option.candidate.options)
            case "TYPE": position.environment.spans.isEmpty ? "" : random.pick(position.environment.spans)
            default: ""
            }
        let choice = WebChoice(letter: option.letter, operation: operation, value: value)
        var thoughts = WebThoughts(random: random)
        return TurnText.write(
            thought: thoughts.say("slip", label: "", letter: option.letter), action: choice.action, format: .web)
    }

    /// What the next step of a made-up task is called.
    static func target(_ task: AgentTask) throws -> (kind: String, label: String) {
        guard let kind = task.payload["target"]?["kind"]?.string, let label = task.payload["target"]?["label"]?.string else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks target", place: task.suite, boundary: .data)
        }
        return (kind, label)
    }
}
