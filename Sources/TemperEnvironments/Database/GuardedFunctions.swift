import CSQLite

/// SQLite's functions that may work for long on two texts, with a look at the deadline before each call.
///
/// SQLite asks whether to stop only where a program of its jumps, so one row with a thousand calls of `instr` would run for
/// minutes. Each call is carried out by SQLite's own function, in a second database that is empty.
final class GuardedFunctions {
    private static let all: [(name: String, arguments: Int)] = [
        ("instr", 2), ("replace", 3), ("trim", 2), ("ltrim", 2), ("rtrim", 2), ("like", 2), ("like", 3), ("glob", 2),
    ]

    private let functions: [Function]

    /// - Parameter length: the longest text in bytes, as the connection itself has it.
    init(watch: StatementWatch, length: Int32) {
        let workshop = Workshop(length: length)
        functions = Self.all.map { Function($0.name, $0.arguments, watch, workshop) }
    }

    func install(on database: OpaquePointer?) {
        for function in functions {
            sqlite3_create_function_v2(
                database, function.name, Int32(function.arguments), SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                Unmanaged.passUnretained(function).toOpaque(),
                { context, _, values in
                    guard let owner = sqlite3_user_data(context) else { return }
                    Unmanaged<Function>.fromOpaque(owner).takeUnretainedValue().answer(context, values)
                }, nil, nil, nil)
        }
    }

    /// The empty database, opened when a function is first called.
    private final class Workshop {
        private let length: Int32
        private var database: OpaquePointer?

        init(length: Int32) {
            self.length = length
        }

        deinit { sqlite3_close_v2(database) }

        func prepare(_ statement: String) -> OpaquePointer? {
            if database == nil {
                sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
                SQLiteRules.limit(database, length: length)
            }
            var prepared: OpaquePointer?
            sqlite3_prepare_v2(database, statement, -1, &prepared, nil)
            return prepared
        }

        var complaint: String { String(cString: sqlite3_errmsg(database)) }
    }

    private final class Function {
        let name: String
        let arguments: Int
        private let watch: StatementWatch
        private let workshop: Workshop
        private lazy var statement = workshop.prepare(
            "SELECT \(name)(\(Array(repeating: "?", count: arguments).joined(separator: ", ")))")

        init(_ name: String, _ arguments: Int, _ watch: StatementWatch, _ workshop: Workshop) {
            self.name = name
            self.arguments = arguments
            self.watch = watch
            self.workshop = workshop
        }

        deinit { sqlite3_finalize(statement) }

        func answer(_ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
            if watch.mustStop { return sqlite3_result_error_code(context, SQLITE_INTERRUPT) }
            defer { sqlite3_reset(statement) }
            for index in 0..<arguments { sqlite3_bind_value(statement, Int32(index + 1), values?[index]) }
            if sqlite3_step(statement) == SQLITE_ROW {
                sqlite3_result_value(context, sqlite3_column_value(statement, 0))
            } else {
                sqlite3_result_error(context, workshop.complaint, -1)
            }
        }
    }
}
