import Foundation
package import TemperCore

/// StrategyQA (Geva et al. 2021) with a search tool: yes/no questions whose steps are not named.
package struct StrategyQASuite: PublishedQuestionSuite {
    package let id = "strategyqa"
    package let summary = "yes/no questions that need several facts, with search (StrategyQA; test is its labelled dev set)"
    package let splits = ["test", "dev", "train"]
    package let chanceLevel = 0.5
    package var settings = SearchSettings()

    package init() {}

    /// `dev` and `test` are the 229 questions of `strategyqa/dev.json` (the answers of its own test set are not public), `train`
    /// the 2,821 of `strategyqa/train-filtered.json`.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let (name, prefix) =
            switch split {
            case "dev", "test": ("strategyqa/dev.json", "dev")
            case "train": ("strategyqa/train-filtered.json", "train")
            default: throw QuestionTask.noSplit(split, of: self)
            }
        let file = try DataFolder.file(name)
        return settings.chosen(try tasks(QuestionFile(file.path), prefix: prefix, split: split), limit: limit)
    }

    package func tasks(from path: String) throws -> [AgentTask] {
        settings.chosen(try tasks(QuestionFile(path), prefix: "file", split: "file"), limit: nil)
    }

    private func tasks(_ file: QuestionFile, prefix: String, split: String) throws -> [AgentTask] {
        try file.records.enumerated().map { index, record in
            try QuestionTask.make(
                record, id: "\(prefix)-\(index.padded(4))", suite: id, split: split, isYesNo: true,
                tags: record.id.map { ["qid": $0] } ?? [:])
        }
    }

    package func metric(of task: AgentTask) -> AnswerMetric { .yesNo }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { random.pick(["yes", "no"]) }
}
