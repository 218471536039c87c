import TemperCore
import TemperEnvironments
import Testing

@Suite struct HotpotQASuiteTests {
    let suite = HotpotQASuite()

    @Test("The real splits have their sizes, ids in order and answers")
    func splitsRealData() throws {
        guard realData("hotpotqa/easy.jsonl") != nil, realData("hotpotqa/dev.json") != nil else { return }
        for (split, count) in [("easy", 100), ("medium", 100), ("test", 200), ("dev", 7_405), ("dev-500", 500)] {
            let tasks = try suite.tasks(split: split, limit: nil)
            #expect(tasks.count == count, "\(split)")
            #expect(tasks.map(\.id) == tasks.map(\.id).sorted(), "\(split)")
            #expect(Set(tasks.map(\.id)).count == count)
            #expect(tasks.allSatisfy { $0.referenceAnswer?.isEmpty == false && $0.suite == "hotpotqa" })
        }
        #expect(try suite.tasks(split: "test", limit: 3).map(\.id) == ["easy-000", "easy-001", "easy-002"])
        #expect(try suite.tasks(split: "dev-500", limit: nil).contains { $0.id == "dev-06238" })
    }

    @Test("Supporting pages of real questions are found by their titles, and answering with the gold scores 1")
    func realEpisodesRealData() async throws {
        guard realData("hotpotqa/medium.jsonl") != nil else { return }
        for task in try suite.tasks(split: "test", limit: nil) {
            var environment = try suite.makeEnvironment(for: task)
            let title = try #require(task.payload["paragraphs"]?.array?.first?.array?.first?.string)
            let shown = try await environment.step(Action("search", title))
            #expect(shown.observation.hasPrefix(title + ":"), "\(task.id)")
            _ = try await environment.step(Action("finish", task.referenceAnswer ?? ""))
            #expect(try await environment.score().reward == 1, "\(task.id)")
        }
    }

    @Test("The controls play real questions to a score below 0.4")
    func controlsRealData() async throws {
        guard realData("hotpotqa/easy.jsonl") != nil else { return }
        let tasks = try suite.tasks(split: "test", limit: nil)
        for name in ["random", "search-once"] {
            var total = 0.0
            for task in tasks { total += try await play(suite, scripted(suite, name), task).score.reward }
            #expect(total / Double(tasks.count) < 0.4, "\(name)")
        }
    }

    @Test("A development question searches FireAct's recorded results")
    func recordedRealData() async throws {
        guard realData("hotpotqa/dev.json") != nil, realData("fireact/search-cache.json") != nil else { return }
        let task = try #require(try suite.tasks(split: "dev", limit: 1).first)
        var environment = try suite.makeEnvironment(for: task)
        let shown = try await environment.step(Action("search", "Malcolm Smith Most Valuable Player"))
        #expect(shown.observation.hasPrefix("Smith was named the Most Valuable Player of Super Bowl XLVIII"))
    }

    @Test("A task without an answer is refused")
    func noAnswer() {
        let task = AgentTask(id: "x", suite: "hotpotqa", split: "easy", instruction: "?", payload: .object([:]))
        let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
        #expect(error?.code == .data)
    }
}
