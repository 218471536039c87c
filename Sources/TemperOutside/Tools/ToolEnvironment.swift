import TemperCore

/// What a tool answered.
struct ToolAnswer: Sendable, Hashable {
    var text: String
    /// False when the policy used the tool wrongly; the text says how.
    var isValid = true
}

/// One action of a suite that is defined by a file.
protocol OutsideTool: Sendable {
    var name: String { get }
    /// What the policy is told about it at the start of an episode, if its description does not stand in the instruction.
    var announcement: String? { get }
    /// - Throws: ``TemperError`` when the world behind the tool failed, never for a bad argument.
    func call(_ argument: String, shell: LazyShell) async throws -> ToolAnswer
    /// This tool with what it may reach outside this process.
    func reaching(_ access: WorldAccess) -> any OutsideTool
}

extension OutsideTool {
    func reaching(_ access: WorldAccess) -> any OutsideTool { self }
}

/// An episode with tools: `name[argument]` calls one, `finish[answer]` ends it, the reward looks at the answer or the sandbox.
struct ToolEnvironment: Environment {
    let task: AgentTask
    let tools: ToolSet
    let reward: Reward
    /// Shell text that prepares the sandbox; the task's record comes on its standard input.
    let setup: String?
    let observationLimit: Int
    /// For a judge.
    private let access: WorldAccess
    private let shell: LazyShell
    private(set) var answer: String?
    private var session: ToolSession?

    init(
        task: AgentTask, tools: ToolSet, reward: Reward, setup: String? = nil, observationLimit: Int = 10_000,
        access: WorldAccess = .none, makeShell: @escaping @Sendable () async throws -> any ToolShell
    ) {
        self.task = task
        self.tools = tools
        self.reward = reward
        self.setup = setup
        self.observationLimit = observationLimit
        self.access = access
        shell = LazyShell(make: makeShell)
    }

    mutating func reset() async throws -> String? {
        await close()
        answer = nil
        let session = try await tools.session()
        self.session = session
        if let setup {
            let result = try await shell.runTrusted(setup, record: task.payload)
            guard result.code == 0 else { throw ToolShellError.failed("the setup script", result) }
        }
        let lines = session.tools.compactMap(\.announcement)
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    mutating func step(_ action: Action) async throws -> StepResult {
        if answer != nil { return StepResult("The task is already answered.", isDone: true, isValid: false) }
        guard let session else { throw TemperError(.internal, "the environment was not reset", boundary: .environment) }
        if action.name == "finish" {
            answer = action.argument
            return StepResult("Episode finished.", isDone: true)
        }
        guard let tool = session.tools.first(where: { $0.name == action.name }) else {
            let known = (session.tools.map(\.name) + ["finish"]).map { "\($0)[…]" }.joined(separator: ", ")
            return StepResult("There is no action '\(action.name.prefix(80))'. The actions are \(known).", isValid: false)
        }
        let answer = try await tool.call(action.argument, shell: shell)
        return StepResult(ObservationText.clipped(answer.text, to: observationLimit), isValid: answer.isValid)
    }

    mutating func score() async throws -> Score {
        try await reward.score(answer: answer, task: task, sandbox: shell, access: access)
    }

    mutating func close() async {
        if let session { await tools.end(session) }
        session = nil
        await shell.close()
    }
}
