/// What the environment answered to an action.
public struct StepResult: Sendable, Hashable {
    public var observation: String
    /// Whether the episode is over (an answer was given, the goal was reached).
    public var isDone: Bool
    /// False when the action is not one this environment knows; the observation says what is wrong.
    public var isValid: Bool

    public init(_ observation: String, isDone: Bool = false, isValid: Bool = true) {
        self.observation = observation
        self.isDone = isDone
        self.isValid = isValid
    }
}

/// What an episode acts on. One episode owns its environment; it need not be `Sendable`.
public protocol Environment {
    /// Starts the task again and returns what the policy sees beside the instruction, if anything.
    mutating func reset() async throws -> String?
    /// Carries out one action.
    ///
    /// - Throws: only when the world failed; a bad action is a ``StepResult`` with `isValid == false`.
    mutating func step(_ action: Action) async throws -> StepResult
    /// The score of what was done so far. An unfinished episode scores, it does not throw.
    mutating func score() async throws -> Score
    /// The final answer as given, if one was.
    var answer: String? { get }
    /// The actions that make sense now; nil when they cannot be listed.
    var admissibleActions: [Action]? { get }
    /// Whether ``admissibleActions`` names every action there is; false, the default, where arguments are free, such as the words
    /// of a search.
    var listsAllActions: Bool { get }
    /// Gives back what the episode held: processes, files, connections. Called once, also after a failure.
    mutating func close() async
}

extension Environment {
    public var admissibleActions: [Action]? { nil }
    public var listsAllActions: Bool { false }
    public mutating func close() async {}
}

/// What a policy is told before its task, in one method.
public struct SuitePrompt: Sendable, Hashable {
    public var instruction: String
    /// Worked examples, each a chat whose spans are all by ``Author/demonstration``.
    public var demonstrations: [[Message]]

    public init(instruction: String, demonstrations: [[Message]]) {
        self.instruction = instruction
        self.demonstrations = demonstrations
    }
}

/// How much of a suite's prompt a policy sees.
public enum PromptStyle: String, Codable, Sendable, Hashable, ConfigurationChoice {
    /// Instruction, demonstrations and the task.
    case full
    /// Instruction and the task.
    case instruction
    /// The task alone, as FireAct's tuned models see it.
    case task
}

/// A named set of tasks with its environment, prompts, metric and, where it has one, expert.
public protocol Suite: Sendable {
    /// `hotpotqa`, `pocket/hotpotqa`.
    var id: String { get }
    /// One line for `temper suites`.
    var summary: String { get }
    var splits: [String] { get }
    var methods: [Method] { get }
    var defaultMethod: Method { get }
    /// The words that its tasks are written in.
    var format: TurnFormat { get }
    var maximumTurns: Int { get }
    /// The metric a table shows first, one of those its scores carry.
    var primaryMetric: String { get }
    /// The mean reward of guessing, 0…1.
    var chanceLevel: Double { get }

    /// Changes when the environment answers or scores otherwise than before: panels of different versions are never put side by
    /// side silently.
    var environmentVersion: String { get }

    /// The tasks of a split in order of id.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when the data is missing, naming what to set.
    func tasks(split: String, limit: Int?) throws -> [AgentTask]
    func makeEnvironment(for task: AgentTask) throws -> any Environment
    func prompt(for method: Method) throws -> SuitePrompt
    /// The tasks of a file or folder in the format of the benchmark's own data, as `--tasks PATH` gives them.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line; `usage` when the suite reads no files.
    func tasks(from path: String) throws -> [AgentTask]
    /// Scores a bare answer, as `temper score` and rescoring do; nil when the answer alone does not decide, but the state of the
    /// world or several answers do.
    func score(answer: String?, for task: AgentTask) -> Score?
    /// The options of this suite.
    var options: any Configurable.Type { get }
    /// This suite with the options under `suites.<id>` in a recipe.
    ///
    /// - Throws: ``TemperError`` with code `data` for an option it does not have or a value that cannot be.
    func configured(with options: SuiteOptions) throws -> any Suite
    /// This suite with what its environments may reach outside this process. A suite that reaches nothing is returned as it is.
    func reaching(_ access: WorldAccess) -> any Suite
    /// The scripted policies that know this suite, by name: `expert`, `random`, controls.
    func scriptedPolicy(named name: String) -> (any Script)?
    var scriptedPolicyNames: [String] { get }
}

extension Suite {
    public var format: TurnFormat { .react }
    public var environmentVersion: String { "1" }

    public func tasks(from path: String) throws -> [AgentTask] {
        throw TemperError(.usage, "the suite '\(id)' reads no task files", hint: "leave out --tasks", place: path)
    }

    public var options: any Configurable.Type { NoOptions.self }

    public func reaching(_ access: WorldAccess) -> any Suite { self }

    public func configured(with options: SuiteOptions) throws -> any Suite {
        _ = try options.read(NoOptions.self)
        return self
    }
}
