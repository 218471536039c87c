import CSQLite
import TemperCore

/// Makes SQLite files for tests.
enum SQLiteFixture {
    static func make(_ path: String, _ statements: [String]) throws {
        var database: OpaquePointer?
        defer { sqlite3_close_v2(database) }
        guard sqlite3_open(path, &database) == SQLITE_OK else { throw TemperError(.internal, "no database") }
        for statement in statements where sqlite3_exec(database, statement, nil, nil, nil) != SQLITE_OK {
            throw TemperError(.internal, String(cString: sqlite3_errmsg(database)))
        }
    }
}
