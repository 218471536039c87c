import Foundation
package import TemperCore
import TemperSandbox

/// AgentBench's operating-system tasks: questions about a machine and changes to it, in a shell.
package struct OperatingSystemSuite: DerivingSuite {
    package static let identifier = "os"

    package let id = Self.identifier
    package let summary = "AgentBench's operating-system tasks: a bash in a sandbox, then an answer or a changed machine"
    package let splits = ["test"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.operatingSystem
    package let maximumTurns = OperatingSystemEnvironment.maximumTurns
    package let primaryMetric = "success"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["gold", "nothing", "random", "templates"]

    package init() {}

    /// The 144 tasks of AgentBench's standard set, `agentbench/os` of the data.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard split == "test" else {
            throw TemperError(.usage, "the suite 'os' has no split '\(split)'", hint: "its split is test")
        }
        let tasks = try OperatingSystemTaskFile.tasks(at: DataFolder.file("agentbench/os"), suite: id, split: split)
        return Array(tasks.prefix(limit ?? tasks.count))
    }

    package func tasks(from path: String) throws -> [AgentTask] {
        if let tasks = try DerivedTaskFile.tasks(at: path, of: self) { return tasks }
        return try OperatingSystemTaskFile.tasks(at: URL(fileURLWithPath: path), suite: id, split: "test")
    }

    package var derivation: any TaskDerivation { ShellDerivation(suite: self) }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        OperatingSystemEnvironment(
            try OperatingSystemTask(task.payload, id: task.id), id: task.id, instruction: task.instruction, looksAround: true)
    }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    /// Nil for tasks that look at the machine.
    package func score(answer: String?, for task: AgentTask) -> Score? {
        do {
            let goal = try OperatingSystemTask(task.payload, id: task.id).goal
            return OperatingSystemEnvironment.matches(answer, goal).map(OperatingSystemEnvironment.score)
        } catch {
            return nil  // the task cannot be played either, and playing it says why
        }
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": ReferenceCommands()
        case "nothing": DoNothing()
        case "random": ShellGuess()
        case "templates": ShellTemplates()
        default: nil
        }
    }
}

extension OperatingSystemSuite: AttackedSuite {
    package var answerAction: String? { "answer" }
    package var ownCheats: [Cheat] { ShellCheats.all }
}
