import Foundation
import TemperCore
import Testing

@testable import TemperDatabases

/// The same against a MariaDB server; skipped visibly where MariaDB is not installed.
@Suite(.tags(.alone), .serialized, .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct MariaDBEscapeTests {
    typealias Attempt = SQLiteEscapeTests.Attempt

    static let endless = "WITH RECURSIVE c AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM c)"
    static let target = SQLiteEscapeTests.target

    static let attempts: [Attempt] = [
        Attempt("read a file", "SELECT LOAD_FILE('/etc/passwd')", "[(None,)]"),
        Attempt("write a file", "SELECT 'x' INTO OUTFILE '\(target)'", "1227"),
        Attempt("dump into a file", "SELECT 'x' INTO DUMPFILE '\(target)'", "1227"),
        Attempt("load a file of the server", "LOAD DATA INFILE '/etc/passwd' INTO TABLE staff", "1045"),
        Attempt(
            "load a file of the client", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE staff", "disabled the local infile"),
        Attempt("accounts", "SELECT * FROM mysql.user", "1142"),
        Attempt("the server's own database", "USE mysql", "1044"),
        Attempt("another episode's table", "SELECT * FROM OTHER.secrets", "1142"),
        Attempt("write to another episode's table", "INSERT INTO OTHER.secrets VALUES ('x')", "1142"),
        Attempt("drop another episode's database", "DROP DATABASE OTHER", "1044"),
        Attempt("new database", "CREATE DATABASE loot", "1044"),
        Attempt("shut the server down", "SHUTDOWN", "1227"),
        Attempt("new user", "CREATE USER eve", "1227"),
        Attempt("more rights", "GRANT ALL ON *.* TO CURRENT_USER", "1045"),
        Attempt("another role", "SET ROLE root", "1959"),
        Attempt("the administrator's password", "SET PASSWORD FOR 'root'@'localhost' = PASSWORD('x')", "1044"),
        Attempt("global settings", "SET GLOBAL max_connections = 1", "1227"),
        Attempt("where files may be", "SET GLOBAL secure_file_priv = ''", "1238"),
        Attempt("the log as a file", "SET GLOBAL general_log_file = '\(target)'", "1227"),
        Attempt("end another connection", "KILL 1", "109"),
        Attempt("a plugin", "INSTALL SONAME 'evil'", "1142"),
        Attempt("a native function", "CREATE FUNCTION f RETURNS STRING SONAME 'evil.so'", "1044"),
        Attempt("an event", "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO DELETE FROM staff", "1044"),
        Attempt("a trigger", "CREATE TRIGGER t AFTER INSERT ON staff FOR EACH ROW SET @a = 1", "1142"),
        Attempt("a view", "CREATE VIEW v AS SELECT * FROM staff", "1142"),
        Attempt("a procedure", "CREATE PROCEDURE p() SELECT 1", "1044"),
        Attempt("two statements", "SELECT 1; DROP TABLE staff", "1064"),
        Attempt("a null character", "SELECT 1\u{0}; DROP TABLE staff", "null character"),
        Attempt("a table over a file", "CREATE TABLE f (x TEXT) DATA DIRECTORY = '/tmp'", "["),
        Attempt("another engine", "CREATE TABLE c (x INT NOT NULL) ENGINE = CSV", "1290"),
        Attempt("a remote table", "CREATE TABLE r (x INT) ENGINE = FEDERATED CONNECTION = 'mysql://a@b/c/d'", "1286"),
        Attempt("sleep", "SELECT SLEEP(100)", "1969"),
        Attempt("sleep without a limit", "SET STATEMENT max_statement_time = 0 FOR SELECT SLEEP(100)", "took longer than"),
        Attempt("busy work", "SELECT BENCHMARK(1000000000000, MD5('x'))", "[(0,)]"),
        Attempt("count without end", "\(endless) SELECT COUNT(*) FROM c", "["),
        Attempt(
            "count without any end", "SET STATEMENT max_recursive_iterations = 4000000000 FOR \(endless) SELECT COUNT(*) FROM c",
            "1969"),
        Attempt(
            "temporary files without end",
            "SET STATEMENT max_recursive_iterations = 4000000000 FOR \(endless) SELECT COUNT(DISTINCT x, REPEAT(x, 9000)) FROM c",
            "1969|1021|1026|1114"),
        Attempt(
            "memory beyond the session's share",
            "SET STATEMENT max_session_mem_used = 9223372036854775807, tmp_memory_table_size = 17179869184, max_heap_table_size ="
                + " 17179869184, max_recursive_iterations = 4000000000 FOR \(endless) SELECT COUNT(DISTINCT x) FROM c",
            "Out of memory|1969|took longer"),
        Attempt("long text", "SELECT REPEAT('x', 2000000000)", "[(None,)]"),
        Attempt("lock", "LOCK TABLES staff WRITE", "1044"),
        Attempt("end the own connection", "KILL CONNECTION_ID()", "1927|1317"),
        Attempt("logs", "PURGE BINARY LOGS BEFORE NOW()", "1227"),
        Attempt("flush", "FLUSH TABLES WITH READ LOCK", "1227"),
        Attempt("other connections", "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'root'", "[(0,)]"),
        Attempt(
            "names of databases", "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name LIKE 'episode%'", "[(1,)]"),
    ]

    @Test("Escape attempts are contained, and the table and the other episode's are untouched")
    func contained() async throws {
        print("escape attempts against MariaDB: \(Self.attempts.count)")
        let server = MariaDBServer.shared()
        let secrets = DatabaseTable(name: "secrets", columns: [.init(name: "word")], rows: [["swordfish"]])
        let other = try server.open([secrets], timeLimit: .seconds(5))
        for attempt in Self.attempts {
            let database = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(1))
            let started = ContinuousClock.now
            let answer: String
            switch try await database.run(attempt.statement.replacing("OTHER", with: other.name), limit: .observation) {
            case .rows(let rows, _): answer = PythonValue.shown(rows)
            case .failed(let complaint), .refused(let complaint): answer = complaint
            }
            #expect(ContinuousClock.now - started < .seconds(6), "\(attempt.name)")
            let isExpected = attempt.answer.split(separator: "|").contains {
                answer.hasPrefix($0) || answer.contains($0) && $0.count > 4
            }
            #expect(isExpected, "\(attempt.name): \(answer)")
            #expect(!answer.contains("swordfish") && !answer.contains("root:"), "\(attempt.name)")
            let rows = try await database.contents(of: SQLiteEscapeTests.table)
            #expect(rows == [[.string("Ann"), .integer(31)], [.string("Bob"), .integer(27)]], "\(attempt.name)")
            #expect(!FileManager.default.fileExists(atPath: Self.target), "\(attempt.name)")
            #expect(!FileManager.default.fileExists(atPath: "/tmp/\(database.name)"), "\(attempt.name)")
            await database.close()
        }
        #expect(try await other.contents(of: secrets) == [[.string("swordfish")]])
        await other.close()
    }

    @Test("An episode that fills the storage or drops its own database harms no other and is cleaned up")
    func storage() async throws {
        let server = MariaDBServer.shared()
        let database = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(5))
        let other = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(5))
        _ = try await database.run("CREATE TABLE big (x LONGTEXT)", limit: .observation)
        _ = try await database.run("INSERT INTO big VALUES (REPEAT('x', 900000))", limit: .observation)
        var answer = StatementResult.rows([], isWhole: true)
        for _ in 0..<12 {
            answer = try await database.run("INSERT INTO big SELECT * FROM big", limit: .observation)
            if case .failed = answer { break }
        }
        print("filling the storage ends with \(answer)")
        if case .rows = answer { Issue.record("the storage has no bound") }
        #expect(answer == .failed("the database is full"))
        // The stopped statement is still being rolled back for a while.
        for _ in 0..<10 {
            answer = try await database.run("DROP TABLE big", limit: .observation)
            if case .rows = answer { break }
        }
        #expect(answer == .rows([], isWhole: true))
        #expect(try await other.contents(of: SQLiteEscapeTests.table)?.count == 2)
        let name = database.name
        #expect(try await database.run("DROP DATABASE \(name)", limit: .observation) == .rows([], isWhole: true))
        #expect(try await database.contents(of: SQLiteEscapeTests.table) == nil)
        await database.close()
        await other.close()
    }

    @Test("A server that is gone is an environment error for its episodes, and a new one serves the next")
    func restart() async throws {
        let server = MariaDBServer()
        let database = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(5))
        server.stop()
        let error = await #expect(throws: TemperError.self) { try await database.run("SELECT 1", limit: .observation) }
        #expect(error?.message == "the MariaDB server of this run has ended" && error?.boundary == .environment)
        await database.close()
        let next = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(5))
        #expect(try await next.contents(of: SQLiteEscapeTests.table)?.count == 2)
        await next.close()
        let folder = try #require(server.folder)
        server.stop()
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("Cells and complaints are written as Python's MySQL client writes them")
    func observations() async throws {
        let server = MariaDBServer.shared()
        let database = try server.open([SQLiteEscapeTests.table], timeLimit: .seconds(5))
        func observe(_ statement: String) async throws -> String {
            switch try await database.run(statement, limit: .observation) {
            case .rows(let rows, _): PythonValue.shown(rows)
            case .failed(let complaint), .refused(let complaint): complaint
            }
        }
        #expect(try await observe("SELECT name, age FROM staff WHERE name = 'ann'") == "[('Ann', 31)]")
        #expect(try await observe("SELECT COUNT(*), SUM(age), AVG(name), NULL FROM staff") == "[(2, Decimal('58'), 0.0, None)]")
        #expect(
            try await observe("SELECT DATE('2020-02-03'), 1.50, 'it''s'")
                == "[(datetime.date(2020, 2, 3), Decimal('1.50'), \"it's\")]")
        #expect(try await observe("UPDATE staff SET age = 30") == "[]")
        #expect(try await observe("SELECT nme FROM staff").hasPrefix("1054 (42S22): Unknown column 'nme' in "))
        #expect(try await observe("SELECT * FROM persons") == "1146 (42S02): Table 'database.persons' doesn't exist")
        await database.close()
    }
}
