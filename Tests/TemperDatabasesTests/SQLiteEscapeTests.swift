import Foundation
import TemperCore
import TemperSandbox
import TemperTestSupport
import Testing

@testable import TemperDatabases

/// Statements that try to reach beyond the episode's database, or to take more than its share. None depends on who runs Temper.
@Suite(.tags(.alone)) struct SQLiteEscapeTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        var name: String
        var statement: String
        /// What the answer must contain: one of these, where the machine's speed decides which limit comes first.
        var answer: String
        var testDescription: String { name }

        init(_ name: String, _ statement: String, _ answer: String) {
            self.name = name
            self.statement = statement
            self.answer = answer
        }
    }

    static let table = DatabaseTable(
        name: "staff", columns: [.init(name: "name"), .init(name: "age", type: "INTEGER")],
        rows: [["Ann", "31"], ["Bob", "27"]])
    static let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
    /// Where the attempts try to write.
    static let target = "/tmp/temper-escape-\(getpid())"

    static let doubling: String = {
        let parts = (1..<40).map { "c\($0) AS (SELECT a.x FROM c\($0 - 1) a, c\($0 - 1) b)" }
        return "WITH c0 AS (SELECT 1 x), \(parts.joined(separator: ", ")) SELECT count(*) FROM c39"
    }()

    /// Twice three texts of 60,000 and 30,000 bytes: each call of `instr` compares a billion of them.
    static let slowCalls: String = {
        let calls = Array(repeating: "instr(a, b || age)", count: 180).joined(separator: " + ")
        return "SELECT \(calls) FROM staff, (SELECT hex(zeroblob(30000)) a, hex(zeroblob(15000)) || '1' b)"
    }()

    /// Each union of one side is prepared with each of the others.
    static let unions: String = {
        let union = Array(repeating: "SELECT age FROM staff", count: 90).joined(separator: " UNION ALL ")
        return "SELECT * FROM " + Array(repeating: "(\(union))", count: 4).joined(separator: ", ")
    }()

    static let attempts: [Attempt] = [
        Attempt("attach a host file", "ATTACH DATABASE '/etc/passwd' AS p", "not authorized"),
        Attempt("attach a new file", "ATTACH DATABASE '\(target)' AS p", "not authorized"),
        Attempt("attach memory", "ATTACH DATABASE ':memory:' AS p", "not authorized"),
        Attempt("detach", "DETACH DATABASE main", "not authorized"),
        Attempt("writable schema", "PRAGMA writable_schema = ON", "not authorized"),
        Attempt("larger database", "PRAGMA max_page_count = 1000000000", "not authorized"),
        Attempt("journal on disk", "PRAGMA journal_mode = WAL", "not authorized"),
        Attempt("temporary folder", "PRAGMA temp_store_directory = '/tmp'", "not authorized"),
        Attempt("name of the file", "PRAGMA database_list", "not authorized"),
        Attempt("name of the file by a table", "SELECT * FROM pragma_database_list", "not authorized"),
        Attempt("load an extension", "SELECT load_extension('/tmp/evil.so')", "not authorized to use function: load_extension"),
        Attempt("a tokenizer's address", "SELECT fts3_tokenizer('simple')", "not authorized"),
        Attempt("read a file", "SELECT readfile('/etc/passwd')", "no such function: readfile"),
        Attempt("write a file", "SELECT writefile('\(target)', 'x')", "no such function: writefile"),
        Attempt("start an editor", "SELECT edit('x', 'vi')", "no such function: edit"),
        Attempt("a shell's command", ".shell touch \(target)", "syntax error"),
        Attempt("virtual table", "CREATE VIRTUAL TABLE f USING fts5(x)", "not authorized"),
        Attempt("virtual table over a file", "CREATE VIRTUAL TABLE c USING csv(filename = '/etc/passwd')", "not authorized"),
        Attempt("copy into a file", "VACUUM INTO '\(target)'", "authorization denied"),
        Attempt("rewrite the schema", "UPDATE sqlite_master SET sql = 'x'", "may not be modified"),
        Attempt("drop the schema", "DROP TABLE sqlite_master", "may not be dropped"),
        Attempt("raw pages", "SELECT * FROM sqlite_dbpage", "sqlite_dbpage"),
        Attempt("pages of the file by a table", "SELECT * FROM dbstat", "dbstat"),
        Attempt("statements of the connection", "SELECT * FROM sqlite_stmt", "sqlite_stmt"),
        Attempt("a trigger that hides", "CREATE TRIGGER t AFTER INSERT ON staff BEGIN DELETE FROM staff; END", "not authorized"),
        Attempt("a view in a table's place", "CREATE VIEW v AS SELECT * FROM staff", "not authorized"),
        Attempt("a temporary table before the real one", "CREATE TEMP TABLE staff (name)", "not authorized"),
        Attempt("a transaction left open", "BEGIN EXCLUSIVE", "not authorized"),
        Attempt("two statements", "SELECT 1; DROP TABLE staff", "one statement at a time"),
        Attempt("a second statement behind a comment", "SELECT 1 /* ; */ ; -- done\nDROP TABLE staff", "one statement at a time"),
        Attempt("a null character", "SELECT 1\u{0}; DROP TABLE staff", "null character"),
        Attempt("count without end", "\(endless) SELECT count(*) FROM c", "took longer than|disk is full"),
        Attempt("rows without end", "\(endless) SELECT * FROM c", "[(1,), (2,)"),
        Attempt("cross join", "\(endless) SELECT sum(a.x * b.x) FROM c a, c b, c d", "took longer than|disk is full"),
        Attempt("sort without end", "\(endless) SELECT x, randomblob(9000) r FROM c ORDER BY r", "disk is full|took longer than"),
        Attempt(
            "distinct without end", "\(endless) SELECT count(DISTINCT randomblob(9000)) FROM c", "disk is full|took longer than"),
        Attempt(
            "memory by recursion",
            "WITH RECURSIVE c(x) AS (SELECT randomblob(90000) UNION SELECT randomblob(90000) FROM c) SELECT count(*) FROM c",
            "disk is full|took longer than"),
        Attempt("one long text", "SELECT group_concat(x) FROM (\(endless) SELECT x FROM c)", "oo"),
        Attempt("zero blob", "SELECT length(zeroblob(2000000000))", "too big"),
        Attempt("random blob", "SELECT hex(randomblob(2000000000))", "too big"),
        Attempt("wide number", "SELECT printf('%*d', 2147483647, 1)", "[(None,)]"),
        Attempt(
            "growing text", "SELECT replace(replace(hex(zeroblob(40000)), '0', hex(zeroblob(40000))), '0', 'xxxx')", "too big"),
        Attempt("slow calls in one row", slowCalls, "took longer than"),
        Attempt(
            "a slow pattern in one row", slowCalls.replacing("instr(a, b || age)", with: "(a LIKE b)"),
            "took longer than|too complex"),
        Attempt("a merge of objects", "SELECT json_patch('{}', '{}')", "not authorized to use function: json_patch"),
        Attempt("a join of unions", unions, "took longer than|out of memory|[("),
        Attempt("doubling of common tables", doubling, "too often"),
        Attempt("deep expression", "SELECT " + String(repeating: "(", count: 5_000) + "1", "parser stack overflow"),
        Attempt("long chain of operators", "SELECT 1" + String(repeating: " + 1", count: 4_000), "too large"),
        Attempt("many selects", "SELECT 1" + String(repeating: " UNION ALL SELECT 1", count: 500), "too many terms"),
        Attempt("long statement", "SELECT '" + String(repeating: "x", count: 30_000) + "'", "too"),
        Attempt("wide result", "SELECT " + Array(repeating: "1", count: 2_000).joined(separator: ","), "too many columns"),
        Attempt(
            "fill the disk", "INSERT INTO staff SELECT hex(randomblob(40000)), x FROM (\(endless) SELECT x FROM c)", "full"),
        Attempt(
            "pattern with many stars", "SELECT count(*) FROM staff WHERE name LIKE '\(String(repeating: "%a", count: 400))'",
            "too complex"),
    ]

    @Test(
        "Escape attempts are contained: an answer within the limits, the table untouched, nothing outside",
        arguments: attempts)
    func contained(_ attempt: Attempt) async throws {
        let limits = SQLiteDatabase.Limits(time: .milliseconds(400), temporary: 8 << 20, size: 1 << 20)
        let database = try SQLiteDatabase(tables: [Self.table], limits: limits)
        let started = ContinuousClock.now
        let answer: String
        // On this thread: what other tests do with the processors does not count.
        switch try database.execute(attempt.statement, limit: .observation) {
        case .rows(let rows, _): answer = PythonValue.shown(rows)
        case .failed(let complaint), .refused(let complaint): answer = complaint
        }
        #expect(ContinuousClock.now - started < .seconds(4))
        #expect(attempt.answer.split(separator: "|").contains { answer.contains($0) }, "\(answer.prefix(200))")
        #expect(
            try await database.contents(of: Self.table) == [[.string("Ann"), .integer(31)], [.string("Bob"), .integer(27)]])
        #expect(!FileManager.default.fileExists(atPath: Self.target))
        await database.close()
    }

    @Test("There are at least fifty of them")
    func enough() {
        print("escape attempts against SQLite: \(Self.attempts.count)")
        #expect(Self.attempts.count >= 50)
    }

    @Test(
        "The attempts on both servers are contained for an ordinary user too",
        .enabled(if: geteuid() == 0, "only root can run them as an ordinary user"))
    func ordinaryUser() async throws {
        let result = try await runAlone(
            "(SQLite|MariaDB)EscapeTests/contained", ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
        #expect(result.status == .exited(0) && result.text.contains("with 2 tests"), "\(result.text.suffix(3_000))")
        print(
            "escape attempts against SQL as an ordinary user: \(Self.attempts.count) on SQLite, "
                + (MariaDBServer.isInstalled ? "\(MariaDBEscapeTests.attempts.count) on MariaDB" : "MariaDB is not installed"))
    }

    @Test("A database has no file that another could open, before and after")
    func noFiles() async throws {
        // Other tests open databases meanwhile; a file that stays is one that was left.
        func left() async throws -> Set<String> {
            var common: Set<String>?
            for _ in 0..<20 {
                let all = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
                let found = Set(all.filter { $0.hasPrefix("temper-database-") })
                common = common?.intersection(found) ?? found
                try await Task.sleep(for: .milliseconds(5))
            }
            return common ?? []
        }
        let before = try await left()
        let database = try SQLiteDatabase(tables: [Self.table])
        _ = try await database.run("INSERT INTO staff VALUES ('Cid', 40)", limit: .observation)
        #expect(try await left().subtracting(before).isEmpty)
        await database.close()
        await #expect(throws: TemperError.self) { try await database.run("SELECT 1", limit: .observation) }
    }

    @Test("Changes of all kinds that a task may ask for are allowed")
    func allowed() async throws {
        let database = try SQLiteDatabase(tables: [Self.table])
        let statements = [
            "INSERT INTO staff (name, age) VALUES ('Cid', 40)", "UPDATE staff SET age = age + 1 WHERE name = 'ann';",
            "DELETE FROM staff WHERE age < 30", "CREATE TABLE pay (name TEXT, pay INT)",
            "INSERT INTO pay SELECT name, 5 FROM staff",
            "ALTER TABLE pay ADD COLUMN day TEXT", "CREATE INDEX i ON pay (name)", "DROP INDEX i", "PRAGMA table_info(staff)",
            "SELECT name FROM sqlite_master", "DROP TABLE pay", "EXPLAIN QUERY PLAN SELECT * FROM staff", "SELECT \"Ann\"",
            "WITH a AS (SELECT * FROM staff), b AS (SELECT * FROM a) SELECT * FROM a JOIN b USING (name)",
            "SELECT name, row_number() OVER (ORDER BY age) FROM staff",
            "SELECT json_extract('{\"a\": 1}', '$.a'), upper('x'), round(2.5)",
        ]
        for statement in statements {
            guard case .rows = try await database.run(statement, limit: .observation) else {
                Issue.record("\(statement): \(try await database.run(statement, limit: .observation))")
                continue
            }
        }
        #expect(
            try await database.contents(of: Self.table) == [[.string("Ann"), .integer(32)], [.string("Cid"), .integer(40)]])
        _ = try await database.run("DROP TABLE staff", limit: .observation)
        #expect(try await database.contents(of: Self.table) == nil)
    }
}
