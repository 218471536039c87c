public import TemperCore

/// HotpotQA (Yang et al. 2018) with a search tool: multi-hop questions over Wikipedia.
public struct HotpotQASuite: Suite {
    public let id = "hotpotqa"
    public let summary = "multi-hop questions over Wikipedia paragraphs with search (HotpotQA; dev-500 is FireAct's subset)"
    public let splits = ["easy", "medium", "test", "dev", "dev-500"]
    public let methods: [Method] = [.react, .cot, .io]
    public let defaultMethod = Method.react
    public let maximumTurns = 11
    public let primaryMetric = "exact_match"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["random", "search-once"]

    public init() {}

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
        default:
            throw TemperError(
                .usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        return limit.map { Array(tasks.prefix(max(0, $0))) } ?? tasks
    }

    /// A task with paragraphs searches these; any other searches FireAct's recorded results, or all paragraphs at hand.
    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        guard let answer = task.payload["answer"]?.string else {
            throw TemperError(.data, "the task '\(task.id)' has no answer", place: id, boundary: .data)
        }
        let index =
            if let paragraphs = task.payload["paragraphs"] {
                try SearchIndex(HotpotQAData.pages(paragraphs, task: task.id))
            } else {
                try HotpotQAData.sharedIndex()
            }
        return QuestionAnsweringEnvironment(question: task.instruction, gold: answer, index: index)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        AnswerMetrics.score(answer, task.payload["answer"]?.string ?? "")
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "random": RandomPolicy(guess: RandomPolicy.spanOrYesNo)
        case "search-once": SearchOncePolicy()
        default: nil
        }
    }
}
