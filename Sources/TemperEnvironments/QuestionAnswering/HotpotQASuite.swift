public import TemperCore

/// HotpotQA (Yang et al. 2018) with a search tool: multi-hop questions over Wikipedia.
public struct HotpotQASuite: Suite {
    public let id = "hotpotqa"
    public let summary = "multi-hop questions over Wikipedia paragraphs with search (HotpotQA; dev-500 is FireAct's subset)"
    public let splits = ["easy", "medium", "test", "dev", "dev-500"]
    public let methods: [Method] = [.react, .cot, .io, .act, .reflexion, .rewoo, .tools]
    public let defaultMethod = Method.react
    public let maximumTurns = 11
    public let primaryMetric = "exact_match"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["gold", "random", "search-once"]
    private var settings = SearchSettings()

    public init() {}

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings = try SearchSettings(options)
        try options.finish()
        return suite
    }

    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let tasks: [AgentTask]
        switch split {
        case "easy", "medium": tasks = try HotpotQAData.tasks(level: split)
        case "test":
            tasks = try (HotpotQAData.tasks(level: "easy") + HotpotQAData.tasks(level: "medium")).map {
                var task = $0
                task.split = split
                return task
            }
        case "dev": tasks = try HotpotQAData.devTasks()
        case "dev-500":
            let chosen = Set(HotpotQAData.fireActSubset())
            tasks = try HotpotQAData.devTasks().enumerated().filter { chosen.contains($0.offset) }.map(\.element)
        default: throw QuestionTask.noSplit(split, of: self)
        }
        return settings.chosen(tasks, limit: limit)
    }

    /// Questions with answers, in JSON with HotpotQA's own `context`, if they have one, as the paragraphs to search.
    public func tasks(from path: String) throws -> [AgentTask] {
        let tasks = try QuestionFile(path).records.enumerated().map { index, record in
            var task = try QuestionTask.make(
                record, id: "file-\(QuestionTask.padded(index, 4))", suite: id, split: "file",
                tags: ["type": record.source["type"]?.string ?? "unknown"])
            if let paragraphs = record.source["context"] {
                task.payload = .object(["answer": .string(record.answer), "paragraphs": paragraphs])
            }
            return task
        }
        return settings.chosen(tasks, limit: nil)
    }

    /// A task with paragraphs searches these; any other searches FireAct's recorded results, or all paragraphs at hand.
    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try settings.environment(for: task, metric: .exactMatch) {
            guard let paragraphs = task.payload["paragraphs"] else { return try HotpotQAData.sharedIndex() }
            return try SearchIndex(HotpotQAData.pages(paragraphs, task: task.id))
        }
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        AnswerMetric.exactMatch.answerScore(answer, task)
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "gold": GoldAnswerPolicy()
        case "random": RandomPolicy(guess: RandomPolicy.spanOrYesNo)
        case "search-once": SearchOncePolicy()
        default: nil
        }
    }
}
