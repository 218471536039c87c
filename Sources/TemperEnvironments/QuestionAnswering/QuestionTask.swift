import TemperCore

/// Turns a question with its answer into a task.
enum QuestionTask {
    /// - Throws: ``TemperError`` with code `data` for an answer that the metric knows no task for.
    static func make(
        _ record: QuestionFile.Record, id: String, suite: String, split: String, isChoice: Bool = false, isYesNo: Bool = false,
        tags: [String: String] = [:]
    ) throws -> AgentTask {
        func fault(_ message: String) -> TemperError { TemperError(.data, message, place: record.place, boundary: .data) }
        var payload: [String: JSONValue] = [:]
        var answer = record.answer
        var instruction = record.question
        if isYesNo {
            answer = AnswerMetric.yesNo.normalizedGold(answer)
            guard ["yes", "no"].contains(answer) else { throw fault("the answer '\(answer.prefix(80))' is neither yes nor no") }
        }
        if isChoice {
            guard record.options.count == AnswerMetric.letters.count, !record.options.contains("") else {
                throw fault("the question has \(record.options.filter { !$0.isEmpty }.count) options, not four")
            }
            answer = AnswerMetric.choice(record.options).normalizedGold(answer)
            guard AnswerMetric.letters.contains(answer) else {
                throw fault("the answer '\(answer.prefix(80))' is none of A, B, C, D")
            }
            instruction = text(record.question, options: record.options)
            payload["options"] = .array(record.options.map(JSONValue.string))
        }
        payload[AgentTask.answerKey] = .string(answer)
        return AgentTask(id: id, suite: suite, split: split, instruction: instruction, payload: .object(payload), tags: tags)
    }

    /// A question with options as FireAct's training sets write it: `Question: `, the question, and a line for each option.
    static func text(_ question: String, options: [String]) -> String {
        (["Question: " + question] + zip(AnswerMetric.letters, options).map { "\($0). \($1)" }).joined(separator: "\n")
    }

    /// The question alone of such a text.
    static func stem(of text: String) -> String {
        let lines = text.split(separator: "\n").dropLast(AnswerMetric.letters.count).joined(separator: " ")
        return lines.hasPrefix("Question: ") ? String(lines.dropFirst("Question: ".count)) : lines
    }

    /// - Throws: the error for a split that a suite does not have.
    static func noSplit(_ split: String, of suite: any Suite) -> TemperError {
        TemperError(
            .usage, "'\(suite.id)' has no split '\(split)'", hint: "its splits are \(suite.splits.joined(separator: ", "))")
    }
}

extension SearchSettings {
    /// The first tasks of a list, with the faults they are played under.
    func chosen(_ tasks: [AgentTask], limit: Int?) -> [AgentTask] {
        (limit.map { Array(tasks.prefix(max(0, $0))) } ?? tasks).map(faults.marked)
    }
}
