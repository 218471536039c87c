import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct HouseholdEnvironmentTests {
    @Test("Commands are read without regard to case and outer space; arrivals at numbered places are left out; the goal ends it")
    func episode() async throws {
        var environment = HouseholdEnvironment(try kitchenWorld(goal: HouseholdKind.place.goal(object: "Apple", target: "Shelf")))
        let opening = try await environment.reset()
        #expect(opening?.hasPrefix("You are in the middle of a room.") == true)
        let arrival = try await environment.step(Action("act", " Go to DESK 1\n"))
        #expect(arrival == StepResult("On the desk 1, you see a apple 1, a desklamp 1, a knife 1, and a statue 1."))
        #expect(try await environment.step(Action("act", "fly")) == StepResult("Nothing happens.", isValid: false))
        let odd = try await environment.step(Action("search", "apple"))
        #expect(odd == StepResult("There is no action 'search'. The one action is act[command].", isValid: false))
        #expect(environment.admissibleActions?.contains(Action("act", "take apple 1 from desk 1")) == true)
        _ = try await environment.step(Action("act", "take apple 1 from desk 1"))
        #expect(try await environment.score() == Score(reward: 0, metrics: ["success": 0]))
        let last = try await environment.step(Action("act", "put apple 1 in/on shelf 2"))
        #expect(last == StepResult("You put the apple 1 in/on the shelf 2.", isDone: true))
        #expect(try await environment.score() == Score(reward: 1, metrics: ["success": 1]))
        #expect(environment.answer == nil)

        #expect(try await environment.reset() == opening)
        #expect(try await environment.score().reward == 0)
    }

    @Test("A very long or odd command does nothing")
    func odd() async throws {
        var environment = HouseholdEnvironment(try kitchenWorld())
        _ = try await environment.reset()
        for command in [String(repeating: "go to ", count: 100_000), "go to d\u{301}esk 1", "\0", "go to desk 1\u{200B}"] {
            #expect(try await environment.step(Action("act", command)).isValid == false)
        }
    }
}
