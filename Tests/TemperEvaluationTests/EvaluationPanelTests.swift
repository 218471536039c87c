import Foundation
import TemperCore
import TemperEvaluation
import Testing

@Suite("Frozen panels")
struct EvaluationPanelTests {
    private static let prompt = SuitePrompt(
        instruction: "Answer.", demonstrations: [[Message(.user, "2 + 2?", by: .demonstration)]])

    private func task(_ id: String, _ instruction: String = "Who?", answer: String = "Ada") -> AgentTask {
        AgentTask(
            id: id, suite: "hotpotqa", split: "test", instruction: instruction,
            payload: .object(["answer": .string(answer), "b": .number(0.1), "a": .array([.null, .bool(true)])]),
            tags: ["shape": "bridge", "held_out": "false"])
    }

    private func panel(
        _ tasks: [AgentTask], method: Method = .react, prompt: SuitePrompt = Self.prompt, version: String = "1",
        options: [String: JSONValue] = [:]
    ) throws -> EvaluationPanel {
        try EvaluationPanel(
            suite: "hotpotqa", split: "test", method: method, tasks: tasks, prompt: prompt, environmentVersion: version,
            options: options)
    }

    @Test("The hash does not depend on the order of tasks, and lists them by the bytes of their ids") func order() throws {
        let tasks = ["b", "a", "B", "é", "e\u{301}", "10", "9"].map { task($0) }
        let panel = try panel(tasks)
        for seed in 0..<5 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            #expect(try self.panel(tasks.shuffled(using: &random)) == panel)
        }
        #expect(panel.tasks.map(\.id) == ["10", "9", "B", "a", "b", "e\u{301}", "é"])
        #expect(panel.n == 7 && panel.name == "hotpotqa:test react")
    }

    /// By Python's hashlib from the texts written out by hand.
    @Test("The hash is the same on every machine") func value() throws {
        let panel = try panel([task("1"), task("2")])
        #expect(panel.tasksHash == "20fc3a1f97d847aa16412698d0a35413b53a863a40265b5a6b812f5eb845b915")
        #expect(panel.hash == "a9be2918e3b1578157957dc2c8c60f4e7306623feff56a2349dcd3f43ba32587")
    }

    @Test("Whatever a score depends on changes the hash") func changes() throws {
        let tasks = [task("1"), task("2")]
        let panel = try panel(tasks)
        let others = [
            try self.panel([task("1")]), try self.panel([task("1"), task("3")]),
            try self.panel([task("1"), task("2", "Where?")]),
            try self.panel([task("1"), task("2", answer: "Bo")]), try self.panel(tasks, method: .cot),
            try self.panel(tasks, prompt: SuitePrompt(instruction: "Answer", demonstrations: Self.prompt.demonstrations)),
            try self.panel(tasks, prompt: SuitePrompt(instruction: "Answer.", demonstrations: [])),
            try self.panel(tasks, version: "2"), try self.panel(tasks, options: ["noise": .number(0.5)]),
        ]
        #expect(Set(others.map(\.hash) + [panel.hash]).count == others.count + 1)
        // Of the tasks alone only the first four tell.
        #expect(Set(others.prefix(4).map(\.tasksHash) + [panel.tasksHash]).count == 5)
        #expect(others.dropFirst(4).allSatisfy { $0.tasksHash == panel.tasksHash })
        #expect(try EvaluationPanel.tasksHash(tasks.reversed()) == panel.tasksHash)
    }

    @Test("Values that could run together have texts apart") func canonical() throws {
        let one = try panel([task("1", "a,b"), task("2")])
        let other = try panel([task("1", "a", answer: "b"), task("2")])
        #expect(one.tasksHash != other.tasksHash)
        #expect(one.tasks[0].hash != other.tasks[0].hash && one.tasks[1] == other.tasks[1])
    }

    @Test("Two tasks with one id are an error that names it") func twice() {
        let error = #expect(throws: TemperError.self) { try self.panel([self.task("1"), self.task("1", "Where?")]) }
        #expect(error?.code == .data && error?.message == "two tasks of suite 'hotpotqa' have the id '1'")
    }

    @Test("A panel comes back from JSON as it was, and without its tasks keeps their hash") func json() throws {
        let panel = try panel([task("1"), task("2")], options: ["noise": .number(0.5)])
        let data = try JSONEncoder.stable().encode(panel)
        #expect(try JSONDecoder().decode(EvaluationPanel.self, from: data) == panel)
        #expect(panel.withoutTasks.tasks.isEmpty && panel.withoutTasks.hash == panel.hash && panel.withoutTasks.n == 2)
    }
}
