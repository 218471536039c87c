package import TemperCore
import TemperPocketText

/// What a recipe may set for a pocket question suite.
package struct PocketSettings: Sendable {
    /// Share of the expert's episodes that err, 0…1.
    package var imperfect = 0.0
    package var faults = SearchFaults()

    package init() {}
}

/// Questions about generated worlds, on the environment, search tool and metrics of the real question suites. A suite says what it
/// asks and how its expert speaks; the rest is common.
package protocol PocketQuestionSuite: QuestionSuite {
    var settings: PocketSettings { get set }
    /// The questions of one world, some of them of held-out shapes if asked for.
    func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft]
    var expert: PocketExpert { get }
}

extension PocketQuestionSuite {
    package var splits: [String] { PocketSplit.allCases.map(\.rawValue) }
    package var maximumTurns: Int { 14 }
    package var scriptedPolicyNames: [String] { ["expert", "random", "search-once"] }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        suite.settings.faults = try SearchSettings.faults(options)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let kind = try PocketSplit(named: split, of: id)
        let count = max(0, min(limit ?? kind.size, kind.maximum))
        var tasks: [AgentTask] = []
        tasks.reserveCapacity(count)
        var number = 0
        while tasks.count < count {
            let world = PocketWorld(number: UInt64(number), partition: kind.partition, wording: kind.wording)
            for draft in drafts(of: world, withHeldOut: kind == .test) where tasks.count < count {
                tasks.append(settings.faults.marked(task(draft, kind, world: number, index: tasks.count)))
            }
            number += 1
        }
        return tasks
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let gold = try PocketGold(task)
        return QuestionAnsweringEnvironment(
            task: task, gold: gold.answer, metric: metric(of: task), search: try PocketWorldCache.shared.index(gold),
            shownSentences: PocketHotpotQASuite.shownSentences)
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        guard name == "expert" else { return commonPolicy(named: name) }
        return settings.imperfect > 0 ? PocketMistakes.expert(expert, share: settings.imperfect, metric: metric) : expert
    }

    private func task(_ draft: PocketDraft, _ split: PocketSplit, world: Int, index: Int) -> AgentTask {
        let hops = draft.hops.map { hop in
            JSONValue.object([
                "title": .string(hop.title), "relation": .string(hop.relation), "value": .string(hop.value),
                "sentence": .string(hop.sentence),
            ])
        }
        var payload: [String: JSONValue] = [
            "world": .number(Double(world)), "answer": .string(draft.answer), "hops": .array(hops),
            "shape": .string(draft.shape.name),
        ]
        if !draft.options.isEmpty { payload["options"] = .array(draft.options.map(JSONValue.string)) }
        if let claim = draft.claim { payload["claim"] = .string(claim) }
        return AgentTask(
            id: "\(split.rawValue)-\(index.padded(6))", suite: id, split: split.rawValue,
            instruction: draft.question, payload: .object(payload),
            tags: ["shape": draft.shape.name, "held_out": draft.shape.isHeldOut ? "true" : "false", "hops": String(hops.count)])
    }
}
