public import TemperCore

/// What a recipe may set for a pocket question suite.
public struct PocketSettings: Sendable {
    /// Share of the expert's episodes that err, 0…1.
    public var imperfect = 0.0
    public var faults = SearchFaults()

    public init() {}
}

/// Questions about generated worlds, on the environment, search tool and metrics of the real question suites. A suite says what it
/// asks and how its expert speaks; the rest is common.
public protocol PocketQuestionSuite: Suite {
    var settings: PocketSettings { get set }
    /// The suite whose prompts are shown; a twin shows those of the real suite.
    var promptSuite: String { get }
    /// The questions of one world, some of them of held-out shapes if asked for.
    func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft]
    func metric(of task: AgentTask) -> AnswerMetric
    var expert: PocketExpert { get }
    /// An answer without reading.
    func guess(_ task: AgentTask, _ random: inout RandomSource) -> String
}

extension PocketQuestionSuite {
    public var splits: [String] { PocketSplit.allCases.map(\.rawValue) }
    public var methods: [Method] { [.react, .cot, .io, .act, .reflexion, .rewoo, .tools] }
    public var defaultMethod: Method { .react }
    public var maximumTurns: Int { 14 }
    public var primaryMetric: String { "exact_match" }
    public var scriptedPolicyNames: [String] { ["expert", "random", "search-once"] }
    public var promptSuite: String { id }

    public func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.settings.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        suite.settings.faults = try SearchSettings.faults(options)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
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

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let gold = try PocketGold(task)
        return QuestionAnsweringEnvironment(
            task: task, gold: gold.answer, metric: metric(of: task), search: try PocketWorldCache.shared.index(gold),
            shownSentences: PocketHotpotQASuite.shownSentences)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: promptSuite, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? { metric(of: task).answerScore(answer, task) }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "expert": settings.imperfect > 0 ? PocketMistakes.expert(expert, share: settings.imperfect, metric: metric) : expert
        case "random": RandomPolicy { guess($0, &$1) }
        case "search-once": SearchOncePolicy { metric(of: $0) }
        default: nil
        }
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
            id: "\(split.rawValue)-\(QuestionTask.padded(index, 6))", suite: id, split: split.rawValue,
            instruction: draft.question, payload: .object(payload),
            tags: ["shape": draft.shape.name, "held_out": draft.shape.isHeldOut ? "true" : "false", "hops": String(hops.count)])
    }
}
