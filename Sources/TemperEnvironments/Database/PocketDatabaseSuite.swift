public import TemperCore

/// Questions about small generated tables and changes to them, on the environment, prompts, format and reward of `db`.
public struct PocketDatabaseSuite: DerivingSuite {
    public static let identifier = "pocket/database"

    public let id = Self.identifier
    public let summary = "questions about small generated tables and changes to them in SQL (unseen names and wordings in test)"
    public let splits = ["train", "validation", "test"]
    public let methods: [Method] = [.react]
    public let defaultMethod = Method.react
    public let maximumTurns = 8
    public let primaryMetric = "accuracy"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["expert", "gold", "random", "nothing", "templates"]

    private var imperfectShare = 0.0

    public init() {}

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfectShare = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard let kind = PocketSplit(rawValue: split) else {
            throw TemperError(.usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        return (0..<max(0, min(limit ?? kind.size, kind.maximum))).map { number in
            var maker = PocketDatabaseMaker(split: kind, number: number, suite: id)
            return maker.task()
        }
    }

    public func tasks(from path: String) throws -> [AgentTask] { try DerivedTaskFile.onlyTasks(at: path, suite: id) }

    public var derivation: any TaskDerivation { DatabaseDerivation(suite: self, backend: .sqlite, timeLimit: nil) }

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try DatabaseBackend.sqlite.environment(for: task, timeLimit: nil)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: "db", method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? { DatabaseBackend.score(answer, task) }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        let expert = PocketDatabaseExpert()
        if name == "templates" { return TableTemplates(imperfect: imperfectShare, otherwise: expert) }
        guard name == "expert" else { return DatabaseScripts.policy(named: name) }
        guard imperfectShare > 0 else { return expert }
        return ImperfectExpert(
            expert, share: imperfectShare, wrongTurn: PocketDatabaseExpert.wrongTurn,
            wrongEnding: PocketDatabaseExpert.wrongEnding)
    }
}
