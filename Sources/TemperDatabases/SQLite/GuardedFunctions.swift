import CSQLite

/// SQLite's functions that may work for long on two texts or on a format, with a look at the deadline before each call.
///
/// SQLite asks whether to stop only where a program of its jumps, so one row with a thousand calls of `instr` would run for
/// minutes. Each call is carried out by SQLite's own function, in a second database that is empty. A format that asks for more
/// digits or characters than a text may have is too large before SQLite counts them out (``FormatCost``).
final class GuardedFunctions {
    /// -1: any number of arguments.
    private static let all: [(name: String, arguments: Int)] = [
        ("instr", 2), ("replace", 3), ("trim", 2), ("ltrim", 2), ("rtrim", 2), ("like", 2), ("like", 3), ("glob", 2),
        ("printf", -1), ("format", -1), ("strftime", -1),
    ]
    /// A text that is too large for every connection: the result of one is SQLite's own answer to that.
    private static let tooLarge = "SELECT printf('%*d', 2147483647, 1)"

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
                { context, count, values in
                    guard let owner = sqlite3_user_data(context) else { return }
                    Unmanaged<Function>.fromOpaque(owner).takeUnretainedValue()
                        .answer(context, UnsafeBufferPointer(start: values, count: Int(count)))
                }, nil, nil, nil)
        }
    }

    /// The empty database, opened when a function is first called.
    private final class Workshop {
        let length: Int32
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
        /// Statements by the number of arguments; -1 gives SQLite's answer to text that is too large.
        private var statements: [Int: OpaquePointer] = [:]

        init(_ name: String, _ arguments: Int, _ watch: StatementWatch, _ workshop: Workshop) {
            self.name = name
            self.arguments = arguments
            self.watch = watch
            self.workshop = workshop
        }

        deinit { for statement in statements.values { sqlite3_finalize(statement) } }

        func answer(_ context: OpaquePointer?, _ values: UnsafeBufferPointer<OpaquePointer?>) {
            if watch.mustStop { return sqlite3_result_error_code(context, SQLITE_INTERRUPT) }
            let isFormat = name == "printf" || name == "format"
            let isTooLarge = isFormat && FormatCost.of(values) > Int64(workshop.length)
            let given = isTooLarge ? UnsafeBufferPointer(rebasing: values[..<0]) : values
            let marks = Array(repeating: "?", count: given.count).joined(separator: ", ")
            let text = isTooLarge ? GuardedFunctions.tooLarge : "SELECT \(name)(\(marks))"
            let known = statements[isTooLarge ? -1 : given.count]
            guard let statement = known ?? workshop.prepare(text) else {
                return sqlite3_result_error(context, workshop.complaint, -1)
            }
            statements[isTooLarge ? -1 : given.count] = statement
            defer { sqlite3_reset(statement) }
            for index in given.indices { sqlite3_bind_value(statement, Int32(index + 1), given[index]) }
            if sqlite3_step(statement) == SQLITE_ROW {
                sqlite3_result_value(context, sqlite3_column_value(statement, 0))
            } else {
                sqlite3_result_error(context, workshop.complaint, -1)
            }
        }
    }
}
