import Foundation
public import TemperCore

/// StrategyQA (Geva et al. 2021) with a search tool: yes/no questions whose steps are not named.
public struct StrategyQASuite: Suite {
    public let id = "strategyqa"
    public let summary = "yes/no questions that need several facts, with search (StrategyQA; test is its labelled dev set)"
    public let splits = ["test", "dev", "train"]
    public let methods: [Method] = [.react, .cot, .io, .act, .reflexion, .rewoo, .tools]
    public let defaultMethod = Method.react
    public let maximumTurns = 11
    public let primaryMetric = "exact_match"
    public let chanceLevel = 0.5
    public let scriptedPolicyNames = ["gold", "random", "search-once"]
    private var settings = SearchSettings()

    public init() {}

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings = try SearchSettings(options)
        try options.finish()
        return suite
    }

    /// `dev` and `test` are the 229 questions of `strategyqa/dev.json` (the answers of its own test set are not public), `train`
    /// the 2,821 of `strategyqa/train-filtered.json`.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let (name, prefix) =
            switch split {
            case "dev", "test": ("strategyqa/dev.json", "dev")
            case "train": ("strategyqa/train-filtered.json", "train")
            default: throw QuestionTask.noSplit(split, of: self)
            }
        let file = try DataFolder.file(name)
        return settings.chosen(try tasks(QuestionFile(file.path), prefix: prefix, split: split), limit: limit)
    }

    public func tasks(from path: String) throws -> [AgentTask] {
        settings.chosen(try tasks(QuestionFile(path), prefix: "file", split: "file"), limit: nil)
    }

    private func tasks(_ file: QuestionFile, prefix: String, split: String) throws -> [AgentTask] {
        try file.records.enumerated().map { index, record in
            try QuestionTask.make(
                record, id: "\(prefix)-\(QuestionTask.padded(index, 4))", suite: id, split: split, isYesNo: true,
                tags: record.id.map { ["qid": $0] } ?? [:])
        }
    }

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try settings.environment(for: task, metric: .yesNo, standard: HotpotQAData.sharedIndex)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        AnswerMetric.yesNo.answerScore(answer, task)
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "gold": GoldAnswerPolicy()
        case "random": RandomPolicy { _, random in random.pick(["yes", "no"]) }
        case "search-once": SearchOncePolicy { _ in .yesNo }
        default: nil
        }
    }
}
