import TemperCore
import TemperDatabases

/// The scripted policies that know only a task's payload, or not even that.
enum DatabaseScripts {
    static func policy(named name: String) -> (any Script)? {
        switch name {
        case "gold": DatabaseGoldPolicy()
        case "nothing": DatabaseIdlePolicy()
        case "random": RandomPolicy { _, _ in "[]" }
        default: nil
        }
    }

    /// An answer as the format has it: `["Ann", "Bob"]`, in Python's and JSON's common words where the text allows.
    static func answer(_ items: [String]) -> Action {
        let texts = items.map { item -> String in
            let isPlain = item.unicodeScalars.allSatisfy { $0 != "\"" && $0 != "\\" && $0.value >= 0x20 }
            return isPlain ? "\"\(item)\"" : PythonText.quoted(item)
        }
        return Action("answer", "[" + texts.joined(separator: ", ") + "]")
    }
}

/// Replays reference solutions: a question's labels as its answer, a change's statement. It shows whether a task file can be solved.
struct DatabaseGoldPolicy: Script {
    let name = "gold"
    let author: Author? = .reference

    func reply(in scene: Scene) async throws -> String {
        let goal = try DatabaseGoal(scene.task)
        let action: Action
        switch goal.check {
        case .answer(let labels): action = DatabaseScripts.answer(labels)
        case .tableHash, .sameTables, .sameRows:
            let statement = (goal.reference ?? "").replacing("\n", with: " ")
            action =
                scene.turns.isEmpty ? Action("sql", statement) : DatabaseScripts.answer(Self.cells(scene.turns.last?.observation))
        }
        return TurnText.write(thought: nil, action: action, format: .database)
    }

    /// The cells of a shown result, row by row; none for a result that was cut.
    static func cells(_ observation: String?) -> [String] {
        guard case .list(let rows)? = PythonLiteral.parse(observation ?? "") else { return [] }
        return rows.flatMap { $0.items ?? [] }.map { cell in
            if case .string(let text) = cell { text } else { cell.representation }
        }
    }
}

/// Answers at once with nothing: what a task gives for no work.
struct DatabaseIdlePolicy: Script {
    let name = "nothing"

    func reply(in scene: Scene) async throws -> String {
        return TurnText.write(thought: nil, action: DatabaseScripts.answer([]), format: .database)
    }
}
