import Foundation
import TemperCore
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

@Suite("Derived database tasks")
struct DatabaseDerivationTests {
    private static let table = DatabaseTable(
        name: "staff", columns: ["name", "office", "age"].map { DatabaseTable.Column(name: $0) },
        rows: [["Ann", "Rome", "30"], ["Bob", "Oslo", "41"], ["Cara", "Rome", nil]])

    private func world(_ source: DatabaseGoal.Source = .tables([table])) -> AgentTask {
        let goal = DatabaseGoal(kind: .select, source: source, check: .answer(["x"]), reference: nil)
        return AgentTask(
            id: "w", suite: "db", split: "train", instruction: "Who?\n" + Self.table.description, payload: goal.payload,
            format: .database)
    }

    private func derive(_ kind: String, _ statements: [String], references: Int = 1, world: AgentTask? = nil) async throws
        -> DerivationResult
    {
        let brief = ProposalBrief(number: 0, kind: kind, references: references, world: world ?? self.world())
        let reply = "Task: Do it.\n" + statements.map { "```sql\n\($0)\n```" }.joined(separator: "\n")
        return try await DatabaseSuite().derivation.task(reply, for: brief, id: "t")
    }

    @Test("A question becomes a task whose labels are the cells of its result")
    func question() async throws {
        let result = try await derive(
            "select",
            ["SELECT name FROM staff WHERE office = 'Rome'", "SELECT name FROM staff WHERE office <> 'Oslo' ORDER BY name DESC"],
            references: 2)
        guard case .task(let task) = result else { return #expect(Bool(false), "\(result)") }
        #expect(task.id == "t" && task.suite == "db" && task.split == "derived" && task.format == .database)
        #expect(task.instruction == "Do it.\n" + Self.table.description)
        #expect(task.payload["labels"] == .array([.string("Ann"), .string("Cara")]))
        let suite = DatabaseSuite()
        #expect(try await play(suite, scripted(suite, "nothing"), task).score.reward == 0)
        #expect(suite.derivation.question(of: task) == "Do it.")
    }

    @Test(
        "A change becomes a task that is scored by its tables",
        arguments: [
            ("insert", "INSERT INTO staff VALUES ('Dan', 'Bonn', 5)", "UPDATE staff SET age = 5"),
            ("update", "UPDATE staff SET age = 31 WHERE name = 'Ann'", "UPDATE staff SET age = 31 WHERE name = 'Bob'"),
            ("delete", "DELETE FROM staff WHERE age IS NULL", "DELETE FROM staff"),
        ])
    func change(kind: String, statement: String, other: String) async throws {
        let result = try await derive(kind, [statement])
        guard case .task(let task) = result else { return #expect(Bool(false), "\(result)") }
        for (action, reward) in [(statement, 1.0), (other, 0)] {
            let played = try await ReferenceTrial.play(task, in: DatabaseSuite()) {
                $0.isEmpty ? Action("sql", action) : Action("answer", "[]")
            }
            #expect(played.reward == reward)
        }
    }

    @Test(
        "What does not hold is rejected with a reason",
        arguments: [
            ("select", ["SELECT missing FROM staff"], Rejection.Reason.referenceFailed, "no such column: missing"),
            ("select", ["SELECT name FROM staff WHERE age > 99"], .referenceFailed, "the statement returns nothing"),
            ("select", ["SELECT age FROM staff WHERE name = 'Cara'"], .referenceFailed, "the statement returns nothing"),
            (
                "select",
                [
                    "SELECT group_concat(a.name || b.name || c.name || d.name || e.name || f.name) FROM staff a, staff b, staff c, staff d, staff e, staff f"
                ],
                .referenceFailed, "the result is longer than an agent is shown"
            ),
            ("update", ["UPDATE staff SET age = 30 WHERE name = 'Ann'"], .referenceFailed, "the statement changes nothing"),
            (
                "delete", ["DELETE FROM staff; DELETE FROM staff"], .referenceFailed,
                "You can only execute one statement at a time."
            ),
            ("delete", ["SELECT 1"], .unparsable, "a task of kind delete was asked for, not: SELECT 1"),
            (
                "select", ["SELECT name FROM staff", "SELECT office FROM staff"], .referencesDisagree,
                "the 2 statements do not give one result"
            ),
            ("select", ["ATTACH 'x' AS y"], .unparsable, "a task of kind select was asked for, not: ATTACH 'x' AS y"),
        ])
    func rejected(kind: String, statements: [String], reason: Rejection.Reason, detail: String) async throws {
        #expect(try await derive(kind, statements) == .rejected(Rejection(reason, detail)))
    }

    @Test("On a data set's own file questions are derived and scored by their rows, and nothing is changed")
    func bird() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bird-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let databases = folder.appendingPathComponent("databases/staff", isDirectory: true)
        try FileManager.default.createDirectory(at: databases, withIntermediateDirectories: true)
        try SQLiteFixture.make(
            databases.appendingPathComponent("staff.sqlite").path,
            ["CREATE TABLE staff (name TEXT, age INTEGER)", "INSERT INTO staff VALUES ('Ann', 30), ('Bob', 41)"])
        let record = #"[{"db_id": "staff", "question": "Who is older than 35?", "SQL": "SELECT name FROM staff WHERE age > 35"}]"#
        try Data(record.utf8).write(to: folder.appendingPathComponent("train.json"))
        let suite = DatabaseSuite()
        let world = try #require(try suite.tasks(from: folder.path).first)
        #expect(
            try suite.derivation.kinds(in: world) == ["select"] && suite.derivation.question(of: world) == "Who is older than 35?"
        )
        #expect(try await ReferenceTrial.rejection(of: world, in: suite, suite.derivation) == nil)
        let request = try await suite.derivation.request(ProposalBrief(number: 0, kind: "select", world: world))
        #expect(request.contains("headers of this table are name,age.") && request.contains("Bob | 41"))
        let result = try await derive("select", ["SELECT AVG(age) FROM staff"], world: world)
        guard case .task(let task) = result else { return #expect(Bool(false), "\(result)") }
        #expect(task.payload["check"]?.string == "same_rows" && task.instruction.hasSuffix(BIRDFolder.ending))
        #expect(try await play(suite, scripted(suite, "gold"), task).score.reward == 1)
        let change = try await derive("delete", ["DELETE FROM staff"], world: world)
        guard case .rejected(let rejection) = change else { return #expect(Bool(false), "\(change)") }
        #expect(rejection.reason == .referenceFailed && rejection.detail.contains("readonly"), "\(rejection)")
    }

    @Test("Of AgentBench's references those hold that lead to their labels and tables")
    func referencesRealData() async throws {
        guard realData("agentbench/dbbench/standard.jsonl") != nil else { return }
        let suite = DatabaseSuite()
        var held: [String: Int] = [:]
        for task in try suite.tasks(split: "test", limit: nil)
        where try await ReferenceTrial.rejection(of: task, in: suite, suite.derivation) == nil {
            held[task.tags["kind"] ?? "", default: 0] += 1
        }
        #expect(held == ["select": 37, "insert": 98, "update": 97])
    }

    @Test("The request shows the tables, some rows, examples and what was written before")
    func request() async throws {
        let brief = ProposalBrief(
            number: 3, kind: "update", references: 2, world: world(), examples: ["Who was\nfirst?"], earlier: ["How old is Bob?"])
        let text = try await DatabaseSuite().derivation.request(brief)
        for part in [
            Self.table.description, "Ann | Rome | 30", "Cara | Rome | NULL", "- Who was first?", "- How old is Bob?", "UPDATE",
            "solution 2, which differs from the others",
        ] { #expect(text.contains(part), "\(part)") }
        let task = AgentTask(id: "p", suite: "db", split: "proposals", instruction: text, payload: try brief.payload())
        #expect(try ProposalBrief(of: task, format: .database) == brief)
    }

    @Test("Templates write tasks of every kind that hold, and solve them from their text alone")
    func templates() async throws {
        let suite = PocketDatabaseSuite()
        let derivation = suite.derivation
        let teacher = TableTemplates()
        for (number, world) in try suite.tasks(split: "train", limit: 24).enumerated() {
            let kinds = try derivation.kinds(in: world)
            let brief = ProposalBrief(number: number, kind: kinds[number % kinds.count], world: world)
            let asked = AgentTask(
                id: "p\(number)", suite: suite.id, split: "proposals", instruction: "", payload: try brief.payload())
            let key = EpisodeKey(group: "test", suite: suite.id, task: asked.id, method: .io)
            let scene = Scene(key: key, task: asked, turns: [], seed: UInt64(number))
            let reply = try await teacher.reply(in: scene)
            guard case .task(var task) = try await derivation.task(reply, for: brief, id: "t\(number)") else {
                #expect(Bool(false), "\(reply)")
                continue
            }
            #expect(try await play(suite, teacher, task).score.reward == 1, "\(reply)")
            // What it was not told it does not know.
            task.instruction = "Something else.\n" + task.instruction
            await #expect(throws: TemperError.self) { try await play(suite, teacher, task) }
        }
    }

    @Test("Derived tasks are written to a file and read again; another suite's and a double are told")
    func file() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("derived-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        guard case .task(let task) = try await derive("select", ["SELECT office FROM staff WHERE name = 'Bob'"]) else { return }
        let url = folder.appendingPathComponent("db.jsonl")
        try DerivedTaskFile.write([task], to: url)
        #expect(try DatabaseSuite().tasks(from: url.path) == [task])
        #expect(throws: TemperError.self) { try PocketDatabaseSuite().tasks(from: url.path) }
        try DerivedTaskFile.write([task, task], to: url)
        let error = #expect(throws: TemperError.self) { try DatabaseSuite().tasks(from: url.path) }
        #expect(error?.place == "\(url.path):2" && error?.message == "the id 't' appears twice")
    }
}
