import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperTestServer
import TemperTestSupport
import Testing

@testable import TemperExperiment

/// A teacher and a solver behind OpenAI's protocol that know a few tasks by heart, some of them wrongly.
struct ServedTeacher {
    struct Script {
        /// What the teacher proposes.
        var reply: String
        var question: String
        /// What the solver does.
        var action: String
        /// Whether it should be kept.
        var isRight: Bool
    }

    var scripts: [Script]
    /// Writes the reply after an observation.
    var ending: @Sendable (String) -> String

    static let database = ServedTeacher(
        scripts: [
            ask("Which office does Ann have?", "SELECT office FROM staff WHERE name = 'Ann'", right: true),
            ask("How old is the person named Bob?", "SELECT age FROM staff WHERE name = 'Bob'", right: true),
            // Wrong solutions.
            ask(
                "How many people have their office in Rome?", "SELECT COUNT(*) FROM staff WHERE office = 'Rome'",
                does: "SELECT COUNT(*) FROM staff"),
            ask(
                "Name everyone who is older than thirty-five.", "SELECT name FROM staff WHERE age > 35",
                does: "SELECT name FROM staff"),
            // A wrong reference, which the right solution does not agree with.
            ask(
                "What is the age of Cara?", "SELECT age FROM staff WHERE name = 'Bob'",
                does: "SELECT age FROM staff WHERE name = 'Cara'"),
            ask("Which office is it?", "SELECT place FROM staff"),
            ask("Which office does Ann have", "SELECT office FROM staff WHERE name = 'Ann'"),
            Script(reply: "As a language model I would rather not.", question: "-", action: "", isRight: false),
        ]
    ) { observation in
        let cells = observation.matches(of: /'([^']*)'|(\d+)/).map { "\"\($0.1 ?? $0.2 ?? "")\"" }
        return "It is shown.\nAction: Answer\nFinal Answer: [\(cells.joined(separator: ", "))]"
    }

    private static func ask(_ question: String, _ reference: String, does: String? = nil, right: Bool = false) -> Script {
        Script(
            reply: "Task: \(question)\n```sql\n\(reference)\n```", question: question,
            action: "I look.\nAction: Operation\n```sql\n\(does ?? reference)\n```", isRight: right)
    }

    static let shell = ServedTeacher(
        scripts: [
            command("How many letters lie in /srv/letters?", "ls /srv/letters | wc -l", right: true),
            command("Which letter is the longest one of those in /srv/letters?", "ls -S /srv/letters | head -n 1", right: true),
            command("What does the second letter say?", "cat /srv/letters/two", does: "cat /srv/letters/one"),
            // The reference is wrong, and its check with it.
            command("How many words has the first letter?", "echo 9", does: "wc -w < /srv/letters/one"),
            command("What is in the drawer?", "cat /srv/drawer"),
            command("Who wrote the letters in /srv/letters?", "echo Ann", check: "[ -n \"$1\" ]"),
            Script(
                reply: "Task: Say hello.\nSolution:\n```bash\necho hello\n```", question: "Say hello.", action: "", isRight: false
            ),
        ]
    ) { observation in
        let text = observation.replacing("The output of the OS:\n\n", with: "")
        return "Think: It is shown.\n\nAct: answer(\(text))"
    }

    private static func command(
        _ question: String, _ reference: String, does: String? = nil, check: String? = nil, right: Bool = false
    ) -> Script {
        let setup = "mkdir /srv/letters; echo dear Ann and Bob > /srv/letters/one; echo bye > /srv/letters/two"
        let check = check ?? "[ \"$1\" = \"$(\(reference))\" ]"
        func block(_ label: String, _ code: String) -> String { "\(label):\n```bash\n\(code)\n```\n" }
        return Script(
            reply: "Task: \(question)\n" + block("Setup", setup) + block("Solution", reference) + block("Check", check),
            question: question, action: "Think: I look.\n\nAct: bash\n\n```bash\n\(does ?? reference)\n```", isRight: right)
    }

    func answer(_ request: JSONValue) -> JSONValue {
        let texts = (request["messages"]?.array ?? []).compactMap { $0["content"]?.string }
        guard let last = texts.last else { return .null }
        if last.hasPrefix("Write one new task") {
            return MisbehavingServer.reply(text: scripts[Int(request["seed"]?.number ?? 0) % scripts.count].reply)
        }
        // The newest message that is a task.
        for (index, text) in texts.enumerated().reversed() {
            guard let script = scripts.first(where: { text.components(separatedBy: "\n").contains($0.question) }) else {
                continue
            }
            return MisbehavingServer.reply(text: index == texts.count - 1 ? script.action : ending(last))
        }
        return MisbehavingServer.reply(text: "What?")
    }
}

@Suite("Tasks derived by a served teacher", .tags(.alone), .timeLimit(.minutes(5)))
struct DeriveServerTests {
    /// A file in AgentBench's form with the table that ``ServedTeacher/database`` knows.
    private func staff(in folder: URL, extra: String = "") throws -> String {
        let columns = ["name", "office", "age"].map { "{\"name\": \"\($0)\", \"type\": \"TEXT\"}" }.joined(separator: ", ")
        func record(_ question: String, _ label: String, _ query: String) -> String {
            """
            {"description": "\(question)", "add_description": "The name of this table is staff, and the headers of this table are \
            name,office,age.", "label": [\(label)], "type": ["other"], "source": "test", "table": {"table_name": "staff", \
            "table_info": {"columns": [\(columns)], "rows": [["Ann", "Rome", 30], ["Bob", "Oslo", 41], ["Cara", "Rome", 52]]}}, \
            "sql": {"query": "\(query)"}}
            """
        }
        let lines = [
            record("Who sits in Oslo?", "\"Bob\"", "SELECT name FROM staff WHERE office = 'Oslo'"),
            record("Who is the oldest?", "\"Cara\"", "SELECT name FROM staff ORDER BY age DESC LIMIT 1"),
            record("Who is the youngest?", "\"Ann\"", "SELECT name FROM staff ORDER BY age DESC LIMIT 1"),
            record("Who sits in Bonn?", "\"none\"", "SELECT nameFROM staff"),
        ]
        let url = folder.appendingPathComponent("staff.jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
        return url.path
    }

    private func derive(_ teacher: ServedTeacher, _ suites: String, in scratch: URL, faults: FaultSchedule = .none) async throws
        -> MisbehavingServer
    {
        let server = try await MisbehavingServer(faults) { teacher.answer($0) }
        let recipe = """
            derive:
              policy: '\(server.url)#teacher'
              solver: '\(server.url)#solver'
              suites: \(suites)
              endpoint: { timeout_seconds: 4, maximum_attempts: 12, backoff_seconds: 0.05, maximum_wait_seconds: 0.3 }
            """
        let run = scratch.appendingPathComponent("run", isDirectory: true)
        try await DeriveRun.run(recipe, in: run)
        let asked = server.requestCount
        let bytes = try DeriveRun.bytes(run)
        // The same where the last run was killed just before it could say that the stage was finished.
        var manifest = try #require(try Manifest.read(RunFolder(run)))
        manifest.stages["derive"]?.status = .running
        try manifest.write(to: RunFolder(run))
        try await DeriveRun.run(recipe, in: run)
        #expect(server.requestCount == asked, "finished episodes ask nothing")
        #expect(try DeriveRun.bytes(run) == bytes)
        return server
    }

    private func expectRight(_ teacher: ServedTeacher, _ suite: String, in scratch: URL) throws -> DeriveReport.Part {
        let run = scratch.appendingPathComponent("run", isDirectory: true)
        let part = try #require(try DeriveRun.parts(run).first { $0.way == "self_instruct" })
        let derivation = try #require(try SuiteRegistry.suite(suite) as? any DerivingSuite).derivation
        let kept = try DeriveRun.tasks(run, suite).filter { $0.id.hasPrefix("self-instruct") }.map(derivation.question)
        #expect(Set(kept) == Set(teacher.scripts.filter(\.isRight).map(\.question)) && Set(kept).count == kept.count, "\(kept)")
        #expect(part.proposed == part.kept + part.rejected.reduce(0) { $0 + $1.count })
        return part
    }

    @Test("Self-Instruct on databases keeps the right tasks and no planted wrong one, through a server's faults")
    func database() async throws {
        try await Scratch.with { scratch in
            let path = try staff(in: scratch)
            _ = try await derive(
                .database, "{ db: { self_instruct: { tasks: 5, tries: 60, kinds: [select], source: { from: '\(path)' } } } }",
                in: scratch,
                faults: .random(
                    [.status(429, headers: ["Retry-After": "0"]), .status(500), .drop, .malformed], share: 0.2, seed: 4))
            let part = try expectRight(.database, "db", in: scratch)
            #expect(part.proposed == 60 && part.kept == 2 && part.count(.error) == 0)
            for reason in [Rejection.Reason.unparsable, .referenceFailed, .duplicate, .solutionDisagreed] {
                #expect(part.count(reason) > 0, "\(reason)")
            }
            #expect(part.count(.solutionDisagreed) == 3)
        }
    }

    @Test(
        "Self-Instruct on shells keeps the right tasks and no planted wrong one",
        .enabled(if: SandboxHere.works, "bubblewrap cannot start a sandbox here"))
    func shell() async throws {
        try await Scratch.with { scratch in
            _ = try await derive(
                .shell, "{ os: { self_instruct: { tasks: 5, tries: 40, kinds: [question] } } }", in: scratch)
            let part = try expectRight(.shell, "os", in: scratch)
            #expect(part.kept == 2 && part.count(.solutionDisagreed) == 2)
            #expect(part.count(.unparsable) > 0 && part.count(.referenceFailed) > 0 && part.count(.checkAcceptsNothing) > 0)
        }
    }

    @Test("Thoughts are completed for references that hold, and those that give the solution away are left out")
    func thoughts() async throws {
        try await Scratch.with { scratch in
            let path = try staff(in: scratch)
            let server = try await MisbehavingServer(.none) { request in
                let last = request["messages"]?.array?.last?["content"]?.string ?? ""
                let isOldest = (request["messages"]?.array ?? []).contains {
                    $0["content"]?.string?.contains("Who is the oldest?") == true
                }
                guard last.contains("Write the thought alone") else { return MisbehavingServer.reply(text: "What?") }
                return MisbehavingServer.reply(
                    text: isOldest ? "This matches the provided answer." : "Thought: I look into the table.")
            }
            let recipe = "derive: { policy: '\(server.url)#t', suites: { db: { thoughts: { from: '\(path)' } } } }"
            try await DeriveRun.run(recipe, in: scratch)
            let part = try DeriveRun.parts(scratch)[0]
            #expect(part.proposed == 4 && part.kept == 1)
            #expect(part.count(.referenceFailed) == 2 && part.count(.thoughtUnusable) == 1)
            let task = try #require(try DeriveRun.tasks(scratch, "db").first)
            #expect(task.id == "thoughts-staff-0000")
            let kept = try #require(
                try RunStore(RunFolder(scratch)).trajectories(group: "derive/thoughts").first { $0.key.task == task.id })
            #expect(kept.turns.map(\.thought) == ["I look into the table.", "I look into the table."])
            #expect(
                kept.turns[0].reply.map(\.text) == [
                    "I look into the table.\n", "Action: Operation\n```sql\nSELECT name FROM staff WHERE office = 'Oslo'\n```",
                ])
            #expect(kept.answer == "[\"Bob\"]" && kept.score?.reward == 1)
        }
    }

    @Test("A teacher that never answers fails the stage with its reason, and the next start tries again")
    func down() async throws {
        try await Scratch.with { scratch in
            let path = try staff(in: scratch)
            let isUp = scratch.appendingPathComponent("up")
            let server = try await MisbehavingServer(
                .init { _ in FileManager.default.fileExists(atPath: isUp.path) ? .ok : .status(401) }
            ) { ServedTeacher.database.answer($0) }
            let recipe = """
                derive:
                  policy: '\(server.url)#t'
                  suites: { db: { self_instruct: { tasks: 2, tries: 40, kinds: [select], source: { from: '\(path)' } } } }
                """
            let run = scratch.appendingPathComponent("run", isDirectory: true)
            let error = await #expect(throws: TemperError.self) { try await DeriveRun.run(recipe, in: run) }
            #expect(error?.code == .unavailable && error?.message.hasPrefix("every call failed: proposal-000000") == true)
            try Data().write(to: isUp)
            try await DeriveRun.run(recipe, in: run)
            #expect(try DeriveRun.parts(run)[0].kept == 2)
        }
    }
}
