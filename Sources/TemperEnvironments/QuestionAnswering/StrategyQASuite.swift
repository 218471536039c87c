import Foundation
public import TemperCore

/// StrategyQA (Geva et al. 2021) with a search tool: yes/no questions whose steps are not named.
public struct StrategyQASuite: PublishedQuestionSuite {
    public let id = "strategyqa"
    public let summary = "yes/no questions that need several facts, with search (StrategyQA; test is its labelled dev set)"
    public let splits = ["test", "dev", "train"]
    public let chanceLevel = 0.5
    public var settings = SearchSettings()

    public init() {}

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

    public func metric(of task: AgentTask) -> AnswerMetric { .yesNo }
    public func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { random.pick(["yes", "no"]) }
}
