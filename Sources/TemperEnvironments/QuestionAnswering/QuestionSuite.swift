package import TemperCore

/// A suite of questions with a search tool: what the published suites and their pocket twins have in common.
package protocol QuestionSuite: Suite {
    /// The suite whose prompts are shown; a twin shows those of the real suite.
    var promptSuite: String { get }
    func metric(of task: AgentTask) -> AnswerMetric
    /// An answer without reading.
    func guess(_ task: AgentTask, _ random: inout RandomSource) -> String
}

extension QuestionSuite {
    package var methods: [Method] { SuitePromptFile.methods(of: promptSuite) }
    package var defaultMethod: Method { .react }
    package var primaryMetric: String { "exact_match" }
    package var promptSuite: String { id }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: promptSuite, method: method) }

    /// The score of a bare answer; nil under faults, whose share only a replay tells.
    package func score(answer: String?, for task: AgentTask) -> Score? {
        guard SearchFaults(of: task).isOff else { return nil }
        return metric(of: task).score(answer, task.referenceAnswer ?? "")
    }

    /// The policies that every question suite has.
    func commonPolicy(named name: String) -> (any Script)? {
        switch name {
        case "random": RandomPolicy { guess($0, &$1) }
        case "search-once": SearchOncePolicy { metric(of: $0) }
        default: nil
        }
    }
}

/// A published question suite, with the search back ends and faults that its options name.
package protocol PublishedQuestionSuite: QuestionSuite {
    var settings: SearchSettings { get set }
    /// What is searched where the options name nothing.
    func standardSearch(for task: AgentTask) throws -> any SearchBackend
}

extension PublishedQuestionSuite {
    /// FireAct's limit of rounds.
    package var maximumTurns: Int { 11 }
    package var scriptedPolicyNames: [String] { ["gold", "random", "search-once"] }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings = try SearchSettings(options)
        try options.finish()
        return suite
    }

    package func standardSearch(for task: AgentTask) throws -> any SearchBackend { try HotpotQAData.sharedIndex() }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try settings.environment(for: task, metric: metric(of: task)) { try standardSearch(for: task) }
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        name == "gold" ? GoldAnswerPolicy() : commonPolicy(named: name)
    }
}
