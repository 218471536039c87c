import Foundation
package import TemperCore

/// Bamboogle (Press et al. 2022) with a search tool: 125 two-hop questions that a web search alone does not answer.
///
/// Its questions are not part of the data folder's usual content: `suites.bamboogle.questions` names a file of questions and
/// answers (CSV with the header `Question,Answer`, JSON or JSON lines), else `bamboogle/test.csv` of the data folder is taken.
package struct BamboogleSuite: PublishedQuestionSuite {
    package let id = "bamboogle"
    package let summary = "two-hop questions with search (Bamboogle; needs suites.bamboogle.questions=FILE)"
    package let splits = ["test"]
    package let chanceLevel = 0.0
    package var settings = SearchSettings()
    private var questions: String?

    static let fileName = "bamboogle/test.csv"

    package init() {}

    package var options: any Configurable.Type { BamboogleOptions.self }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        let options = try options.read(BamboogleOptions.self)
        suite.settings = try SearchSettings(options.search).reaching(settings.access)
        suite.questions = options.questions
        return suite
    }

    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else { throw QuestionTask.noSplit(split, of: self) }
        let path: String
        if let questions {
            path = questions
        } else {
            do {
                path = try DataFolder.file(Self.fileName).path
            } catch {
                throw TemperError(
                    .unavailable, "Bamboogle's questions are missing",
                    hint: "set suites.bamboogle.questions to a file of questions and answers, or put it at \(Self.fileName) in "
                        + "the folder that \(DataFolder.variable) names",
                    boundary: .data, cause: error)
            }
        }
        return settings.chosen(try tasks(QuestionFile(path), split: split), limit: limit)
    }

    package func tasks(from path: String) throws -> [AgentTask] {
        settings.chosen(try tasks(QuestionFile(path), split: "file"), limit: nil)
    }

    private func tasks(_ file: QuestionFile, split: String) throws -> [AgentTask] {
        try file.records.enumerated().map { index, record in
            try QuestionTask.make(
                record, id: "\(split)-\(index.padded(4))", suite: id, split: split,
                tags: record.id.map { ["source_id": $0] } ?? [:])
        }
    }

    package func metric(of task: AgentTask) -> AnswerMetric { .exactMatch }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { RandomPolicy.spanOrYesNo(task, &random) }
}
