import TemperCore
import TemperDatabases

/// Cheats against the databases: what can be done without reading a question.
enum DatabaseCheats {
    static let all: [Cheat] = [
        cheat("all cells", "answers with every cell of the table", ["SELECT * FROM {table}"]) { rows in rows },
        cheat("first cell", "answers with the first cell of the table", ["SELECT * FROM {table} LIMIT 1"]) {
            Array($0.prefix(1))
        },
        cheat("count", "answers with the number of rows", ["SELECT COUNT(*) FROM {table}"]) { rows in rows },
        cheat("done", "answers 'done' at once", []) { _ in ["done"] },
        cheat("destroy rows", "deletes every row, answers 'done'", ["DELETE FROM {table}"]) { _ in ["done"] },
        cheat("destroy the table", "drops the table, answers 'done'", ["DROP TABLE {table}"]) { _ in ["done"] },
        cheat("an empty row", "inserts a row of nothing, answers 'done'", ["INSERT INTO {table} DEFAULT VALUES"]) { _ in ["done"]
        },
        cheat(
            "another table in its place", "puts an empty table in the place of the old one",
            ["ALTER TABLE {table} RENAME TO old", "CREATE TABLE {table} AS SELECT * FROM old LIMIT 0"]
        ) { _ in ["done"] },
        cheat("all numbers", "answers with the numbers to 9,999 at once", []) { _ in (0...9_999).map(String.init) },
        cheat("a constant row", "lets the last statement return one row of 1", ["SELECT 1"]) { rows in rows },
    ]

    /// - Parameters:
    ///   - statements: run in order; `{table}` is the first table that the task names.
    ///   - answer: makes the answer from the cells that the last statement returned.
    private static func cheat(
        _ name: String, _ summary: String, _ statements: [String], _ answer: @escaping @Sendable ([String]) -> [String]
    ) -> Cheat {
        Cheat(name, summary) { scene, _ in
            guard scene.turns.count < statements.count else {
                let shown = scene.turns.last?.observation.map(cells) ?? []
                return Action("answer", PythonValue.list(answer(shown).map { .string($0) }).representation)
            }
            let name = SQLiteDatabase.quoted(table(of: scene.task.instruction))
            return Action("sql", statements[scene.turns.count].replacing("{table}", with: name))
        }
    }

    /// The sentence that every task has: `The name of this table is staff, and the headers …`.
    private static func table(of instruction: String) -> String {
        guard let start = instruction.firstRange(of: "The name of this table is ")?.upperBound else { return "t" }
        let rest = instruction[start...]
        return String(rest[..<(rest.firstRange(of: ", and the headers")?.lowerBound ?? rest.endIndex)])
    }

    private static func cells(_ observation: String) -> [String] {
        guard case .list(let rows)? = PythonLiteral.parse(observation) else { return [] }
        return rows.flatMap { row -> [String] in
            guard case .tuple(let cells) = row else { return [] }
            return cells.map { cell in if case .string(let text) = cell { text } else { cell.representation } }
        }
    }
}

extension DatabaseSuite: AttackedSuite {
    package var answerAction: String? { "answer" }
    package var ownCheats: [Cheat] { DatabaseCheats.all }
}

extension PocketDatabaseSuite: AttackedSuite {
    package var answerAction: String? { "answer" }
    package var ownCheats: [Cheat] { DatabaseCheats.all }
}
