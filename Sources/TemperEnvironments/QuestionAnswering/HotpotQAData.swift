import Foundation
import Synchronization
import TemperCore

/// Reads HotpotQA's files from the data folder.
enum HotpotQAData {
    /// How many development questions there are; FireAct evaluates on 500 of them.
    static let developmentCount = 7_405

    /// The questions of `hotpotqa/<level>.jsonl`, each with its ten paragraphs.
    static func tasks(level: String) throws -> [AgentTask] {
        let name = "hotpotqa/\(level).jsonl"
        let lines = try Data(contentsOf: DataFolder.file(name)).split(separator: UInt8(ascii: "\n"))
        return try lines.enumerated().map { index, line in
            let place = "\(name):\(index + 1)"
            let record = try JSONValue.parse(Data(line), named: place)
            guard let question = record["question"]?.string, let answer = record["answer"]?.string,
                let paragraphs = record["context"], paragraphs.array != nil
            else { throw TemperError(.data, "the record lacks question, answer or context", place: place, boundary: .data) }
            return AgentTask(
                id: "\(level)-\(index.padded(3))", suite: "hotpotqa", split: level, instruction: question,
                payload: .object(["answer": .string(answer), "paragraphs": paragraphs]),
                tags: ["type": record["type"]?.string ?? "unknown", "level": record["level"]?.string ?? level])
        }
    }

    /// The questions of `hotpotqa/dev.json`, without paragraphs.
    static func devTasks() throws -> [AgentTask] {
        let name = "hotpotqa/dev.json"
        let file = try JSONValue.parse(Data(contentsOf: DataFolder.file(name)), named: name)
        guard let records = file.array, records.count == developmentCount else {
            throw TemperError(.data, "expected a list of \(developmentCount) questions", place: name, boundary: .data)
        }
        return try records.enumerated().map { index, record in
            guard let question = record["question"]?.string, let answer = record["answer"]?.string else {
                throw TemperError(.data, "record \(index) lacks question or answer", place: name, boundary: .data)
            }
            return AgentTask(
                id: "dev-\(index.padded(5))", suite: "hotpotqa", split: "dev", instruction: question,
                payload: .object(["answer": .string(answer)]), tags: ["type": record["type"]?.string ?? "unknown"])
        }
    }

    /// The 500 development questions FireAct reports on, in its order: the first of `random.Random(233).shuffle`.
    static func fireActSubset() -> [Int] {
        var random = PythonRandom(seed: 233)
        var indices = Array(0..<developmentCount)
        random.shuffle(&indices)
        return Array(indices.prefix(500))
    }

    /// Paragraphs as `[[title, [sentence, …]], …]`.
    ///
    /// - Throws: ``TemperError`` with code `data` when they have another form.
    static func pages(_ paragraphs: JSONValue, task: String) throws -> [SearchPage] {
        try (paragraphs.array ?? []).map { paragraph in
            guard let parts = paragraph.array, parts.count == 2, let title = parts[0].string, let sentences = parts[1].array
            else {
                throw TemperError(.data, "a paragraph is not [title, [sentence, …]]", place: task, boundary: .data)
            }
            return SearchPage(title: title, sentences: sentences.compactMap(\.string))
        }
    }

    /// What questions without paragraphs search: FireAct's recorded results, else all paragraphs in the data folder.
    static func sharedIndex() throws -> SearchIndex { try RecordedSearch.fireAct() ?? paragraphIndex() }

    /// All paragraphs of `easy` and `medium`, built once.
    static func paragraphIndex() throws -> SearchIndex {
        try shared.withLock { known in
            if let known { return known }
            let pages = try (tasks(level: "easy") + tasks(level: "medium")).flatMap { task in
                try Self.pages(task.payload["paragraphs"] ?? .array([]), task: task.id)
            }
            let index = try SearchIndex(pages)
            known = index
            return index
        }
    }

    private static let shared = Mutex<SearchIndex?>(nil)
}
