public import TemperCore

/// Small shell tasks on generated machines, on the environment, sandbox, format and checks of `os`.
public struct TerminalSuite: DerivingSuite {
    public static let identifier = "pocket/terminal"

    public let id = Self.identifier
    public let summary =
        "shell tasks on small generated machines: count, find, sum up, move, rename, write (unseen names in test)"
    public let splits = ["train", "validation", "test"]
    public let methods: [Method] = [.react]
    public let defaultMethod = Method.react
    public let maximumTurns = OperatingSystemEnvironment.maximumTurns
    public let primaryMetric = "success"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["expert", "nothing", "random", "templates"]
    /// The share of the expert's episodes that err.
    private var imperfect = 0.0

    public init() {}

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test. The kinds take turns.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let split = try PocketSplit(named: split, of: id)
        return (0..<max(0, min(limit ?? split.size, split.maximum))).map { task($0, split) }
    }

    public func tasks(from path: String) throws -> [AgentTask] { try DerivedTaskFile.onlyTasks(at: path, suite: id) }

    public var derivation: any TaskDerivation { ShellDerivation(suite: self) }

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        OperatingSystemEnvironment(try OperatingSystemTask(task.payload, id: task.id), id: task.id, limits: Self.limits)
    }

    /// The prompt of `os`.
    public func prompt(for method: Method) throws -> SuitePrompt {
        try SuitePromptFile.load(suite: OperatingSystemSuite.identifier, method: method)
    }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        OperatingSystemSuite().score(answer: answer, for: task)
    }

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
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
        let digits = String(index)
        return AgentTask(
            id: "\(split.rawValue)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)", suite: id,
            split: split.rawValue, instruction: draft.instruction, payload: draft.payload, tags: ["kind": kind.rawValue],
            format: .operatingSystem)
    }
}
