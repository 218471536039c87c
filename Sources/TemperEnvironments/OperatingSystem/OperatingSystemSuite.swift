import Foundation
public import TemperCore

/// AgentBench's operating-system tasks: questions about a machine and changes to it, in a shell.
public struct OperatingSystemSuite: DerivingSuite {
    public static let identifier = "os"

    public let id = Self.identifier
    public let summary = "AgentBench's operating-system tasks: a bash in a sandbox, then an answer or a changed machine"
    public let splits = ["test"]
    public let methods: [Method] = [.react]
    public let defaultMethod = Method.react
    public let maximumTurns = OperatingSystemEnvironment.maximumTurns
    public let primaryMetric = "success"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["gold", "nothing", "random", "templates"]

    public init() {}

    /// The 144 tasks of AgentBench's standard set, `agentbench/os` of the data.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard split == "test" else {
            throw TemperError(.usage, "the suite 'os' has no split '\(split)'", hint: "its split is test")
        }
        let tasks = try OperatingSystemTaskFile.tasks(at: DataFolder.file("agentbench/os"), suite: id, split: split)
        return Array(tasks.prefix(limit ?? tasks.count))
    }

    public func tasks(from path: String) throws -> [AgentTask] {
        if let tasks = try DerivedTaskFile.tasks(at: path, suite: id) { return tasks }
        return try OperatingSystemTaskFile.tasks(at: URL(fileURLWithPath: path), suite: id, split: "test")
    }

    public var derivation: any TaskDerivation { ShellDerivation(suite: self) }

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        OperatingSystemEnvironment(try OperatingSystemTask(task.payload, id: task.id), id: task.id, looksAround: true)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    /// Nil for tasks that look at the machine.
    public func score(answer: String?, for task: AgentTask) -> Score? {
        do {
            let goal = try OperatingSystemTask(task.payload, id: task.id).goal
            return OperatingSystemEnvironment.matches(answer, goal).map(OperatingSystemEnvironment.score)
        } catch {
            return nil  // the task cannot be played either, and playing it says why
        }
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "gold": ReferenceCommands()
        case "nothing": DoNothing()
        case "random": ShellGuess()
        case "templates": ShellTemplates()
        default: nil
        }
    }
}
