package import TemperCore
import TemperSandbox

/// Small shell tasks on generated machines, on the environment, sandbox, format and checks of `os`.
package struct TerminalSuite: DerivingSuite {
    package static let identifier = "pocket/terminal"

    package let id = Self.identifier
    package let summary =
        "shell tasks on small generated machines: count, find, sum up, move, rename, write (unseen names in test)"
    package let splits = ["train", "validation", "test"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.operatingSystem
    package let maximumTurns = OperatingSystemEnvironment.maximumTurns
    package let primaryMetric = "success"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["expert", "nothing", "random", "templates"]
    /// The share of the expert's episodes that err.
    private var imperfect = 0.0

    package init() {}

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test. The kinds take turns.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let split = try PocketSplit(named: split, of: id)
        return (0..<max(0, min(limit ?? split.size, split.maximum))).map { task($0, split) }
    }

    package func tasks(from path: String) throws -> [AgentTask] { try DerivedTaskFile.onlyTasks(at: path, of: self) }

    package var derivation: any TaskDerivation { ShellDerivation(suite: self) }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        OperatingSystemEnvironment(
            try OperatingSystemTask(task.payload, id: task.id), id: task.id, instruction: task.instruction, limits: Self.limits)
    }

    /// The prompt of `os`.
    package func prompt(for method: Method) throws -> SuitePrompt {
        try SuitePromptFile.load(suite: OperatingSystemSuite.identifier, method: method)
    }

    package func score(answer: String?, for task: AgentTask) -> Score? {
        OperatingSystemSuite().score(answer: answer, for: task)
    }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "expert":
            imperfect == 0
                ? TerminalExpert()
                : ImperfectExpert(
                    TerminalExpert(), share: imperfect, wrongTurn: TerminalExpert.wrongTurn,
                    wrongEnding: TerminalExpert.wrongEnding)
        case "nothing": DoNothing()
        case "random": ShellGuess()
        case "templates": ShellTemplates(imperfect: imperfect, otherwise: TerminalExpert())
        default: nil
        }
    }

    /// Small machines need little, and a model that loops should not hold up a run.
    private static let limits: SandboxLimits = {
        var limits = SandboxLimits()
        limits.commandTime = .seconds(5)
        limits.fileSpace = 8 << 20
        limits.fileCount = 2_000
        return limits
    }()

    private func task(_ index: Int, _ split: PocketSplit) -> AgentTask {
        let kind = TerminalKind.allCases[index % TerminalKind.allCases.count]
        var maker = TerminalTaskMaker(number: index, split: split)
        let draft = maker.draft(kind)
        return AgentTask(
            id: "\(split.rawValue)-\(index.padded(6))", suite: id,
            split: split.rawValue, instruction: draft.instruction, payload: draft.payload, tags: ["kind": kind.rawValue],
            format: .operatingSystem)
    }
}

extension TerminalSuite: AttackedSuite {
    package var answerAction: String? { "answer" }
    package var ownCheats: [Cheat] { ShellCheats.all }
}
