import CSQLite
import TemperCore

/// The questions the store asks SQLite.
enum TripleQuery: String, CaseIterable {
    case objects = "SELECT object FROM triple WHERE subject = ? AND relation = ?"
    case subjects = "SELECT subject FROM triple WHERE object = ? AND relation = ?"
    case relationsOf =
        "SELECT DISTINCT relation FROM triple JOIN term ON term.id = object WHERE subject = ? AND kind = 0"
    case attributesOf =
        "SELECT DISTINCT relation FROM triple JOIN term ON term.id = object WHERE subject = ? AND rank IS NOT NULL"
    case ranks = "SELECT rank FROM triple JOIN term ON term.id = object WHERE subject = ? AND relation = ? AND rank IS NOT NULL"
    case entity = "SELECT id FROM term WHERE text = ? AND kind = 0"
    case term = "SELECT text, kind FROM term WHERE id = ?"
}

/// One database, used by one thread at a time.
final class TripleDatabase {
    private var database: OpaquePointer?
    private var statements: [TripleQuery: OpaquePointer] = [:]
    private var insertTerm: OpaquePointer?
    private var insertTriple: OpaquePointer?
    /// Ids of the terms so far, while triples are loaded.
    private var known: [GraphTerm: Int64] = [:]

    init() throws {
        try check(sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
        // kind: 0 an entity, 1 a value that an answer may hold, 2 one that it may not. rank: the order of numbers and dates.
        try run("CREATE TABLE term(id INTEGER PRIMARY KEY, text TEXT NOT NULL, kind INTEGER NOT NULL, rank REAL)")
        try run(
            "CREATE TABLE triple(subject INTEGER, relation INTEGER, object INTEGER, PRIMARY KEY(subject, relation, object)) WITHOUT ROWID"
        )
        insertTerm = try prepare("INSERT INTO term VALUES (?, ?, ?, ?)")
        insertTriple = try prepare("INSERT OR IGNORE INTO triple VALUES (?, ?, ?)")
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_finalize(insertTerm)
        sqlite3_finalize(insertTriple)
        sqlite3_close_v2(database)
    }

    func insert(_ triple: GraphTriple) throws {
        let parts = [GraphTerm.entity(triple.subject), .entity(triple.relation), triple.object]
        for (index, part) in parts.enumerated() { sqlite3_bind_int64(insertTriple, Int32(index + 1), try storedID(of: part)) }
        try finish(insertTriple)
    }

    private func storedID(of term: GraphTerm) throws -> Int64 {
        if let id = known[term] { return id }
        let id = Int64(known.count + 1)
        known[term] = id
        sqlite3_bind_int64(insertTerm, 1, id)
        bind(term.text, to: insertTerm, at: 2)
        sqlite3_bind_int(insertTerm, 3, term.isEntity ? 0 : term.isReadable ? 1 : 2)
        if let rank = term.rank { sqlite3_bind_double(insertTerm, 4, rank) } else { sqlite3_bind_null(insertTerm, 4) }
        try finish(insertTerm)
        return id
    }

    func finishLoading() throws {
        known = [:]
        try run("CREATE INDEX back ON triple(object, relation, subject)")
        try run("CREATE INDEX name ON term(text, kind)")
        for query in TripleQuery.allCases { statements[query] = try prepare(query.rawValue) }
    }

    func id(of entity: String) throws -> Int64? {
        let statement = statements[.entity]
        defer { sqlite3_reset(statement) }
        bind(entity, to: statement, at: 1)
        return try row(statement) ? sqlite3_column_int64(statement, 0) : nil
    }

    func ids(_ entities: Set<String>) throws -> Set<Int64> { try Set(entities.compactMap { try id(of: $0) }) }

    func text(of id: Int64) throws -> String {
        let statement = statements[.term]
        defer { sqlite3_reset(statement) }
        sqlite3_bind_int64(statement, 1, id)
        guard try row(statement), let text = sqlite3_column_text(statement, 0) else { throw failure() }
        return String(cString: text)
    }

    func isReadable(_ id: Int64) throws -> Bool {
        let statement = statements[.term]
        defer { sqlite3_reset(statement) }
        sqlite3_bind_int64(statement, 1, id)
        return try row(statement) && sqlite3_column_int(statement, 1) < 2
    }

    func read(_ query: TripleQuery, _ first: Int64, _ second: Int64?, use: (Int64) -> Void) throws {
        try rows(query, first, second) { use(sqlite3_column_int64($0, 0)) }
    }

    func readRanks(_ subject: Int64, _ attribute: Int64, use: (Double) -> Void) throws {
        try rows(.ranks, subject, attribute) { use(sqlite3_column_double($0, 0)) }
    }

    private func rows(_ query: TripleQuery, _ first: Int64, _ second: Int64?, use: (OpaquePointer?) -> Void) throws {
        let statement = statements[query]
        defer { sqlite3_reset(statement) }
        sqlite3_bind_int64(statement, 1, first)
        if let second { sqlite3_bind_int64(statement, 2, second) }
        while try row(statement) { use(statement) }
    }

    func run(_ statement: String) throws { try check(sqlite3_exec(database, statement, nil, nil, nil)) }

    private func prepare(_ text: String) throws -> OpaquePointer? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(database, text, -1, &statement, nil))
        return statement
    }

    private func finish(_ statement: OpaquePointer?) throws {
        defer { sqlite3_reset(statement) }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
    }

    private func row(_ statement: OpaquePointer?) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure()
        }
    }

    private func bind(_ text: String, to statement: OpaquePointer?, at index: Int32) {
        // SQLITE_TRANSIENT, a macro Swift does not import: SQLite copies the text.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(statement, index, text, -1, copies)
    }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw failure() }
    }

    private func failure() -> TemperError {
        let reason = database.map { String(cString: sqlite3_errmsg($0)) } ?? "no database"
        return TemperError(.internal, "the triple store failed: \(reason)", boundary: .environment)
    }
}
