import Synchronization
public import TemperCore

/// Multi-hop questions about generated worlds, on the environment, search tool and metric of `hotpotqa`.
public struct PocketHotpotQASuite: Suite {
    public static let identifier = "pocket/hotpotqa"
    static let shownSentences = 3

    public let id = Self.identifier
    public let summary =
        "multi-hop questions over a generated encyclopedia with search (unseen entities, wordings and shapes in test)"
    public let splits = ["train", "validation", "test"]
    public let methods: [Method] = [.react, .cot, .io]
    public let defaultMethod = Method.react
    public let maximumTurns = 14
    public let primaryMetric = "exact_match"
    public let chanceLevel = 0.0
    public let scriptedPolicyNames = ["expert", "random", "search-once"]

    public init() {}

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    public func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let kind = try PocketSplit(named: split)
        let count = max(0, min(limit ?? kind.size, kind.maximum))
        var tasks: [AgentTask] = []
        tasks.reserveCapacity(count)
        var number = 0
        while tasks.count < count {
            let world = PocketWorld(number: UInt64(number), partition: kind.partition, wording: kind.wording)
            var maker = PocketTaskMaker(world: world, withHeldOut: kind == .test)
            for draft in maker.drafts() where tasks.count < count {
                tasks.append(try task(draft, kind, world: number, index: tasks.count))
            }
            number += 1
        }
        return tasks
    }

    public func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let gold = try PocketGold(task)
        return QuestionAnsweringEnvironment(
            question: task.instruction, gold: gold.answer, index: try PocketWorldCache.shared.index(gold),
            shownSentences: Self.shownSentences)
    }

    public func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    public func score(answer: String?, for task: AgentTask) -> Score? {
        AnswerMetrics.score(answer, task.payload["answer"]?.string ?? "")
    }

    public func scriptedPolicy(named name: String) -> (any LanguageModel)? {
        switch name {
        case "expert": PocketExpert()
        case "random": RandomPolicy(guess: RandomPolicy.spanOrYesNo)
        case "search-once": SearchOncePolicy()
        default: nil
        }
    }

    private func task(_ draft: PocketTaskMaker.Draft, _ split: PocketSplit, world: Int, index: Int) throws -> AgentTask {
        let digits = String(index)
        let hops = draft.hops.map { hop in
            JSONValue.object([
                "title": .string(hop.title), "relation": .string(hop.relation), "value": .string(hop.value),
                "sentence": .string(hop.sentence),
            ])
        }
        return AgentTask(
            id: split.rawValue + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits, suite: id,
            split: split.rawValue, instruction: draft.question,
            payload: .object([
                "world": .number(Double(world)), "answer": .string(draft.answer), "hops": .array(hops),
                "shape": .string(draft.shape.name),
            ]),
            tags: ["shape": draft.shape.name, "held_out": draft.shape.isHeldOut ? "true" : "false", "hops": String(hops.count)])
    }
}

/// A split, and with it the entities and the wordings its worlds may use.
enum PocketSplit: String, CaseIterable {
    case train, validation, test

    init(named name: String) throws {
        guard let split = PocketSplit(rawValue: name) else {
            throw TemperError(
                .usage, "'\(PocketHotpotQASuite.identifier)' has no split '\(name)'",
                hint: "its splits are \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = split
    }

    var partition: WorldPartition {
        switch self {
        case .train: .train
        case .validation: .validation
        case .test: .test
        }
    }

    var wording: WordingSet { self == .test ? .test : .train }

    /// How many tasks there are when no limit is given.
    var size: Int {
        switch self {
        case .train: 10_000
        case .validation: 250
        case .test: 500
        }
    }

    /// Ids have six digits.
    var maximum: Int { self == .train ? 1_000_000 : size }
}

/// What a task's payload says about its solution.
struct PocketGold: Sendable {
    let split: PocketSplit
    let world: UInt64
    let answer: String
    let shape: PocketShape
    let hops: [PocketHop]

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of this suite.
    init(_ task: AgentTask) throws {
        split = try PocketSplit(named: task.split)
        let payload = task.payload
        let hops = (payload["hops"]?.array ?? []).compactMap { hop -> PocketHop? in
            guard let title = hop["title"]?.string, let relation = hop["relation"]?.string, let value = hop["value"]?.string,
                let sentence = hop["sentence"]?.string
            else { return nil }
            return PocketHop(title: title, relation: relation, value: value, sentence: sentence)
        }
        guard let world = payload["world"]?.number, let number = UInt64(exactly: world), let answer = payload["answer"]?.string,
            let shape = PocketShape.all.first(where: { $0.name == payload["shape"]?.string }), !hops.isEmpty
        else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks world, answer, shape or hops", place: task.suite, boundary: .data)
        }
        self.world = number
        self.answer = answer
        self.shape = shape
        self.hops = hops
    }
}

/// The search indexes of the worlds used last, so that the 25 tasks of a world build it once.
final class PocketWorldCache: Sendable {
    static let shared = PocketWorldCache(capacity: 64)

    private struct Key: Hashable {
        var split: PocketSplit
        var world: UInt64
    }

    private struct State {
        var indexes: [Key: SearchIndex] = [:]
        /// Least recently used first.
        var order: [Key] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    func index(_ gold: PocketGold) throws -> SearchIndex {
        let key = Key(split: gold.split, world: gold.world)
        let known = state.withLock { state -> SearchIndex? in
            guard let index = state.indexes[key] else { return nil }
            state.order.removeAll { $0 == key }
            state.order.append(key)
            return index
        }
        if let known { return known }
        // Built outside the lock: two threads may build the same world, which costs a millisecond and gives equal indexes.
        let world = PocketWorld(number: gold.world, partition: gold.split.partition, wording: gold.split.wording)
        let index = try SearchIndex(world.pages)
        state.withLock { state in
            if state.indexes.updateValue(index, forKey: key) == nil { state.order.append(key) }
            while state.order.count > capacity { state.indexes[state.order.removeFirst()] = nil }
        }
        return index
    }
}
