/// What the environment answered to an action.
package struct StepResult: Sendable, Hashable {
    package var observation: String
    /// Whether the episode is over (an answer was given, the goal was reached).
    package var isDone: Bool
    /// False when the action is not one this environment knows; the observation says what is wrong.
    package var isValid: Bool

    package init(_ observation: String, isDone: Bool = false, isValid: Bool = true) {
        self.observation = observation
        self.isDone = isDone
        self.isValid = isValid
    }
}

/// What an episode acts on. One episode owns its environment; it need not be `Sendable`.
package protocol Environment {
    /// Starts the task anew and returns what the policy sees beside the instruction, if anything.
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
    package var admissibleActions: [Action]? { nil }
    package var listsAllActions: Bool { false }
    package mutating func close() async {}
}

/// What a policy is told before its task, in one method.
package struct SuitePrompt: Sendable, Hashable {
    package var instruction: String
    /// Worked examples, each a chat whose spans are all by ``Author/demonstration``.
    package var demonstrations: [[Message]]

    package init(instruction: String, demonstrations: [[Message]]) {
        self.instruction = instruction
        self.demonstrations = demonstrations
    }
}

/// How much of a suite's prompt a policy sees.
package enum PromptStyle: String, Codable, Sendable, Hashable, CaseIterable {
    /// Instruction, demonstrations and the task.
    case full
    /// Instruction and the task.
    case instruction
    /// The task alone, as FireAct's tuned models see it.
    case task
}

/// A named set of tasks with its environment, prompts, metric and, where it has one, expert.
package protocol Suite: Sendable {
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
    /// - Throws: ``TemperError`` with code `unavailable` when the data is not at hand, naming what to set.
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
    /// This suite with the options that stand under `suites.<id>` in a recipe.
    ///
    /// - Throws: ``TemperError`` with code `data` for an option it does not have or a value that cannot be.
    func configured(with options: SuiteOptions) throws -> any Suite
    /// The scripted policies that know this suite, by name: `expert`, `random`, controls.
    func scriptedPolicy(named name: String) -> (any Script)?
    var scriptedPolicyNames: [String] { get }
}

extension Suite {
    package var format: TurnFormat { .react }
    package var environmentVersion: String { "1" }

    package func tasks(from path: String) throws -> [AgentTask] {
        throw TemperError(.usage, "the suite '\(id)' reads no task files", hint: "leave out --tasks", place: path)
    }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        try options.finish()
        return self
    }
}
