import Foundation
package import TemperCore

/// MMLU (Hendrycks et al. 2021): questions with four options from 57 subjects, with a search tool as in FireAct.
package struct MMLUSuite: PublishedQuestionSuite {
    package let id = "mmlu"
    package let summary = "questions with four options from the subjects in the data folder, with search in react (MMLU)"
    package let splits = ["test", "val", "dev"]
    package let chanceLevel = 0.25
    package var settings = SearchSettings()

    package init() {}

    /// The tables `mmlu/<split>/<subject>_<split>.csv`. Ids start with the number of the question in its subject, so that the
    /// first tasks come from all subjects alike (`test-0003-econometrics`).
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else { throw QuestionTask.noSplit(split, of: self) }
        let folder = try DataFolder.file("mmlu/\(split)")
        return settings.chosen(try tasks(folder, split: split), limit: limit)
    }

    /// A table in MMLU's form, a folder of such tables, or a file of questions with the fields A, B, C, D.
    package func tasks(from path: String) throws -> [AgentTask] {
        settings.chosen(try tasks(URL(fileURLWithPath: path), split: "file"), limit: nil)
    }

    private func tasks(_ place: URL, split: String) throws -> [AgentTask] {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else { return try subject(place, split: split) }
        let files = try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
        let tables = files.filter { $0.pathExtension == "csv" }
        guard !tables.isEmpty else { throw TemperError(.data, "there is no table (.csv) in the folder", place: place.path) }
        return try tables.flatMap { try subject($0, split: split) }.sorted { $0.id < $1.id }
    }

    private func subject(_ file: URL, split: String) throws -> [AgentTask] {
        let suffix = "_\(split)"
        let stem = file.deletingPathExtension().lastPathComponent
        let subject = stem.hasSuffix(suffix) ? String(stem.dropLast(suffix.count)) : stem
        return try records(file).enumerated().map { index, record in
            try QuestionTask.make(
                record, id: "\(split)-\(index.padded(4))-\(subject)", suite: id, split: split, isChoice: true,
                tags: ["subject": subject])
        }
    }

    private func records(_ file: URL) throws -> [QuestionFile.Record] {
        guard file.pathExtension == "csv" else { return try QuestionFile(file.path).records }
        let table = try CSVTable(QuestionFile.text(file.path), named: file.path)
        let header = table.rows.first?.cells.map { $0.lowercased() } ?? []
        if header.contains("question") { return try QuestionFile(file.path).records }
        return try QuestionFile.choices(table, named: file.path)
    }

    package func metric(of task: AgentTask) -> AnswerMetric { .choice(task.options) }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { random.pick(AnswerMetric.letters) }
}

extension AgentTask {
    /// The texts of the options of a question that has them.
    var options: [String] { payload["options"]?.array?.compactMap(\.string) ?? [] }
}
