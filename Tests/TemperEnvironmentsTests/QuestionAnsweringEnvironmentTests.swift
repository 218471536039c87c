import TemperCore
import TemperEnvironments
import Testing

@Suite struct QuestionAnsweringEnvironmentTests {
    func environment() throws -> QuestionAnsweringEnvironment {
        let pages = [
            SearchPage(
                title: "Silver River", sentences: ["Silver River is a film.", "Ann Lee directed it.", "It is long.", "It won."]),
            SearchPage(title: "Ann Lee", sentences: ["Ann Lee is a director.", "Lee was born in Rome in 1931."]),
        ]
        let task = AgentTask(
            id: "t", suite: "s", split: "test", instruction: "Where was the director of Silver River born?", payload: .null)
        return QuestionAnsweringEnvironment(task: task, gold: "Rome", search: try SearchIndex(pages))
    }

    @Test("Search, lookup and finish lead to a score of 1")
    func solves() async throws {
        var environment = try environment()
        #expect(try await environment.reset() == nil)
        let shown = try await environment.step(Action("search", "Silver River"))
        #expect(shown == StepResult("Silver River: Silver River is a film. Ann Lee directed it. It is long."))
        #expect(try await environment.step(Action("lookup", "won")).observation == "(Result 1 / 1) It won.")
        #expect(try await environment.step(Action("search", "qwxz")).observation == "No page matches 'qwxz'.")
        #expect(try await environment.score().reward == 0)
        #expect(try await environment.step(Action("finish", "the rome")).isDone)
        #expect(environment.answer == "the rome")
        #expect(try await environment.score() == Score(reward: 1, metrics: ["exact_match": 1, "f1": 1]))
    }

    @Test("An unknown action is invalid and names the actions there are")
    func unknownAction() async throws {
        var environment = try environment()
        let result = try await environment.step(Action("browse", "x"))
        #expect(!result.isValid && !result.isDone)
        #expect(result.observation == "There is no action 'browse'. The actions are search[…], lookup[…], finish[…].")
    }

    @Test("After the answer nothing changes it, and a reset forgets it")
    func afterAnswer() async throws {
        var environment = try environment()
        _ = try await environment.step(Action("finish", "Paris"))
        let late = try await environment.step(Action("finish", "Rome"))
        #expect(!late.isValid && late.isDone)
        #expect(environment.answer == "Paris")
        _ = try await environment.reset()
        #expect(environment.answer == nil)
    }

    @Test("Admissible actions are the unread titles, words to look up and spans to answer")
    func admissible() async throws {
        var environment = try environment()
        let before = try #require(environment.admissibleActions).map(\.text)
        #expect(before == ["search[Silver River]", "finish[yes]", "finish[no]"])
        _ = try await environment.step(Action("search", "Silver River"))
        let after = try #require(environment.admissibleActions).map(\.text)
        #expect(after.contains("search[Ann Lee]"))
        #expect(!after.contains("search[Silver River]"))
        #expect(after.contains("lookup[born]"))
        _ = try await environment.step(Action("search", "Ann Lee"))
        let last = try #require(environment.admissibleActions).map(\.text)
        #expect(last.contains("finish[Rome]"))
        #expect(last.contains("finish[1931]"))
        #expect(last.count <= 40 && Set(last).count == last.count)
    }

    @Test("There are never more than 40 admissible actions")
    func bounded() {
        let text = (0..<300).map { "He met Anna Number\($0)x in Town\($0)." }.joined(separator: " ")
        let step = QuestionActions.Step(action: Action("search", "x"), observation: text)
        let actions = QuestionActions.admissible(question: "Where does little Anna sing?", history: [step, step])
        #expect((30...40).contains(actions.count))
        #expect(actions == QuestionActions.admissible(question: "Where does little Anna sing?", history: [step, step]))
    }
}
