import CSQLite

/// What a policy's SQL may do in SQLite: read, write and shape its own tables, and nothing that reaches beyond its database.
enum SQLiteRules {
    /// SQLite's authorizer: asked about every action of a statement while it is prepared.
    static let authorizer:
        @convention(c) (
            UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?
        ) -> Int32 = { _, action, first, second, _, _ in
            let name = { (pointer: UnsafePointer<CChar>?) in pointer.map { String(cString: $0).lowercased() } ?? "" }
            return allows(action, name(first), name(second)) ? SQLITE_OK : SQLITE_DENY
        }

    /// Everything that is not listed is refused: ATTACH, DETACH, triggers, views, virtual and temporary tables, transactions,
    /// ANALYZE, and every PRAGMA but those that describe tables.
    private static func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE, SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_CREATE_TABLE, SQLITE_DROP_TABLE,
            SQLITE_CREATE_INDEX, SQLITE_DROP_INDEX, SQLITE_ALTER_TABLE, SQLITE_REINDEX:
            return true
        case SQLITE_READ: return !tablesOfTheEngine.contains(first)
        case SQLITE_FUNCTION: return functions.contains(second)
        case SQLITE_PRAGMA: return describingPragmas.contains(first)
        default: return false
        }
    }

    private static let describingPragmas: Set<String> = ["table_info", "table_xinfo", "table_list", "index_list", "index_info"]

    /// Tables that some builds of SQLite have without being asked, and that show or change its raw pages and inner state.
    private static let tablesOfTheEngine: Set<String> = [
        "sqlite_dbpage", "dbstat", "sqlite_stmt", "sqlite_memstat", "bytecode", "tables_used", "fsdir", "completion",
    ]

    /// The functions of SQLite's documentation that compute from their arguments alone (or from chance and the clock), in a time
    /// that does not grow with the square of their length (``GuardedFunctions``; `json_patch` is left out, and `median` and
    /// `percentile` are, which sort all their rows at once).
    private static let functions = Set(
        """
        abs changes char coalesce concat concat_ws format glob hex ifnull iif instr last_insert_rowid length like likelihood likely
        lower ltrim max min nullif octet_length printf quote random randomblob replace round rtrim sign soundex sqlite_version substr
        substring total_changes trim typeof unhex unicode unlikely upper zeroblob
        date time datetime julianday unixepoch strftime timediff current_date current_time current_timestamp
        avg count group_concat string_agg sum total
        row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
        acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi pow power radians sin
        sinh sqrt tan tanh trunc
        json json_array json_array_length json_error_position json_extract json_group_array json_group_object json_insert json_object
        json_quote json_remove json_replace json_set json_type json_valid -> ->>
        sqlite_rename_column sqlite_rename_table sqlite_rename_test sqlite_rename_quotefix sqlite_drop_column sqlite_fail
        """.split { $0.isWhitespace }.map(String.init))

    /// Limits of one connection (sqlite3_limit), beside the statement's deadline and memory.
    ///
    /// - Parameter length: the longest text or row in bytes. A single built-in function works on so much without a break.
    static func limit(_ database: OpaquePointer?, length: Int32) {
        let limits: [(Int32, Int32)] = [
            (SQLITE_LIMIT_LENGTH, length), (SQLITE_LIMIT_SQL_LENGTH, 20_000), (SQLITE_LIMIT_COLUMN, 500),
            (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 100), (SQLITE_LIMIT_VDBE_OP, 100_000),
            (SQLITE_LIMIT_FUNCTION_ARG, 100), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500),
            (SQLITE_LIMIT_VARIABLE_NUMBER, 100), (SQLITE_LIMIT_TRIGGER_DEPTH, 10), (SQLITE_LIMIT_WORKER_THREADS, 0),
        ]
        for (key, value) in limits { sqlite3_limit(database, key, value) }
    }
}
