import Foundation
import TemperCore

/// Where the tasks of a suite's file come from.
struct FileTasks: Sendable {
    /// The key under which a task's payload keeps its answer, whatever the record calls it.
    static let answerKey = "answer"
    /// The same for the reference actions.
    static let solutionKey = "solution"
    /// The number of a task that is known by number alone.
    static let numberKey = "number"

    enum Source: Sendable {
        /// JSON lines, one record a line.
        case files([(split: String, path: String)])
        /// Tasks that the world knows by number.
        case numbers([(split: String, range: ClosedRange<Int>)])

        var isNumbers: Bool { if case .numbers = self { true } else { false } }
    }

    /// What the record calls things.
    struct Fields: Sendable, Hashable {
        var id = "id"
        var instruction = "instruction"
        var answer = "answer"
        var solution = "solution"
    }

    var source: Source
    var fields = Fields()
    /// The task's text with `{field}` for fields of the record; nil takes the instruction field.
    var text: String?
    /// Fields of the record that group scores.
    var tags: [String] = []
    /// What the tasks must have for it to score them.
    var reward: Reward?

    var splits: [String] {
        switch source {
        case .files(let files): files.map(\.split)
        case .numbers(let ranges): ranges.map(\.split)
        }
    }

    /// The tasks of a split in the order of the file.
    ///
    /// - Throws: ``TemperError`` with code `usage` for an unknown split, `data` for a bad record, which names file and line.
    func tasks(suite: String, split: String, limit: Int?) throws -> [AgentTask] {
        switch source {
        case .files(let files):
            if let file = files.first(where: { $0.split == split }) {
                return try read(file.path, suite: suite, split: split, limit: limit)
            }
        case .numbers(let ranges):
            if let range = ranges.first(where: { $0.split == split })?.range {
                return range.prefix(limit ?? range.count).map { numbered($0, suite: suite, split: split) }
            }
        }
        throw TemperError(.usage, "'\(suite)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
    }

    private func numbered(_ number: Int, suite: String, split: String) -> AgentTask {
        let payload = JSONValue.object([Self.numberKey: .number(Double(number))])
        let shown = text.map { JSONTemplate.fill($0, JSONTemplate.values(of: payload)) } ?? "Task \(number)"
        return AgentTask(id: "\(split)-\(number)", suite: suite, split: split, instruction: shown, payload: payload)
    }

    /// Reads JSON lines; blank lines are left out.
    func read(_ path: String, suite: String, split: String, limit: Int? = nil) throws -> [AgentTask] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw TemperError(.data, "the tasks cannot be read", place: path, boundary: .data, cause: error)
        }
        let name = URL(fileURLWithPath: path).relativePath
        var tasks: [AgentTask] = []
        var seen: [String: Int] = [:]
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if let limit, tasks.count >= limit { break }
            if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
            let place = "\(name):\(index + 1)"
            let task = try task(
                JSONValue.parse(Data(line), named: place), line: index + 1, suite: suite, split: split, place: place)
            if let first = seen.updateValue(index + 1, forKey: task.id) {
                throw bad("the id '\(task.id)' stands in line \(first) already", place)
            }
            tasks.append(task)
        }
        guard !tasks.isEmpty || limit == 0 else { throw bad("there is no task in the file", name) }
        return tasks
    }

    private func task(_ record: JSONValue, line: Int, suite: String, split: String, place: String) throws -> AgentTask {
        guard var payload = record.object else { throw bad("the record is not a JSON object", place) }
        var id = "\(split)-\(line)"
        if let given = payload[fields.id] {
            guard let text = JSONTemplate.text(given), !text.isEmpty else {
                throw bad("'\(fields.id)' is neither text nor a number", place)
            }
            id = text
        }
        let shown: String
        if let text {
            shown = JSONTemplate.fill(text, JSONTemplate.values(of: record))
        } else {
            guard let given = payload[fields.instruction]?.string, !given.isEmpty else {
                throw bad("the record lacks '\(fields.instruction)', the text of the task", place)
            }
            shown = given
        }
        let answer = payload[fields.answer]
        if fields.answer != Self.answerKey, let answer { payload[Self.answerKey] = answer }
        if let solution = payload[fields.solution] {
            payload[Self.solutionKey] = solution
            let actions = solution.array?.map { $0.string.flatMap(OutsideActions.parse) }
            guard let actions, !actions.contains(nil) else {
                throw bad("'\(fields.solution)' is not a list of actions name[argument]", place)
            }
        }
        var values: [String: String] = [:]
        for tag in tags {
            guard let value = payload[tag].flatMap(JSONTemplate.text) else {
                throw bad("the record lacks '\(tag)', a tag", place)
            }
            values[tag] = value
        }
        let task = AgentTask(id: id, suite: suite, split: split, instruction: shown, payload: .object(payload), tags: values)
        do {
            try reward?.check(task)
        } catch let error as TemperError {
            throw bad(error.message, place)
        }
        return task
    }

    private func bad(_ problem: String, _ place: String) -> TemperError {
        TemperError(.data, problem, place: place, boundary: .data)
    }
}
