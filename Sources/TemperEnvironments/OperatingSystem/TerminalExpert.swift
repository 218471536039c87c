package import TemperCore
import TemperPocketText
import TemperSandbox

/// Solves `pocket/terminal` with thoughts. What it does next follows from the commands run so far and what they printed.
package struct TerminalExpert: Script {
    package let name = "expert"

    package init() {}

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    package func reply(in scene: Scene) async throws -> String {
        let plan = try TerminalPlan(scene.task)
        var thoughts = TerminalThoughts(random: RandomSource(seed: scene.seed, "terminal-expert", String(scene.turns.count)))
        let outputs = plan.outputs(of: scene.turns)
        let thought: String
        let action: Action
        if let step = plan.step(after: outputs) {
            thought = thoughts.step(step.purpose, found: outputs.last)
            action = Action("bash", step.command)
        } else if let answer = plan.answer(from: outputs) {
            thought = thoughts.conclusion(answer)
            action = Action("answer", answer)
        } else {
            thought = thoughts.done()
            action = Action("finish", "")
        }
        return TurnText.write(thought: thought, action: action, format: scene.task.format)
    }

    /// Looks at something that does not matter.
    static let wrongTurn: ImperfectExpert.Mistake = { scene, random in
        guard let plan = TerminalPlan(known: scene.task) else { return nil }
        let folder = plan.slots["d"] ?? "/"
        let command = random.pick(["ls \(folder)", "pwd", "ls -l \(folder)", "ls /", "cd \(folder)"])
        let thought = random.pick([
            "I look around first.", "Let me see what is there.", "I check the folder.", "I want to see more.",
        ])
        return TurnText.write(thought: thought, action: Action("bash", command), format: scene.task.format)
    }

    /// Ends with a wrong answer, or before the work is done.
    static let wrongEnding: ImperfectExpert.Mistake = { scene, random in
        guard let plan = TerminalPlan(known: scene.task) else { return nil }
        if case .finish = plan.kind.ending {
            // After the last command it would be right to finish.
            if plan.step(after: plan.outputs(of: scene.turns)) == nil { return nil }
            return TurnText.write(thought: "That should be done.", action: Action("finish", ""), format: scene.task.format)
        }
        let wrong = random.pick([String(100 + random.index(below: 900)), plan.slots["d"] ?? "no", "unknown"])
        return TurnText.write(thought: "I think it is \(wrong).", action: Action("answer", wrong), format: scene.task.format)
    }
}

/// The commands that solve a task.
struct TerminalPlan {
    let kind: TerminalKind
    let slots: [String: String]

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of `pocket/terminal`.
    init(_ task: AgentTask) throws {
        guard let plan = TerminalPlan(known: task) else {
            throw TemperError(.data, "the payload of task '\(task.id)' lacks kind or slots", place: task.suite, boundary: .data)
        }
        self = plan
    }

    /// Nil when the payload is not one of `pocket/terminal`.
    init?(known task: AgentTask) {
        let terminal = task.payload["terminal"]
        guard let kind = terminal?["kind"]?.string.flatMap(TerminalKind.init(rawValue:)), let slots = terminal?["slots"]?.object
        else { return nil }
        self.kind = kind
        self.slots = slots.compactMapValues(\.string)
    }

    /// What the solution's commands have printed so far, in order; other commands do not count.
    func outputs(of turns: [Turn]) -> [String] {
        var outputs: [String] = []
        for turn in turns {
            guard let step = step(after: outputs) else { break }
            if turn.action == Action("bash", step.command), let output = turn.observation { outputs.append(output) }
        }
        return outputs
    }

    /// The next command; nil when all have run.
    func step(after outputs: [String]) -> TerminalKind.Step? {
        guard outputs.count < kind.steps.count else { return nil }
        var slots = slots
        for (index, output) in outputs.enumerated() { slots[String(index + 1)] = output }
        let step = kind.steps[outputs.count]
        return TerminalKind.Step(
            command: TerminalTaskMaker.filled(step.command, slots), purpose: TerminalTaskMaker.filled(step.purpose, slots))
    }

    /// Nil when the task is to change the machine.
    func answer(from outputs: [String]) -> String? {
        let output = outputs.last ?? ""
        switch kind.ending {
        case .output: return output
        case .firstWord: return output.split(separator: " ").first.map(String.init) ?? output
        case .lastWord: return output.split(separator: " ").last.map(String.init) ?? output
        case .finish: return nil
        }
    }
}
