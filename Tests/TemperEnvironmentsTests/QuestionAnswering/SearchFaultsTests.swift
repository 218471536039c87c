import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct SearchFaultsTests {
    @Test("Faults come at the stated rates, the same for the same seed, task and turn")
    func rates() {
        let faults = SearchFaults(none: 0.3, other: 0.2, seed: 5)
        var counts = ["none": 0, "other": 0, "fine": 0]
        for task in 0..<500 {
            for turn in 0..<8 {
                let fault = faults.fault(task: "t\(task)", turn: turn)
                #expect(fault == faults.fault(task: "t\(task)", turn: turn))
                switch fault {
                case nil: counts["fine", default: 0] += 1
                case .nothing: counts["none", default: 0] += 1
                case .another(let draw):
                    #expect((0..<1).contains(draw))
                    counts["other", default: 0] += 1
                }
            }
        }
        #expect((1100...1300).contains(counts["none"] ?? 0) && (700...900).contains(counts["other"] ?? 0), "\(counts)")
        #expect(
            (0..<64).contains {
                faults.fault(task: "t", turn: $0) != SearchFaults(none: 0.3, other: 0.2).fault(task: "t", turn: $0)
            })
    }

    @Test("The rates stand in the task's tags, also when they are odd")
    func tags() {
        let task = AgentTask(id: "t", suite: "s", split: "test", instruction: "?", payload: .null)
        #expect(SearchFaults().marked(task) == task)
        let faults = SearchFaults(none: 0.25, other: 0.5, seed: 9)
        #expect(faults.marked(task).tags == ["fault_none": "0.25", "fault_other": "0.5", "fault_seed": "9"])
        #expect(SearchFaults(of: faults.marked(task)) == faults)
        var odd = task
        odd.tags = ["fault_none": "7", "fault_other": "0.5"]
        #expect(SearchFaults(of: odd) == SearchFaults(none: 1, other: 0))
        odd.tags = ["fault_none": "nan", "fault_other": "-inf", "fault_seed": "-1"]
        #expect(SearchFaults(of: odd) == SearchFaults())
    }

    private func environment(_ faults: SearchFaults) throws -> QuestionAnsweringEnvironment {
        let task = AgentTask(id: "t", suite: "s", split: "test", instruction: "?", payload: .null)
        let pages = (0..<6).map { SearchPage(title: "Page \($0)", sentences: ["Text \($0)."]) }
        return QuestionAnsweringEnvironment(task: faults.marked(task), gold: "x", search: try SearchIndex(pages))
    }

    @Test("A search that gives nothing on purpose reads None and closes the page")
    func nothing() async throws {
        var environment = try environment(SearchFaults(none: 1))
        #expect(try await environment.step(Action("search", "Page 1")).observation == "None")
        #expect(try await environment.step(Action("lookup", "text")).observation == "No page is open. Search first.")
        #expect(try await environment.score().metrics["faulty_searches"] == 1)
    }

    @Test("A search that shows another query's result opens a page that was not asked for")
    func another() async throws {
        var environment = try environment(SearchFaults(other: 1))
        var shown: Set<String> = []
        for _ in 0..<30 {
            let observation = try await environment.step(Action("search", "page 1")).observation
            #expect(observation.hasPrefix("Page ") && !observation.hasPrefix("Page 1"))
            shown.insert(observation)
        }
        #expect(shown.count >= 4)
        #expect(try await environment.step(Action("lookup", "text")).observation.hasPrefix("(Result 1 / 1)"))
    }

    @Test("Half of the searches fail, a replay meets the same, and without faults no such figure is reported")
    func replay() async throws {
        var seen: [[String]] = []
        for _ in 0..<2 {
            var environment = try environment(SearchFaults(none: 0.5))
            var observations: [String] = []
            for _ in 0..<40 { observations.append(try await environment.step(Action("search", "Page 2")).observation) }
            let share = try #require(try await environment.score().metrics["faulty_searches"])
            #expect(share == Double(observations.filter { $0 == "None" }.count) / 40 && (0.25...0.75).contains(share))
            seen.append(observations)
        }
        #expect(seen[0] == seen[1])
        var plain = try environment(SearchFaults())
        #expect(try await plain.score().metrics["faulty_searches"] == nil)
    }

    @Test("A back end that knows no other results says so")
    func noPool() async throws {
        let task = SearchFaults(other: 1).marked(AgentTask(id: "t", suite: "s", split: "test", instruction: "?", payload: .null))
        var environment = QuestionAnsweringEnvironment(task: task, gold: "x", search: WikipediaSearch())
        let error = await #expect(throws: TemperError.self) { try await environment.step(Action("search", "x")) }
        #expect(error?.boundary == .environment)
    }
}
