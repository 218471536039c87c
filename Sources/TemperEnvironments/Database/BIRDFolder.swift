import Foundation
import TemperCore
import TemperDatabases

/// Reads questions over SQLite files in the form of BIRD (Li et al. 2023): a list of records with `db_id`, `question`, `evidence`
/// and `SQL`, and `databases/<db_id>/<db_id>.sqlite` beside it. Spider's `query` is read as `SQL`.
///
/// An episode is scored by BIRD's execution accuracy: the set of rows that the policy's last statement returns must equal the set
/// that the reference returns.
struct BIRDFolder {
    private static let questionFiles = ["dev.json", "train.json", "tasks.json"]
    private static let databaseFolders = ["databases", "dev_databases", "train_databases", "database"]

    /// What a task says about its result.
    static let ending = "\nYour last SQL statement must return exactly the rows that are asked for."

    var suite: String

    /// The tasks of a folder in the order of its file.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and the record.
    func tasks(_ folder: URL, named name: String) throws -> [AgentTask] {
        let file = try questionFile(folder, name)
        let place = "\(name)/\(file.lastPathComponent)"
        guard let records = try JSONValue.parse(Data(contentsOf: file), named: place).array, !records.isEmpty else {
            throw TemperError(.data, "expected a list of questions", place: place, boundary: .data)
        }
        let split = file.deletingPathExtension().lastPathComponent
        var schemas: [String: String] = [:]
        return try records.enumerated().map { index, record in
            let fault = { (what: String) in TemperError(.data, "record \(index + 1) \(what)", place: place, boundary: .data) }
            guard let id = record["db_id"]?.string, !id.isEmpty, !id.contains("/"), !id.contains("..") else {
                throw fault("has no db_id")
            }
            guard let question = record["question"]?.string, !question.isEmpty else { throw fault("has no question") }
            guard let statement = record["SQL"]?.string ?? record["query"]?.string, !statement.isEmpty else {
                throw fault("has no SQL")
            }
            let isQuery = [.word("select"), .word("with")].contains(StatementScanner.tokens(statement).first)
            guard isQuery else { throw fault("has a reference that is not a query") }
            guard let database = databaseFile(id, in: folder) else {
                throw fault("names a database that does not exist: '\(id)'")
            }
            let schema = try schemas[id] ?? Self.schema(of: database)
            schemas[id] = schema
            var instruction = question
            if let evidence = record["evidence"]?.string, !evidence.isEmpty { instruction += "\nEvidence: " + evidence }
            instruction += "\n" + schema + Self.ending
            var tags = ["kind": DatabaseKind.select.rawValue, "database": id]
            if let difficulty = record["difficulty"]?.string { tags["shape"] = difficulty }
            let goal = DatabaseGoal(kind: .select, source: .file(database), check: .sameRows, reference: statement)
            return AgentTask(
                id: "\(split)-" + index.padded(5), suite: suite, split: split,
                instruction: instruction, payload: goal.payload, tags: tags, format: .database)
        }
    }

    private func questionFile(_ folder: URL, _ name: String) throws -> URL {
        let files = FileManager.default
        for candidate in Self.questionFiles {
            let url = folder.appendingPathComponent(candidate)
            if files.fileExists(atPath: url.path) { return url }
        }
        throw TemperError(
            .data, "there is no file with questions in the folder",
            hint: "it is called \(Self.questionFiles.joined(separator: ", "))",
            place: name, boundary: .data)
    }

    private func databaseFile(_ id: String, in folder: URL) -> String? {
        Self.databaseFolders.map { folder.appendingPathComponent("\($0)/\(id)/\(id).sqlite").path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The sentence on each table that AgentBench's tasks have.
    static func schema(of path: String) throws -> String {
        let database = try SQLiteDatabase(readingFrom: path)
        let names = try texts(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
            database, path)
        return try names.map { name in
            let columns = try texts("SELECT name FROM pragma_table_info('\(name.replacing("'", with: "''"))')", database, path)
            return DatabaseTable(name: name, columns: columns.map { DatabaseTable.Column(name: $0) }, rows: []).description
        }.joined(separator: "\n")
    }

    private static func texts(_ query: String, _ database: SQLiteDatabase, _ path: String) throws -> [String] {
        guard case .rows(let rows, true) = try database.execute(query, limit: .comparison) else {
            throw TemperError(.data, "the tables cannot be listed", place: path, boundary: .data)
        }
        return rows.compactMap { row in if case .string(let text)? = row.first { text } else { nil } }
    }
}
