import Foundation
import TemperCore
import TemperDatabases

/// A database task as a teacher is asked for it and as it writes it.
struct DatabaseProposal {
    /// Rows of a table that a teacher is shown.
    private static let shownRows = 5
    /// Characters of a cell that it is shown.
    private static let shownCell = 60

    var question: String
    /// Solutions, each on one line.
    var statements: [String]

    static func read(_ reply: String, kind: DatabaseKind, references: Int) -> Result<DatabaseProposal, ProposalText.Fault> {
        ProposalText.read(reply, labels: ["sql", "solution", "solutions", "statement", "statements"]).flatMap { text in
            let blocks = text.blocks.filter { ["", "sql", "sqlite", "mysql"].contains($0.language) }
            let statements = blocks.map { onOneLine($0.code) }.filter { !$0.isEmpty }
            guard statements.count >= references else {
                let wanted = references == 1 ? "there is no ```sql block" : "\(references) ```sql blocks were asked for"
                return .failure(.init(wanted + (statements.isEmpty ? "" : ", \(statements.count) given")))
            }
            for statement in statements where !isOf(kind, statement) {
                return .failure(.init("a task of kind \(kind.rawValue) was asked for, not: \(statement.prefix(60))"))
            }
            return .success(DatabaseProposal(question: text.question, statements: statements))
        }
    }

    static func onOneLine(_ statement: String) -> String {
        statement.trimmingCharacters(in: .whitespacesAndNewlines).replacing("\r\n", with: " ").replacing("\n", with: " ")
    }

    private static func isOf(_ kind: DatabaseKind, _ statement: String) -> Bool {
        let first = StatementScanner.tokens(statement).first
        return kind == .select ? [.word("select"), .word("with")].contains(first) : first == .word(kind.rawValue)
    }

    // MARK: - Asking

    static func request(_ brief: ProposalBrief, source: DatabaseGoal.Source, connection: any DatabaseConnection) async throws
        -> String
    {
        var lines = ["Write one new task for an agent that works on a SQLite database with SQL.", "", "The database:"]
        switch source {
        case .tables(let tables):
            for table in tables {
                lines.append(table.description)
                lines += rows(table.columns.map(\.name), table.rows.prefix(shownRows).map { $0.map { $0 ?? "NULL" } })
            }
        case .file(let path):
            lines.append(try BIRDFolder.schema(of: path))
            let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
            for name in try await cells(names, connection).compactMap(\.first).prefix(20) {
                let quoted = SQLiteDatabase.quoted(name)
                lines.append("The table \(name):")
                lines += rows([], try await cells("SELECT * FROM \(quoted) LIMIT \(shownRows - 2)", connection))
            }
        }
        if !brief.examples.isEmpty { lines += ["", "Tasks on other databases:"] + brief.examples.map { "- \(oneLine($0))" } }
        if !brief.earlier.isEmpty {
            lines += ["", "These tasks are written already; yours must be another:"] + brief.earlier.map { "- \(oneLine($0))" }
        }
        lines += [
            "",
            "The task must be \(wish(brief.kind)). It must be clear to someone who sees the table's columns but not its rows,",
        ]
        lines.append("and have exactly one right result, which is not empty. Do not name SQL in the task.")
        lines.append("Reply in this form and write nothing else:")
        lines += ["Task: the task, in a sentence or two"]
        for number in 1...max(1, brief.references) {
            let which =
                brief.references > 1 ? "solution \(number), which differs from the others" : "the one statement that solves it"
            lines += ["```sql", which, "```"]
        }
        return lines.joined(separator: "\n")
    }

    private static func wish(_ kind: String) -> String {
        switch kind {
        case "insert": "a request to add one row or more, with all the values that are needed (INSERT)"
        case "update": "a request to change values in rows that are there (UPDATE)"
        case "delete": "a request to remove rows that are there (DELETE)"
        default: "a question that a query answers with a few values (SELECT)"
        }
    }

    private static func rows(_ head: [String], _ rows: [[String]]) -> [String] {
        ((head.isEmpty ? [] : [head]) + rows).map { $0.map { oneLine(String($0.prefix(shownCell))) }.joined(separator: " | ") }
    }

    private static func cells(_ query: String, _ connection: any DatabaseConnection) async throws -> [[String]] {
        guard case .rows(let rows, _) = try await connection.run(query, limit: .observation) else { return [] }
        return rows.map { $0.map { if case .string(let text) = $0 { text } else { $0.representation } } }
    }

    private static func oneLine(_ text: String) -> String { TurnText.oneLine(text) }
}
