package import TemperCore
import TemperPocketText

/// Questions over generated graphs, on the tools, words and reward of `kg`.
package struct PocketGraphSuite: Suite {
    package static let identifier = "pocket/knowledge-graph"

    package let id = Self.identifier
    package let summary = "questions over a generated knowledge graph with seven tools (unseen entities and wordings in test)"
    package let splits = ["train", "validation", "test"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.knowledgeGraph
    package let maximumTurns = 15
    package let primaryMetric = "f1"
    /// What random admissible calls get on the test split, the mean of five seeds: some end with a variable that holds part of the answer.
    package let chanceLevel = 0.09
    package let scriptedPolicyNames = ["expert", "random"]
    private var imperfect = 0.0

    package init() {}

    /// Option `imperfect`: the share of the expert's episodes with wrong turns or a wrong end.
    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let kind = try self.split(named: split)
        let count = max(0, min(limit ?? kind.size, kind.maximum))
        var tasks: [AgentTask] = []
        tasks.reserveCapacity(count)
        var number: UInt64 = 0
        while tasks.count < count {
            var maker = PocketGraphTaskMaker(
                graph: PocketGraph(number: number, partition: kind.partition), wording: kind.wording, withHeldOut: kind == .test)
            for draft in maker.drafts() where tasks.count < count { tasks.append(task(draft, kind, number, index: tasks.count)) }
            number += 1
        }
        return tasks
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let solution = try GraphSolution(task)
        guard let world = task.payload["world"]?.number, let number = UInt64(exactly: world) else {
            throw TemperError(.data, "the payload of task '\(task.id)' lacks its world", place: id, boundary: .data)
        }
        let store = try PocketGraphCache.shared.store(world: number, partition: split(named: task.split).partition)
        return KnowledgeGraphEnvironment(entities: solution.entities, gold: solution.answers, source: store)
    }

    package func prompt(for method: Method) throws -> SuitePrompt {
        try SuitePromptFile.load(suite: KnowledgeGraphSuite.identifier, method: method)
    }

    package func score(answer: String?, for task: AgentTask) -> Score? { KnowledgeGraphSuite.score(answer, task) }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "expert":
            let expert = PocketGraphExpert()
            return imperfect > 0
                ? ImperfectExpert(
                    expert, share: imperfect, wrongTurn: PocketGraphExpert.wrongTurn, wrongEnding: PocketGraphExpert.wrongEnding)
                : expert
        case "random": return KnowledgeGraphSuite.random
        default: return nil
        }
    }

    private func split(named name: String) throws -> PocketSplit {
        guard let split = PocketSplit(rawValue: name) else {
            throw TemperError(.usage, "'\(id)' has no split '\(name)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        return split
    }

    private func task(_ draft: PocketGraphTaskMaker.Draft, _ split: PocketSplit, _ world: UInt64, index: Int) -> AgentTask {
        return AgentTask(
            id: split.rawValue + "-" + index.padded(6), suite: id,
            split: split.rawValue, instruction: KnowledgeGraphData.instruction(draft.question, draft.entities.map(\.name)),
            payload: .object([
                "world": .number(Double(world)), "answers": .array(draft.answers.map { .string($0) }),
                "entities": .array(draft.entities.map { .array([.string($0.name), .string($0.id)]) }),
                "actions": .array(draft.calls.map { .string($0.text) }),
            ]),
            tags: ["kind": draft.shape.kind, "shape": draft.shape.name, "held_out": draft.shape.isHeldOut ? "true" : "false"],
            format: .knowledgeGraph)
    }
}
