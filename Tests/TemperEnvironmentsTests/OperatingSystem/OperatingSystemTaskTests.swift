import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite(.tags(.alone)) struct OperatingSystemTaskTests {
    @Test(arguments: [
        ("[{\"evaluation\": {\"match\": \"x\"}}]", "record 1: the record lacks 'description' or 'evaluation'"),
        ("[{\"description\": \"d\"}]", "the record lacks 'description' or 'evaluation'"),
        ("[{\"description\": \"d\", \"evaluation\": {}}]", "'evaluation' has neither match nor check"),
        ("[{\"description\": \"d\", \"evaluation\": {\"match\": 3}}]", "'evaluation.match' is neither"),
        ("[{\"description\": \"d\", \"evaluation\": {\"check\": [null]}}]", "a check is null, but there is no 'example'"),
        ("[{\"description\": \"d\", \"evaluation\": {\"check\": [3]}}]", "'evaluation.check' is neither a string"),
        (
            "[{\"description\": \"d\", \"start\": {\"language\": \"perl\", \"code\": \"1\"}, \"evaluation\": {\"match\": \"x\"}}]",
            "the language 'perl'"
        ),
        ("[{\"description\": \"d\", \"evaluation\": {\"match\": \"x\"}}", "not valid JSON"),
    ]) func aFaultyRecordIsNamed(text: String, message: String) throws {
        let file = try Self.file("tasks.json", text)
        defer { Self.remove(file) }
        #expect {
            _ = try OperatingSystemSuite().tasks(from: file.path)
        } throws: { error in
            let text = "\(error)"
            return text.contains(message) && text.contains("tasks.json") && (error as? TemperError)?.code == .data
        }
    }

    @Test func linesAndFoldersAndSingleRecordsAreRead() throws {
        let record = "{\"description\": \"d\", \"evaluation\": {\"match\": \"x\"}}"
        let file = try Self.file("a.jsonl", "\(record)\n\n\(record)\n")
        defer { Self.remove(file) }
        let folder = file.deletingLastPathComponent()
        try record.write(to: folder.appendingPathComponent("b.json"), atomically: false, encoding: .utf8)
        #expect(try OperatingSystemSuite().tasks(from: file.path).map(\.id) == ["a-000", "a-001"])
        #expect(try OperatingSystemSuite().tasks(from: folder.path).map(\.id) == ["a-000", "a-001", "b-000"])
        try "\(record)\n{\n".write(to: file, atomically: false, encoding: .utf8)
        #expect { _ = try OperatingSystemSuite().tasks(from: file.path) } throws: { "\($0)".contains("a.jsonl:2") }
        #expect { _ = try OperatingSystemSuite().tasks(from: "/no/such") } throws: { ($0 as? TemperError)?.code == .usage }
    }

    @Test func scriptsAreTakenFromTheFolderBesideTheTasksAndElseNamed() throws {
        let text =
            "[{\"description\": \"d\", \"create\": {\"init\": {\"file\": \"init/a.sh\"}}, \"evaluation\": {\"check\": {\"file\": \"check/b.py\"}}}]"
        let file = try Self.file("tasks.json", text)
        defer { Self.remove(file) }
        let suite = OperatingSystemSuite()
        #expect {
            _ = try suite.makeEnvironment(for: try suite.tasks(from: file.path)[0])
        } throws: { "\($0)".contains("task 'tasks-000' needs the script 'init/a.sh', which is missing") }
        let scripts = file.deletingLastPathComponent().appendingPathComponent("scripts")
        for (path, code) in [("init/a.sh", "echo a"), ("check/b.py", "assert True")] {
            let script = scripts.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: script.deletingLastPathComponent(), withIntermediateDirectories: true)
            try code.write(to: script, atomically: false, encoding: .utf8)
        }
        let task = try OperatingSystemTask(try suite.tasks(from: file.path)[0].payload, id: "t")
        #expect(task.preparations == [OperatingSystemScript(code: "echo a")])
        guard case .checks(let checks) = task.goal, case .script(let check) = checks[0] else {
            Issue.record("the check is not a script")
            return
        }
        #expect(check == OperatingSystemScript(language: .python, code: "assert True"))
    }

    @Test func aBareAnswerIsScoredWhereItDecides() throws {
        let file = try Self.file(
            "tasks.json",
            "[{\"description\": \"d\", \"evaluation\": {\"match\": \"yes\"}}, {\"description\": \"d\", \"evaluation\": {\"match\": {\"regex\": \"[0-9]+ files\"}}},"
                + "{\"description\": \"d\", \"evaluation\": {\"check\": [\"true\"]}}, {\"description\": \"d\", \"evaluation\": {\"match\": {\"answer\": \"a\", \"strip\": false}}}]"
        )
        defer { Self.remove(file) }
        let suite = OperatingSystemSuite()
        let tasks = try suite.tasks(from: file.path)
        #expect(suite.score(answer: " yes\n", for: tasks[0])?.reward == 1)
        #expect(suite.score(answer: "Yes", for: tasks[0])?.reward == 0)
        #expect(suite.score(answer: nil, for: tasks[0])?.reward == 0)
        #expect(suite.score(answer: "12 files in all", for: tasks[1])?.reward == 1)
        #expect(suite.score(answer: "about 12 files", for: tasks[1])?.reward == 0)
        #expect(suite.score(answer: "yes", for: tasks[2]) == nil)
        #expect(suite.score(answer: "a ", for: tasks[3])?.reward == 0)
    }

    static func file(_ name: String, _ text: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try text.write(to: file, atomically: false, encoding: .utf8)
        return file
    }

    static func remove(_ file: URL) {
        do { try FileManager.default.removeItem(at: file.deletingLastPathComponent()) } catch { Issue.record(error) }
    }
}
