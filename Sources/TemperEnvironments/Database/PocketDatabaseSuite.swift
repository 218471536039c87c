package import TemperCore

/// Questions about small generated tables and changes to them, on the environment, prompts, format and reward of `db`.
package struct PocketDatabaseSuite: DerivingSuite {
    package static let identifier = "pocket/database"

    package let id = Self.identifier
    package let summary = "questions about small generated tables and changes to them in SQL (unseen names and wordings in test)"
    package let splits = ["train", "validation", "test"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.database
    package let maximumTurns = 8
    package let primaryMetric = "accuracy"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["expert", "gold", "random", "nothing", "templates"]

    private var imperfectShare = 0.0

    package init() {}

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfectShare = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard let kind = PocketSplit(rawValue: split) else {
            throw TemperError(.usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        return (0..<max(0, min(limit ?? kind.size, kind.maximum))).map { number in
            var maker = PocketDatabaseMaker(split: kind, number: number, suite: id)
            return maker.task()
        }
    }

    package func tasks(from path: String) throws -> [AgentTask] { try DerivedTaskFile.onlyTasks(at: path, of: self) }

    package var derivation: any TaskDerivation { DatabaseDerivation(suite: self, backend: .sqlite, timeLimit: nil) }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try DatabaseBackend.sqlite.environment(for: task, timeLimit: nil)
    }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: "db", method: method) }

    package func score(answer: String?, for task: AgentTask) -> Score? { DatabaseBackend.score(answer, task) }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        let expert = PocketDatabaseExpert()
        if name == "templates" { return TableTemplates(imperfect: imperfectShare, otherwise: expert) }
        guard name == "expert" else { return DatabaseScripts.policy(named: name) }
        guard imperfectShare > 0 else { return expert }
        return ImperfectExpert(
            expert, share: imperfectShare, wrongTurn: PocketDatabaseExpert.wrongTurn,
            wrongEnding: PocketDatabaseExpert.wrongEnding)
    }
}
