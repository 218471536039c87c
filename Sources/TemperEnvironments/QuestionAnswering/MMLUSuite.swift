import Foundation
public import TemperCore

/// MMLU (Hendrycks et al. 2021): questions with four options from 57 subjects, with a search tool as in FireAct.
public struct MMLUSuite: Suite {
    public let id = "mmlu"
    public let summary = "questions with four options from the subjects at hand, with search in react (MMLU)"
    public let splits = ["test", "val", "dev"]
    public let methods: [Method] = [.react, .cot, .io, .act, .reflexion, .rewoo, .tools]
    public let defaultMethod = Method.react
    public let maximumTurns = 11
    public let primaryMetric = "exact_match"
    public let chanceLevel = 0.25
    public let scriptedPolicyNames = ["gold", "random", "search-once"]
    private var settings = SearchSettings()

    public init() {}

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings = try SearchSettings(options)
        try options.finish()
        return suite
    }

    /// The tables `mmlu/<split>/<subject>_<split>.csv`. Ids start with the number of the question in its subject, so that the
    /// first tasks come from all subjects alike (`test-0003-econometrics`).
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else { throw QuestionTask.noSplit(split, of: self) }
        let folder = try DataFolder.file("mmlu/\(split)")
        return settings.chosen(try tasks(folder, split: split), limit: limit)
    }

    /// A table in MMLU's form, a folder of such tables, or a file of questions with the fields A, B, C, D.
    public func tasks(from path: String) throws -> [AgentTask] {
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
                record, id: "\(split)-\(QuestionTask.padded(index, 4))-\(subject)", suite: id, split: split, isChoice: true,
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

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        try settings.environment(for: task, metric: .choice(task.options), standard: HotpotQAData.sharedIndex)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        AnswerMetric.choice(task.options).answerScore(answer, task)
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "gold": GoldAnswerPolicy()
        case "random": RandomPolicy { _, random in random.pick(AnswerMetric.letters) }
        case "search-once": SearchOncePolicy { .choice($0.options) }
        default: nil
        }
    }
}

extension AgentTask {
    /// The texts of the options of a question that has them.
    var options: [String] { payload["options"]?.array?.compactMap(\.string) ?? [] }
}

extension AnswerMetric {
    /// The score of a bare answer; nil under faults, whose share only a replay tells.
    func answerScore(_ answer: String?, _ task: AgentTask) -> Score? {
        guard SearchFaults(of: task).isOff else { return nil }
        return score(answer, task.payload["answer"]?.string ?? "")
    }
}
