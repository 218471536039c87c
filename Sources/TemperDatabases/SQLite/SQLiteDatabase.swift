import CSQLite
import Foundation
import TemperCore

/// A private SQLite database, driven over a raw connection with an authorizer, limits and a deadline.
///
/// Tables of a task go into a file of its own that has no name any more once it is open, before anything is in it, so nothing but
/// an empty file can be left behind however the process ends. A database file of a data set is opened read-only and never changed.
package final class SQLiteDatabase: DatabaseConnection {
    package struct Limits: Sendable {
        /// The time that one statement may take.
        package var time = Duration.seconds(5)
        /// Bytes that one statement may put into temporary files (``TemporaryFileLimit``).
        var temporary: Int64 = 64 << 20
        /// Bytes that the database may grow to.
        var size = 16 << 20
        /// Bytes of the longest text, blob or row.
        var length: Int32 = 100_000
        /// Copies of common table expressions (``StatementScanner/expansions(of:)``); 100,000 take SQLite about a second.
        var expansions = 100_000.0

        package init() {}

        init(
            time: Duration, temporary: Int64 = 64 << 20, size: Int = 16 << 20, length: Int32 = 100_000
        ) {
            (self.time, self.temporary, self.size, self.length) = (time, temporary, size, length)
        }

        /// The limits for files of a data set, whose tables are larger.
        package static let file = Limits(time: .seconds(30), temporary: 1 << 30, length: 200_000)
    }

    private var database: OpaquePointer?
    private let limits: Limits
    private let temporaryFiles: TemporaryFileLimit
    private let watch = StatementWatch()
    private let functions: GuardedFunctions

    /// A new database that holds the tables.
    ///
    /// - Throws: ``TemperError`` with code `data` when the tables cannot be created, `unavailable` when the disk refuses.
    package init(tables: [DatabaseTable], limits: Limits = Limits()) throws {
        self.limits = limits
        functions = GuardedFunctions(watch: watch, length: limits.length)
        temporaryFiles = try Self.limit(limits)
        let path = try Self.privateFile()
        do {
            defer { unlink(path) }
            try open(path, SQLITE_OPEN_READWRITE)
        }
        do {
            // The file never has to survive a crash.
            try trusted("PRAGMA journal_mode = MEMORY")
            try trusted("PRAGMA synchronous = OFF")
            try trusted("PRAGMA locking_mode = EXCLUSIVE")
            try trusted("BEGIN")
            for table in tables { try create(table) }
            try trusted("COMMIT")
            try trusted("PRAGMA max_page_count = \(limits.size / 4_096)")
            try guardStatements()
        } catch {
            release()
            throw error
        }
    }

    /// A database file, read-only.
    ///
    /// - Throws: ``TemperError`` with code `data` when it is not an SQLite database.
    package init(readingFrom path: String, limits: Limits = .file) throws {
        self.limits = limits
        functions = GuardedFunctions(watch: watch, length: limits.length)
        temporaryFiles = try Self.limit(limits)
        // Immutable: no lock file and no journal appears beside a data set's file.
        let name = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        try open("file:\(name)?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        do {
            try trusted("SELECT count(*) FROM sqlite_master")
            try guardStatements()
        } catch {
            release()
            throw TemperError(.data, TemperError.describe(error), place: path, boundary: .data)
        }
    }

    deinit { release() }

    package func close() async { release() }

    private func release() {
        sqlite3_close_v2(database)
        database = nil
    }

    package func run(_ statement: String, limit: ResultLimit) async throws -> StatementResult {
        try await StatementThread.run { [self] in
            defer { watch.finish() }
            return try execute(statement, limit: limit, needsTurns: true)
        }
    }

    /// Carries out one statement of a policy; longer than the time limit only by what a program does for one row
    /// (``ProgramCost``), or by preparing it (less than a second).
    ///
    /// - Parameter needsTurns: whether it waits for its turn among slow statements; it then runs on a thread of its own.
    package func execute(_ statement: String, limit: ResultLimit, needsTurns: Bool = false) throws -> StatementResult {
        guard database != nil else { throw TemperError(.internal, "the database is closed", boundary: .environment) }
        guard !statement.utf8.contains(0) else { return .refused("the query contains a null character") }
        let tokens = StatementScanner.tokens(statement)
        if StatementScanner.expansions(of: tokens) > limits.expansions {
            return .failed("the statement names its common table expressions too often")
        }
        watch.start(timeLimit: limits.time, needsTurns: needsTurns)
        temporaryFiles.start()
        var prepared: OpaquePointer?
        defer { sqlite3_finalize(prepared) }
        var rest = ""
        let code = statement.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(database, start, -1, &prepared, &tail)
            if let tail { rest = String(cString: tail) }
            return code
        }
        guard code == SQLITE_OK else { return .failed(complaint) }
        guard prepared != nil else { return .failed("the query is empty") }
        guard StatementScanner.tokens(rest).allSatisfy({ $0 == .mark(UInt8(ascii: ";")) }) else {
            return .refused("You can only execute one statement at a time.")
        }
        guard ProgramCost.isBearable(prepared, in: database) else {
            return .failed("the statement repeats its expressions too often")
        }
        return read(prepared, limit)
    }

    package func contents(of table: DatabaseTable) async throws -> [[PythonValue]]? {
        let columns = table.columns.map { Self.quoted($0.name) }.joined(separator: ", ")
        return try await contents(of: table, query: "SELECT \(columns) FROM \(Self.quoted(table.name))")
    }

    private func read(_ prepared: OpaquePointer?, _ limit: ResultLimit) -> StatementResult {
        var rows: [[PythonValue]] = []
        var bytes = 0
        while true {
            switch sqlite3_step(prepared) {
            case SQLITE_ROW:
                let count = sqlite3_column_count(prepared)
                guard rows.count < limit.rows, bytes <= limit.bytes else { return .rows(rows, isWhole: false) }
                rows.append((0..<count).map { cell(prepared, $0) })
                bytes += (0..<count).reduce(0) { $0 + Int(sqlite3_column_bytes(prepared, $1)) }
            case SQLITE_DONE: return .rows(rows, isWhole: true)
            default: return .failed(complaint)
            }
        }
    }

    private func cell(_ prepared: OpaquePointer?, _ column: Int32) -> PythonValue {
        switch sqlite3_column_type(prepared, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(prepared, column))
        case SQLITE_FLOAT: return .float(sqlite3_column_double(prepared, column))
        case SQLITE_TEXT, SQLITE_BLOB:
            let isText = sqlite3_column_type(prepared, column) == SQLITE_TEXT
            let start = sqlite3_column_blob(prepared, column)
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(prepared, column)))
            return isText ? .string(String(decoding: bytes, as: UTF8.self)) : .bytes(Array(bytes))
        default: return .none
        }
    }

    /// What SQLite says is wrong with the last statement, or which limit stopped it.
    private var complaint: String {
        switch watch.verdict {
        case .tooLong: "the statement took longer than \(limits.time.components.seconds) seconds"
        case .tooMuchMemory: "the statement takes too much memory"
        case nil: String(cString: sqlite3_errmsg(database))
        }
    }

    private func guardStatements() throws {
        // What does not fit the cache goes to temporary files, where it is counted.
        try trusted("PRAGMA temp_store = FILE")
        try trusted("PRAGMA trusted_schema = OFF")
        SQLiteRules.limit(database, length: limits.length)
        watch.install(on: database)
        functions.install(on: database)
        sqlite3_set_authorizer(database, SQLiteRules.authorizer, nil)
    }

    private func create(_ table: DatabaseTable) throws {
        // NOCASE is how MySQL compares text, in ASCII.
        let columns = table.columns.map { "\(Self.quoted($0.name)) \($0.type)" + ($0.type == "TEXT" ? " COLLATE NOCASE" : "") }
        try trusted("CREATE TABLE \(Self.quoted(table.name)) (\(columns.joined(separator: ", ")))")
        var insert: OpaquePointer?
        defer { sqlite3_finalize(insert) }
        let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
        try check(sqlite3_prepare_v2(database, "INSERT INTO \(Self.quoted(table.name)) VALUES (\(marks))", -1, &insert, nil))
        // SQLITE_TRANSIENT, a macro Swift does not import: SQLite copies the text.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for row in table.rows {
            for (index, cell) in row.enumerated() {
                if let cell {
                    try check(sqlite3_bind_text(insert, Int32(index + 1), cell, Int32(cell.utf8.count), copies))
                } else {
                    try check(sqlite3_bind_null(insert, Int32(index + 1)))
                }
            }
            guard sqlite3_step(insert) == SQLITE_DONE else { throw failure }
            try check(sqlite3_reset(insert))
        }
    }

    /// A name between backticks: between double quotes SQLite would take an unknown name for a string.
    package static func quoted(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }

    private func open(_ path: String, _ flags: Int32) throws {
        // One episode owns the connection: no lock of SQLite's own is needed.
        let code = sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, temporaryFiles.name)
        guard code == SQLITE_OK else {
            let reason = database.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            release()
            throw TemperError(.unavailable, "the database cannot be opened: \(reason)", place: path, boundary: .environment)
        }
    }

    private static func limit(_ limits: Limits) throws -> TemporaryFileLimit {
        guard let limit = TemporaryFileLimit(bytes: limits.temporary) else {
            throw TemperError(.internal, "this build of SQLite has no files", boundary: .environment)
        }
        return limit
    }

    private func trusted(_ statement: String) throws { try check(sqlite3_exec(database, statement, nil, nil, nil)) }

    private func check(_ code: Int32) throws { if code != SQLITE_OK { throw failure } }

    private var failure: TemperError {
        let code = sqlite3_errcode(database)
        let isDisk = [SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN].contains(code)
        return TemperError(
            isDisk ? .unavailable : .data, String(cString: sqlite3_errmsg(database)), boundary: isDisk ? .environment : .data)
    }

    /// An empty file that only this user can read.
    private static func privateFile() throws -> String {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("temper-database-XXXXXX").path
        var path = Array(template.utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw TemperError(
                .unavailable, "no temporary file can be made: \(String(cString: strerror(errno)))", hint: "is the disk full?",
                place: template, boundary: .environment)
        }
        closeDescriptor(descriptor)
        return path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? template }
    }
}
