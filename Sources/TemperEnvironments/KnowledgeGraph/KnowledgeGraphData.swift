import Foundation
import TemperCore

/// Reads AgentBench's knowledge-graph tasks: a JSON list of `question`, `qid`, `source`, `entities` (name → id), `s_expression`,
/// `actions` (a solution as calls) and `answer` (`answer_argument`).
enum KnowledgeGraphData {
    /// - Throws: ``TemperError`` with code `data` that names file and record.
    static func tasks(_ data: Data, named place: String, suite: String, split: String, prefix: String) throws -> [AgentTask] {
        guard let records = try JSONValue.parse(data, named: place).array else {
            throw TemperError(.data, "expected a list of questions", place: place, boundary: .data)
        }
        return try records.enumerated().map { index, record in
            let id = prefix + "-" + index.padded(3)
            return try task(record, id: id, suite: suite, split: split, place: "\(place), record \(index + 1)")
        }
    }

    private static func task(_ record: JSONValue, id: String, suite: String, split: String, place: String) throws -> AgentTask {
        func fault(_ message: String) -> TemperError { TemperError(.data, message, place: place, boundary: .data) }
        guard let question = record["question"]?.string, !question.isEmpty else { throw fault("'question' must be a string") }
        guard let named = record["entities"]?.object, !named.isEmpty, named.values.allSatisfy({ $0.string != nil }) else {
            throw fault("'entities' must be an object of name and id")
        }
        guard let answers = record["answer"]?.array?.map({ $0["answer_argument"]?.string }), !answers.isEmpty,
            !answers.contains(nil)
        else { throw fault("'answer' must be a list of objects with 'answer_argument'") }
        let actions = record["actions"]?.array ?? []
        guard actions.allSatisfy({ $0.string.map { GraphSolution.Call($0) != nil } ?? false }) else {
            throw fault("'actions' must be a list of calls such as get_relations(m.0abc)")
        }
        // Objects have no order: names as the question has them, others after.
        let lowered = question.lowercased()
        func position(_ name: String) -> Int {
            lowered.range(of: name.lowercased()).map { lowered.distance(from: lowered.startIndex, to: $0.lowerBound) } ?? Int.max
        }
        let names = named.keys.sorted().map { (position($0), $0) }.sorted { $0 < $1 }.map(\.1)
        let entities = names.map { JSONValue.array([.string($0), named[$0] ?? .null]) }
        return AgentTask(
            id: id, suite: suite, split: split, instruction: instruction(question, names),
            payload: .object([
                "entities": .array(entities), "answers": .array(answers.map { .string($0 ?? "") }), "actions": .array(actions),
            ]),
            tags: ["source": record["source"]?.string ?? "unknown", "kind": kind(actions)], format: .knowledgeGraph)
    }

    static func instruction(_ question: String, _ names: [String]) -> String {
        "Question: \(question)\nEntities: [\(names.joined(separator: ", "))]"
    }

    /// How the solution ends: `intersection`, `count`, `argmax` …
    private static func kind(_ actions: [JSONValue]) -> String {
        actions.last?.string.flatMap { GraphSolution.Call($0) }?.tool.rawValue ?? "unknown"
    }
}
