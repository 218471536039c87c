import CSQLite

/// Bounds what SQLite does between two looks at the deadline: the instructions of a program that read whole texts.
///
/// SQLite looks only where a program jumps. A query over a query copies the inner one's expressions, so a short statement becomes
/// a row of 100,000 casts of a long text, which take half a minute.
enum ProgramCost {
    /// The most casts of one program; a cast of the longest text takes about 0.25 ms.
    private static let limit = 3_000
    /// Bytes of a prepared statement below which it cannot hold so many (24 bytes are one instruction).
    private static let smallProgram: Int32 = 60_000

    private static let opcodes: Set<String> = [
        "Cast", "Concat", "Add", "Subtract", "Multiply", "Divide", "Remainder", "BitAnd", "BitOr", "ShiftLeft", "ShiftRight",
        "BitNot",
        "Eq", "Ne", "Lt", "Le", "Gt", "Ge", "ElseEq", "Compare", "Function", "PureFunc", "Not", "And", "Or", "If", "IfNot",
        "IsTrue", "RealAffinity", "Affinity", "MustBeInt", "AddImm",
    ]

    /// Whether the longest row of a prepared statement takes less than about a second.
    static func isBearable(_ prepared: OpaquePointer?, in database: OpaquePointer?) -> Bool {
        guard sqlite3_stmt_status(prepared, SQLITE_STMTSTATUS_MEMUSED, 0) > smallProgram, sqlite3_stmt_isexplain(prepared) == 0,
            let text = sqlite3_sql(prepared)
        else { return true }
        var listing: OpaquePointer?
        defer { sqlite3_finalize(listing) }
        guard sqlite3_prepare_v2(database, "EXPLAIN " + String(cString: text), -1, &listing, nil) == SQLITE_OK else {
            return false
        }
        var cost = 0
        while cost <= limit {
            guard sqlite3_step(listing) == SQLITE_ROW else { return true }
            guard let name = sqlite3_column_text(listing, 1).map({ String(cString: $0) }), opcodes.contains(name) else {
                continue
            }
            cost += name.hasSuffix("Func") || name == "Function" ? arguments(sqlite3_column_text(listing, 5)) : 1
        }
        return false
    }

    /// `json_set(17)`: what each argument costs; a text of JSON is read whole for each of them.
    private static func arguments(_ operand: UnsafePointer<UInt8>?) -> Int {
        guard let text = operand.map({ String(cString: $0) }), let open = text.lastIndex(of: "("),
            let count = Int(text[text.index(after: open)...].prefix { $0.isNumber })
        else { return 1 }
        return max(1, count) * (text.hasPrefix("json") || text.hasPrefix("->") ? 5 : 1)
    }
}
