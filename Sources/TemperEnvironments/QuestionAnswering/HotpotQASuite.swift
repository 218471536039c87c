package import TemperCore

/// HotpotQA (Yang et al. 2018) with a search tool: multi-hop questions over Wikipedia.
package struct HotpotQASuite: PublishedQuestionSuite {
    package let id = "hotpotqa"
    package let summary = "multi-hop questions over Wikipedia paragraphs with search (HotpotQA; dev-500 is FireAct's subset)"
    package let splits = ["easy", "medium", "test", "dev", "dev-500"]
    package let chanceLevel = 0.0
    package var settings = SearchSettings()

    package init() {}

    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
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
    package func tasks(from path: String) throws -> [AgentTask] {
        let tasks = try QuestionFile(path).records.enumerated().map { index, record in
            var task = try QuestionTask.make(
                record, id: "file-\(index.padded(4))", suite: id, split: "file",
                tags: ["type": record.source["type"]?.string ?? "unknown"])
            if let paragraphs = record.source["context"] {
                task.payload = .object(["answer": .string(record.answer), "paragraphs": paragraphs])
            }
            return task
        }
        return settings.chosen(tasks, limit: nil)
    }

    /// A task's own paragraphs; for a task without, FireAct's recorded results or all paragraphs in the data folder.
    package func standardSearch(for task: AgentTask) throws -> any SearchBackend {
        guard let paragraphs = task.payload["paragraphs"] else { return try HotpotQAData.sharedIndex() }
        return try SearchIndex(HotpotQAData.pages(paragraphs, task: task.id))
    }

    package func metric(of task: AgentTask) -> AnswerMetric { .exactMatch }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { RandomPolicy.spanOrYesNo(task, &random) }
}
