import Foundation
package import TemperCore

/// A suite that a user defines in a YAML file; its id is the file's path.
///
/// What the file says stands in this folder's README and in `docs/your-own-task.md`.
package struct FileSuite: Suite {
    package let id: String
    private let file: SuiteFile
    private let worlds: Worlds
    private let access: WorldAccess
    private let makeShell: @Sendable () async throws -> any ToolShell

    /// What episodes share: processes and sessions that wait for their next episode, or the tools.
    private enum Worlds: Sendable {
        case pool(WorldPool)
        case tools(ToolSet, setup: String?)
    }

    /// Whether a word names a suite's file rather than a suite: it ends in `.yaml` or `.yml`.
    package static func isFile(_ word: String) -> Bool { word.hasSuffix(".yaml") || word.hasSuffix(".yml") }

    /// - Throws: ``TemperError`` with code `data` that names file, line and the nearest key.
    package init(_ path: String) throws {
        let file = try SuiteFile.load(path)
        let longest = file.longestCommand
        self.init(id: path, file: file, makeShell: { try await SandboxShell.open(longest: longest) })
    }

    init(
        id: String, file: SuiteFile, access: WorldAccess = .none,
        makeShell: @escaping @Sendable () async throws -> any ToolShell
    ) {
        self.id = id
        self.file = file
        self.access = access
        self.makeShell = makeShell
        worlds =
            switch file.world {
            case .tools(let fixed, let servers, let setup):
                .tools(ToolSet(fixed.map { $0.reaching(access) }, servers: servers.map(MCPPool.init)), setup: setup)
            case .process(let settings): .pool(WorldPool { try await ChildWorld(settings) })
            case .agentGym(let settings): .pool(WorldPool { try await AgentGymWorld(settings, access: access) })
            case .openEnv(let settings): .pool(WorldPool { try await OpenEnvWorld(settings, access: access) })
            }
    }

    /// Nothing that waits for its next episode is shared with this suite.
    package func reaching(_ access: WorldAccess) -> any Suite {
        FileSuite(id: id, file: file, access: access, makeShell: makeShell)
    }

    package var summary: String { file.summary }
    package var splits: [String] { file.tasks.splits }
    package var methods: [TemperCore.Method] { [.react] }
    package var defaultMethod: TemperCore.Method { .react }
    package var maximumTurns: Int { file.maximumTurns }
    package var primaryMetric: String { file.reward?.metric ?? "reward" }
    package var chanceLevel: Double { file.chanceLevel }
    package var scriptedPolicyNames: [String] { ["gold", "random"] }

    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        try file.tasks.tasks(suite: id, split: split, limit: limit)
    }

    package func tasks(from path: String) throws -> [AgentTask] { try file.tasks.read(path, suite: id, split: "test") }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        switch worlds {
        case .pool(let pool):
            return OutsideEnvironment(
                task: task, pool: pool, reward: file.reward, observationLimit: file.observationLimit, access: access)
        case .tools(let tools, let setup):
            guard let reward = file.reward else {
                throw TemperError(.data, "the suite has no reward", place: id, boundary: .environment)
            }
            return ToolEnvironment(
                task: task, tools: tools, reward: reward, setup: setup, observationLimit: file.observationLimit,
                access: access, makeShell: makeShell)
        }
    }

    package func prompt(for method: TemperCore.Method) throws -> SuitePrompt { file.prompt }

    /// Nil for a check script, a judge and a world's own score: rescoring then plays the stored actions again.
    package func score(answer: String?, for task: AgentTask) -> Score? {
        // Tasks are checked when they are read, so a reference that cannot be compared with does not come here.
        try? file.reward?.score(answer: answer, task: task)
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": SolutionPolicy()
        case "random": RandomPolicy { _, _ in "I do not know" }
        default: nil
        }
    }
}

/// Plays the reference actions of a task (`solution`), or gives its reference answer where it has none.
struct SolutionPolicy: Script {
    let name = "gold"
    let author: Author? = .reference

    func reply(in scene: Scene) async throws -> String {
        let written = (scene.task.payload[FileTasks.solutionKey]?.array ?? []).compactMap {
            $0.string.flatMap(OutsideActions.parse)
        }
        let answer = scene.task.payload[FileTasks.answerKey]
        let reference = (answer?.array?.first ?? answer).flatMap(JSONTemplate.text)
        let turn = scene.turns.count
        let action: Action
        if turn < written.count {
            action = written[turn]
        } else if let reference {
            action = Action("finish", reference)
        } else {
            throw TemperError(
                .data, "the task '\(scene.task.id)' has no solution left to replay",
                hint: "give 'solution' or 'answer' in its record",
                boundary: .policy)
        }
        return TurnText.write(thought: nil, action: action, format: scene.task.format)
    }
}
