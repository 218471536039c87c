import Foundation
package import TemperCore
import TemperDatabases

/// AgentBench's database tasks (Liu et al. 2023): questions about a table and changes to it, in SQL.
package struct DatabaseSuite: DerivingSuite {
    package let id = "db"
    package let summary = "questions about tables and changes to them in SQL (AgentBench's dbbench; BIRD folders with --tasks)"
    package let splits = ["test"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.database
    package let maximumTurns = 15
    package let primaryMetric = "accuracy"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["gold", "random", "nothing", "templates"]

    private var backend = DatabaseBackend.sqlite
    private var timeLimit: Duration?
    private var mendsTables = false

    package init() {}

    package var options: any Configurable.Type { DatabaseOptions.self }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        let options = try options.read(DatabaseOptions.self)
        suite.backend = options.server == .mariadb ? .mariaDB(MariaDBServer.shared()) : .sqlite
        suite.timeLimit = options.timeLimit == 0 ? nil : .seconds(options.timeLimit)
        suite.mendsTables = options.repair
        return suite
    }

    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard split == "test" else {
            throw TemperError(.usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let name = "agentbench/dbbench/standard.jsonl"
        let tasks = try DBBenchFile(suite: id, split: split, mendsAll: mendsTables).tasks(DataFolder.file(name), named: name)
        return limit.map { Array(tasks.prefix(max(0, $0))) } ?? tasks
    }

    package var derivation: any TaskDerivation { DatabaseDerivation(suite: self, backend: backend, timeLimit: timeLimit) }

    /// The tasks of a file in AgentBench's form or of derived tasks, or of a folder in BIRD's.
    package func tasks(from path: String) throws -> [AgentTask] {
        if let tasks = try DerivedTaskFile.tasks(at: path, of: self) { return tasks }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TemperError(.data, "there is no such file", place: path, boundary: .data)
        }
        let url = URL(fileURLWithPath: path)
        if isFolder.boolValue { return try BIRDFolder(suite: id).tasks(url, named: path) }
        let split = url.deletingPathExtension().lastPathComponent
        return try DBBenchFile(suite: id, split: split, mendsAll: mendsTables).tasks(url, named: path)
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try backend.environment(for: task, timeLimit: timeLimit)
    }

    package func prompt(for method: Method) throws -> SuitePrompt {
        var prompt = try SuitePromptFile.load(suite: id, method: method)
        if case .mariaDB = backend { prompt.instruction = prompt.instruction.replacing("SQLite", with: "MariaDB") }
        return prompt
    }

    package func score(answer: String?, for task: AgentTask) -> Score? { DatabaseBackend.score(answer, task) }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        name == "templates" ? TableTemplates() : DatabaseScripts.policy(named: name)
    }
}

/// What the databases of the episodes are made by.
enum DatabaseBackend: Sendable {
    case sqlite
    case mariaDB(MariaDBServer)

    /// - Parameter timeLimit: the limit of one statement; nil takes the source's own (5 s for tables of a task, 30 s for a data set's file).
    func environment(for task: AgentTask, timeLimit: Duration?) throws -> DatabaseEnvironment {
        let goal = try DatabaseGoal(task)
        return DatabaseEnvironment(goal: goal, connect: try connector(for: goal.source, of: task.id, timeLimit: timeLimit))
    }

    /// Opens fresh databases that hold what a source says.
    func connector(for source: DatabaseGoal.Source, of task: String, timeLimit: Duration?) throws -> () async throws ->
        any DatabaseConnection
    {
        switch (source, self) {
        case (.tables(let tables), .sqlite):
            var limits = SQLiteDatabase.Limits()
            limits.time = timeLimit ?? limits.time
            return { [limits] in try SQLiteDatabase(tables: tables, limits: limits) }
        case (.tables(let tables), .mariaDB(let server)):
            return { try server.open(tables, timeLimit: timeLimit ?? .seconds(5)) }
        case (.file(let path), .sqlite):
            var limits = SQLiteDatabase.Limits.file
            limits.time = timeLimit ?? limits.time
            return { [limits] in try SQLiteDatabase(readingFrom: path, limits: limits) }
        case (.file, .mariaDB):
            throw TemperError(
                .usage, "the task '\(task)' brings a SQLite file", hint: "leave out suites.db.server=mariadb",
                boundary: .environment)
        }
    }

    /// The score of an answer; nil where the tables or the last statement decide.
    static func score(_ answer: String?, _ task: AgentTask) -> Score? {
        guard task.payload["check"]?.string == "answer" else { return nil }
        let labels = (task.payload["labels"]?.array ?? []).compactMap(\.string)
        return DatabaseEnvironment.score(AnswerRule.matches(answer, labels: labels))
    }
}
