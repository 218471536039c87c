package import TemperCore
import TemperDatabases

/// Solves `pocket/database` with thoughts: it writes the statements that the question asks for and answers with what they show.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone. A value that it answers or copies is read from
/// the results so far.
package struct PocketDatabaseExpert: Script {
    package let name = "expert"

    package init() {}

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    package func reply(in scene: Scene) async throws -> String {
        let plan = try PocketDatabasePlan(scene.task)
        var thoughts = PocketDatabaseThoughts(
            plan: plan, random: RandomSource(seed: scene.seed, "pocket-database-expert", String(scene.turns.count)))
        let results = plan.results(of: scene.turns)
        let isLost = scene.turns.last.map { !plan.steps.contains($0.action?.argument ?? "") } ?? false
        let lead = isLost ? thoughts.correction() + " " : ""
        if results.count < plan.steps.count {
            let thought = results.isEmpty ? thoughts.opening() : thoughts.next(Self.shown(results[0]))
            return Self.text(lead + thought, Action("sql", plan.steps[results.count]))
        }
        let cells = plan.isQuestion ? results.last.map(Self.shown) ?? [] : ["done"]
        let thought = plan.isQuestion ? thoughts.conclusion(cells) : thoughts.changeDone()
        return Self.text(lead + thought, DatabaseScripts.answer(cells))
    }

    /// A useless statement: a misspelt column or table, or the whole table.
    static let wrongTurn: ImperfectExpert.Mistake = { scene, random in
        guard let plan = PocketDatabasePlan(payload: scene.task.payload), let table = plan.slots["t"], let key = plan.slots["i"]
        else { return nil }
        let thoughts = [
            "I start here.", "I try this first.", "I look at the table.", "Let me see what is there.", "This may help.",
        ]
        let misspelt = key + random.pick(["s", "_id", "1"])
        let statements = ["SELECT \(misspelt) FROM \(table);", "SELECT * FROM \(table);", "SELECT * FROM \(table)_list;"]
        return text(random.pick(thoughts), Action("sql", random.pick(statements)))
    }

    /// An answer that is not right; for a change, the end before it is made.
    static let wrongEnding: ImperfectExpert.Mistake = { scene, random in
        guard let plan = PocketDatabasePlan(payload: scene.task.payload) else { return nil }
        let isChanged = !plan.isQuestion && plan.results(of: scene.turns).count == plan.steps.count
        guard !isChanged else { return nil }
        let guess = plan.isQuestion ? [plan.slots["t"] ?? "none"] : ["done"]
        let thoughts = ["I know the answer.", "That should be it.", "This is enough.", "I am done.", "No more is needed."]
        return text(random.pick(thoughts), DatabaseScripts.answer(guess))
    }

    private static func text(_ thought: String, _ action: Action) -> String {
        TurnText.write(thought: thought, action: action, format: .database)
    }

    /// The cells of a result, as text.
    private static func shown(_ observation: String) -> [String] {
        guard case .list(let rows)? = PythonLiteral.parse(observation) else { return [] }
        return rows.flatMap { $0.items ?? [] }.map { cell in
            if case .string(let text) = cell { text } else { cell.representation }
        }
    }
}

/// What a task's payload says about its solution.
struct PocketDatabasePlan: Sendable {
    let shape: PocketDatabaseShape
    let steps: [String]
    let slots: [Character: String]
    var isQuestion: Bool { shape.kind == .select }

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of this suite.
    init(_ task: AgentTask) throws {
        guard let plan = PocketDatabasePlan(payload: task.payload) else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks shape, steps or slots", place: task.suite, boundary: .data)
        }
        self = plan
    }

    /// Nil when the payload is not one of this suite.
    init?(payload: JSONValue) {
        guard let shape = payload["shape"]?.string.flatMap(PocketDatabaseShape.init(rawValue:)),
            let slots = payload["slots"]?.object,
            case let steps = (payload["steps"]?.array ?? []).compactMap(\.string), !steps.isEmpty
        else { return nil }
        self.shape = shape
        self.steps = steps
        self.slots = Dictionary(
            slots.compactMap { key, value in key.first.flatMap { first in value.string.map { (first, $0) } } },
            uniquingKeysWith: { first, _ in first })
    }

    /// What the steps that were carried out so far showed, in order.
    func results(of turns: [Turn]) -> [String] {
        var results: [String] = []
        for turn in turns where results.count < steps.count {
            if let action = turn.action, action.name == "sql", action.argument == steps[results.count] {
                results.append(turn.observation ?? "")
            }
        }
        return results
    }
}
