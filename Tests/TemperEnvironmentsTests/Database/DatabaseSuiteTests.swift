import Foundation
import TemperCore
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

@Suite struct DatabaseSuiteTests {
    static let table = DatabaseTable(
        name: "staff", columns: [.init(name: "name"), .init(name: "age", type: "INTEGER")],
        rows: [["Ann", "31"], ["Bob", "27"]])
    static let good = """
        {"description": "Who?", "label": ["Ann"], "type": ["other"], "table": {"table_name": "staff", "table_info": {"columns": [{"name": "name", \
        "type": "TEXT"}, {"name": "age", "type": "INT"}], "rows": [["Ann", 31], ["Bob", null]]}}, "add_description": "A table."}
        """

    func folder(_ files: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-test-\(UUID().uuidString)")
        for (name, text) in files {
            let url = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return folder
    }

    @Test("A record becomes a task with its table, question and labels")
    func record() async throws {
        let folder = try folder([
            "own.jsonl": Self.good + "\n\n" + Self.good.replacing("[\"other\"]", with: "\"counting\"") + "\n"
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let tasks = try DatabaseSuite().tasks(from: folder.appendingPathComponent("own.jsonl").path)
        #expect(tasks.map(\.id) == ["own-0000", "own-0001"] && tasks[0].instruction == "Who?\nA table.")
        #expect(tasks[0].tags == ["kind": "select", "shape": "other", "source": "unknown"] && tasks[0].format == .database)
        var environment = try DatabaseSuite().makeEnvironment(for: tasks[0])
        _ = try await environment.reset()
        #expect(try await environment.step(Action("sql", "SELECT * FROM staff")).observation == "[('Ann', '31'), ('Bob', None)]")
        let odd = try await environment.step(Action("run", "x"))
        #expect(odd == StepResult("There is no action 'run'. The actions are sql[…], answer[…].", isValid: false))
        #expect(try await environment.step(Action("sql", "SELECT 1; SELECT 2")).isValid == false)
        #expect(try await environment.step(Action("sql", "SELECT x")).observation == "no such column: x")
        #expect(try await environment.score().reward == 0)
        #expect(try await environment.step(Action("answer", "[\"Ann\"]")).isDone)
        #expect(try await environment.score() == Score(reward: 1, metrics: ["accuracy": 1]))
        #expect(DatabaseSuite().score(answer: "['Ann']", for: tasks[0])?.reward == 1)
        await environment.close()
    }

    @Test("Rows are compared with what the reference returns from the tables as they were given")
    func changedTables() async throws {
        let goal = DatabaseGoal(
            kind: .select, source: .tables([Self.table]), check: .sameRows,
            reference: "SELECT name FROM staff WHERE age > 30")
        func reward(_ statements: String...) async throws -> Double {
            var environment = DatabaseEnvironment(goal: goal) { try SQLiteDatabase(tables: [Self.table]) }
            _ = try await environment.reset()
            for statement in statements { _ = try await environment.step(Action("sql", statement)) }
            let reward = try await environment.score().reward
            await environment.close()
            return reward
        }
        #expect(try await reward("SELECT name FROM staff WHERE age = 31") == 1)
        #expect(try await reward("SELECT name FROM staff") == 0)
        #expect(try await reward("DELETE FROM staff", "SELECT name FROM staff") == 0)
        #expect(try await reward("UPDATE staff SET age = 40", "SELECT name FROM staff") == 0)
    }

    @Test("Observations are cut at 800 characters, and a result of a million rows is not read to its end")
    func cut() async throws {
        let database = try SQLiteDatabase(tables: [Self.table])
        let statement = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, 'é' FROM c LIMIT 1000000"
        guard case .rows(let rows, let isWhole) = try database.execute(statement, limit: .observation) else {
            return #expect(Bool(false))
        }
        #expect(!isWhole && rows.count == ResultLimit.observation.rows)
        let text = DatabaseEnvironment.observation(rows)
        #expect(text.hasSuffix("[TRUNCATED]") && text.unicodeScalars.count == 811 && text.hasPrefix("[(1, 'é'), (2, 'é')"))
        #expect(DatabaseEnvironment.observation([[.string(String(repeating: "x", count: 793))]]).count == 800)
        #expect(DatabaseEnvironment.observation([[.string(String(repeating: "x", count: 794))]]).hasSuffix("',)[TRUNCATED]"))
    }

    @Test(
        "A faulty record is named by file and line",
        arguments: [
            ("{\"description\": \"Who?\"", "not valid JSON"), ("{\"type\": [\"other\"]}", "the record has no description"),
            ("{\"description\": \"Who?\"}", "the record has no type"),
            ("{\"description\": \"Who?\", \"type\": [\"other\"]}", "the record has no table"),
            (good.replacing("\"staff\"", with: "\"\""), "the table has no name"),
            (
                good.replacing(
                    "\"columns\": [{\"name\": \"name\", \"type\": \"TEXT\"}, {\"name\": \"age\", \"type\": \"INT\"}]",
                    with: "\"columns\": []"),
                "the table 'staff' has no columns, or one without a name"
            ),
            (
                good.replacing("{\"name\": \"age\"", with: "{\"title\": \"age\""),
                "the table 'staff' has no columns, or one without a name"
            ),
            (good.replacing("\"age\"", with: "\"NAME\""), "the table 'staff' has two columns 'NAME'"),
            (
                good.replacing("[\"Bob\", null]", with: "[\"Bob\"]"),
                "row 2 of the table 'staff' does not fit: 1 cells for 2 columns"
            ),
            (
                good.replacing("[\"Bob\", null]", with: "[\"Bob\", 1, 2]"),
                "row 2 of the table 'staff' does not fit: 3 cells for 2 columns"
            ),
            (
                good.replacing("[\"Bob\", null]", with: "[\"Bob\", true]"),
                "row 2 of the table 'staff' holds a cell that is neither text nor number"
            ),
            (good.replacing("[\"Bob\", null]", with: "\"Bob\""), "row 2 of the table 'staff' is not a list"),
            (good.replacing("[\"Ann\"], \"type\"", with: "[], \"type\""), "the label is empty"),
            (good.replacing("[\"Ann\"], \"type\"", with: "[\"\"], \"type\""), "the label is empty"),
            (good.replacing("\"label\": [\"Ann\"], ", with: ""), "the label is empty"),
            (good.replacing("[\"other\"]", with: "[\"UPDATE\"], \"answer_md5\": \"x\""), "answer_md5 is not a table hash: 'x'"),
        ])
    func faults(_ line: String, _ message: String) throws {
        let folder = try folder(["own.jsonl": Self.good + "\n" + line])
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("own.jsonl").path
        let error = #expect(throws: TemperError.self) { try DatabaseSuite().tasks(from: path) }
        #expect(error?.place == "\(path):2" && error?.code == .data)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test("The option repair, and the four entries known to be broken, get distinct columns and rows that fit")
    func repair() async throws {
        #expect(
            DBBenchFile.distinct(["Year", "Premiers", "Score", "Runners Up", "Score"])
                == ["Year", "Premiers", "Premiers Score", "Runners Up", "Runners Up Score"])
        #expect(DBBenchFile.distinct(["a", "A", "a", "a"]) == ["a", "a A", "A a 2", "a a 3"])
        let broken = Self.good.replacing("\"age\"", with: "\"NAME\"").replacing(
            "[\"Bob\", null]", with: "[\"Bob\", \"1\", \"2\"], [\"Cid\"]")
        let known = broken.replacing("Who?", with: "what was its best starting position?")
        let folder = try folder(["own.jsonl": broken, "known.jsonl": known])
        defer { try? FileManager.default.removeItem(at: folder) }
        let suite = try DatabaseSuite().configured(with: SuiteOptions(suite: "db", ["repair": .bool(true)]))
        for task in try suite.tasks(from: folder.appendingPathComponent("own.jsonl").path)
            + DatabaseSuite().tasks(from: folder.appendingPathComponent("known.jsonl").path)
        {
            var environment = try suite.makeEnvironment(for: task)
            _ = try await environment.reset()
            #expect(
                try await environment.step(Action("sql", "SELECT `name NAME` FROM staff")).observation
                    == "[('31',), ('1',), ('',)]")
            await environment.close()
        }
    }

    @Test("A change without a fingerprint is compared with what its reference leaves")
    func sameTables() async throws {
        let record = Self.good.replacing("[\"other\"]", with: "[\"DELETE\"]").replacing(
            "[\"Ann\"], \"type\"", with: "[\"DELETE FROM staff WHERE name = 'Ann'\"], \"type\"")
        let folder = try folder(["own.jsonl": record])
        defer { try? FileManager.default.removeItem(at: folder) }
        let suite = DatabaseSuite()
        let task = try #require(suite.tasks(from: folder.appendingPathComponent("own.jsonl").path).first)
        #expect(task.tags["kind"] == "delete")
        #expect(try await play(suite, scripted(suite, "gold"), task).score.reward == 1)
        #expect(try await play(suite, scripted(suite, "nothing"), task).score.reward == 0)
        #expect(suite.score(answer: "[]", for: task) == nil)
    }

    @Test("BIRD's folders: schema and evidence are shown, the last statement's rows decide, the file stays as it was")
    func bird() async throws {
        let records = """
            [{"db_id": "shop", "question": "Which items are cheap?", "evidence": "cheap means price < 5", "SQL": "SELECT item FROM goods WHERE price < 5", "difficulty": "simple"},
             {"db_id": "shop", "question": "Total?", "SQL": "SELECT SUM(price) FROM goods"}]
            """
        let folder = try folder(["dev.json": records, "databases/shop/empty": ""])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("databases/shop/shop.sqlite").path
        try SQLiteFixture.make(
            file,
            ["CREATE TABLE goods (item TEXT, price INTEGER)", "INSERT INTO goods VALUES ('pen', 2), ('ink', 4), ('desk', 90)"])
        let before = FileManager.default.contents(atPath: file)
        let suite = DatabaseSuite()
        let tasks = try suite.tasks(from: folder.path)
        #expect(tasks.map(\.id) == ["dev-00000", "dev-00001"] && tasks[0].tags["shape"] == "simple")
        #expect(
            tasks[0].instruction == """
                Which items are cheap?
                Evidence: cheap means price < 5
                The name of this table is goods, and the headers of this table are item,price.
                Your last SQL statement must return exactly the rows that are asked for.
                """)
        for task in tasks {
            #expect(try await play(suite, scripted(suite, "gold"), task).score.reward == 1)
            #expect(try await play(suite, scripted(suite, "nothing"), task).score.reward == 0)
        }
        var environment = try suite.makeEnvironment(for: tasks[0])
        _ = try await environment.reset()
        #expect(
            try await environment.step(Action("sql", "DELETE FROM goods")).observation == "attempt to write a readonly database")
        _ = try await environment.step(Action("sql", "SELECT item FROM goods WHERE price < 9 ORDER BY item"))
        #expect(try await environment.score().reward == 1)
        _ = try await environment.step(Action("sql", "SELECT item, price FROM goods WHERE price < 9"))
        #expect(try await environment.score().reward == 0)
        await environment.close()
        #expect(FileManager.default.contents(atPath: file) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("databases/shop").path).count == 2)
    }

    @Test(
        "A faulty BIRD folder is named by record",
        arguments: [
            ("[{\"question\": \"q\", \"SQL\": \"SELECT 1\"}]", "record 1 has no db_id"),
            ("[{\"db_id\": \"../x\", \"question\": \"q\", \"SQL\": \"SELECT 1\"}]", "record 1 has no db_id"),
            ("[{\"db_id\": \"x\", \"SQL\": \"SELECT 1\"}]", "record 1 has no question"),
            ("[{\"db_id\": \"x\", \"question\": \"q\"}]", "record 1 has no SQL"),
            (
                "[{\"db_id\": \"x\", \"question\": \"q\", \"SQL\": \"DROP TABLE x\"}]",
                "record 1 has a reference that is not a query"
            ),
            (
                "[{\"db_id\": \"x\", \"question\": \"q\", \"SQL\": \"SELECT 1\"}]",
                "record 1 names a database that does not exist: 'x'"
            ),
            ("{}", "expected a list of questions"),
        ])
    func birdFaults(_ records: String, _ message: String) throws {
        let folder = try folder(["dev.json": records])
        defer { try? FileManager.default.removeItem(at: folder) }
        let error = #expect(throws: TemperError.self) { try DatabaseSuite().tasks(from: folder.path) }
        #expect(error?.message == message && error?.place == "\(folder.path)/dev.json" && error?.code == .data)
    }

    @Test("Options are read strictly")
    func options() throws {
        func configure(_ values: [String: JSONValue]) throws -> any TemperCore.Suite {
            try DatabaseSuite().configured(with: SuiteOptions(suite: "db", values))
        }
        #expect(throws: TemperError.self) { try configure(["server": .string("oracle")]) }
        #expect(throws: TemperError.self) { try configure(["servr": .string("sqlite")]) }
        let suite = try configure(["server": .string("mariadb"), "time_limit": .number(2)])
        #expect(try suite.prompt(for: .react).instruction.contains("MariaDB"))
        #expect(try DatabaseSuite().prompt(for: .react).instruction.contains("SQLite"))
        #expect(throws: TemperError.self) { try DatabaseSuite().tasks(from: "/nowhere.jsonl") }
    }
}
