import TemperCore
import TemperDatabases

/// What a task does to its database: how AgentBench counts its accuracies.
enum DatabaseKind: String, Sendable, CaseIterable {
    case select, insert, update, delete
}

/// What the payload of a database task says: where its data is, and what decides.
struct DatabaseGoal: Sendable {
    enum Source: Sendable {
        case tables([DatabaseTable])
        /// A SQLite file, read-only.
        case file(String)
    }

    enum Check: Sendable, Hashable {
        /// The final answer must match these labels (``AnswerRule``).
        case answer([String])
        /// The first table must end with this ``TableHash``.
        case tableHash(String)
        /// The tables must end as the reference statement would leave them.
        case sameTables
        /// The last statement must return the same rows as the reference statement.
        case sameRows
    }

    var kind: DatabaseKind
    var source: Source
    var check: Check
    /// A statement that solves the task; for questions with labels there may be none.
    var reference: String?

    var payload: JSONValue {
        var fields: [String: JSONValue] = ["kind": .string(kind.rawValue)]
        switch source {
        case .tables(let tables): fields["tables"] = .array(tables.map(\.json))
        case .file(let path): fields["file"] = .string(path)
        }
        switch check {
        case .answer(let labels):
            fields["check"] = .string("answer")
            fields["labels"] = .array(labels.map { .string($0) })
        case .tableHash(let hash):
            fields["check"] = .string("table_hash")
            fields["table_hash"] = .string(hash)
        case .sameTables: fields["check"] = .string("same_tables")
        case .sameRows: fields["check"] = .string("same_rows")
        }
        if let reference { fields["sql"] = .string(reference) }
        return .object(fields)
    }

    init(kind: DatabaseKind, source: Source, check: Check, reference: String?) {
        self.kind = kind
        self.source = source
        self.check = check
        self.reference = reference
    }

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of a database task.
    init(_ task: AgentTask) throws {
        let payload = task.payload
        let fault = { (what: String) in
            TemperError(.data, "the payload of task '\(task.id)' \(what)", place: task.suite, boundary: .data)
        }
        guard let kind = payload["kind"]?.string.flatMap(DatabaseKind.init(rawValue:)) else { throw fault("has no kind") }
        self.kind = kind
        reference = payload["sql"]?.string
        if let path = payload["file"]?.string {
            source = .file(path)
        } else {
            let list = payload["tables"]?.array ?? []
            let tables = list.compactMap(DatabaseTable.init(json:))
            guard !tables.isEmpty, tables.count == list.count else { throw fault("has no tables, or one that is malformed") }
            source = .tables(tables)
        }
        switch payload["check"]?.string {
        case "answer":
            let labels = (payload["labels"]?.array ?? []).compactMap(\.string)
            guard !labels.isEmpty else { throw fault("has no labels") }
            check = .answer(labels)
        case "table_hash":
            guard let hash = payload["table_hash"]?.string else { throw fault("has no table hash") }
            check = .tableHash(hash)
        case "same_tables" where reference != nil: check = .sameTables
        case "same_rows" where reference != nil: check = .sameRows
        default: throw fault("does not say what is checked")
        }
    }
}
