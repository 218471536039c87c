import TemperCore
import TemperSandbox

/// Replays a task's reference solution and answers with what it printed.
struct ReferenceCommands: Script {
    let name = "gold"

    func reply(in scene: Scene) async throws -> String {
        let task = try OperatingSystemTask(scene.task.payload, id: scene.task.id)
        return TurnText.write(thought: nil, action: action(task, scene), format: scene.task.format)
    }

    private func action(_ task: OperatingSystemTask, _ scene: Scene) -> Action {
        guard let reference = task.reference else {
            // Where the data gives an answer but no commands, the answer is the reference.
            if case .match(let answer, _) = task.goal { return Action("answer", answer) }
            return Action("finish", "")
        }
        // Its output is what it prints as a result: complaints about folders that only the host's root may read are none.
        guard let output = scene.turns.last?.observation else { return Action("bash", "{\n\(reference.code)\n} 2>/dev/null") }
        return output.isEmpty ? Action("finish", "") : Action("answer", output)
    }
}

/// Ends at once: what a task gives for no work.
struct DoNothing: Script {
    let name = "nothing"

    func reply(in scene: Scene) async throws -> String {
        return TurnText.write(thought: nil, action: Action("finish", ""), format: scene.task.format)
    }
}

/// Looks around once and guesses: a small number, yes or no, or a word of the task.
struct ShellGuess: Script {
    let name = "random"

    func reply(in scene: Scene) async throws -> String {
        var random = RandomSource(seed: scene.seed, "random-action", String(scene.turns.count))
        let looks = scene.turns.isEmpty && random.chance(0.5)
        let words = scene.task.instruction.split { " ?.,:;\"'\n".contains($0) }.map(String.init)
        let guess = random.pick([String(random.index(below: 10)), random.pick(["yes", "no"]), random.pick(words + ["0"])])
        let action = looks ? Action("bash", random.pick(["ls", "pwd", "ls -l /"])) : Action("answer", guess)
        return TurnText.write(thought: nil, action: action, format: scene.task.format)
    }
}
