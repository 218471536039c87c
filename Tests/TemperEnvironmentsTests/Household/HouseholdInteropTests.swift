import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

private let variables = ProcessInfo.processInfo.environment

/// Driven by `Tests/Interop/test_household.py`, which makes the games and names the interpreter.
@Suite struct HouseholdInteropTests {
    func suite(_ options: [String: String]) throws -> any Suite {
        try AlfworldSuite().configured(with: SuiteOptions(suite: "alfworld", options.mapValues { .string($0) }))
    }

    @Test(
        "The planner's walkthroughs win in the simulator, in both dialects",
        .enabled(if: variables["TEMPER_HOUSEHOLD_GAMES"] != nil))
    func goldWinsInteropGames() async throws {
        let folder = try #require(variables["TEMPER_HOUSEHOLD_GAMES"])
        for dialect in HouseholdDialect.allCases {
            let suite = try suite(["games": folder, "dialect": dialect.rawValue])
            let tasks = try suite.tasks(split: "test", limit: nil)
            var won = 0
            for task in tasks where try await play(suite, scripted(suite, "gold"), task).score.reward == 1 { won += 1 }
            print("household: gold wins \(won) of \(tasks.count) in \(dialect.rawValue)")
            #expect(won == tasks.count && won >= 60)
        }
    }

    @Test(
        "The bridge and the simulator give the same observations and commands under random play",
        .enabled(if: variables["TEMPER_HOUSEHOLD_GAMES"] != nil && variables["TEMPER_HOUSEHOLD_PYTHON"] != nil))
    func bridgeMatchesSimulator() async throws {
        let folder = try #require(variables["TEMPER_HOUSEHOLD_GAMES"])
        let python = try #require(variables["TEMPER_HOUSEHOLD_PYTHON"])
        let bridged = try suite(["games": folder, "python": python, "engine": "python"])
        var steps = 0
        for task in try bridged.tasks(split: "test", limit: 60).enumerated().filter({ $0.offset % 6 == $0.offset / 10 }).map(
            \.element)
        {
            let path = try #require(task.payload["game"]?.string)
            let dialect = try HouseholdGameFile(path: path).dialect
            let simulated = try suite(["games": folder, "dialect": dialect.rawValue])
            var (left, right) = (try bridged.makeEnvironment(for: task), try simulated.makeEnvironment(for: task))
            #expect(try await left.reset() == right.reset())
            var random = RandomSource(seed: 1, task.id)
            for _ in 0..<25 {
                let actions = try #require(left.admissibleActions)
                #expect(actions == right.admissibleActions)
                let action = random.chance(0.1) ? Action("act", "fly") : random.pick(actions)
                let answer = try await left.step(action)
                #expect(try await right.step(action) == answer)
                steps += 1
                if answer.isDone { break }
            }
            #expect(try await left.score() == right.score())
            await left.close()
        }
        print("household: bridge and simulator agree on \(steps) steps")
        #expect(steps >= 200)
    }

    @Test("The bridge plays a game of TextWorld to its end", .enabled(if: variables["TEMPER_TEXTWORLD_GAME"] != nil))
    func bridgePlaysTextWorld() async throws {
        let game = try #require(variables["TEMPER_TEXTWORLD_GAME"])
        let suite = try suite(["python": #require(variables["TEMPER_HOUSEHOLD_PYTHON"])])
        let task = try #require(try suite.tasks(from: game).first)
        #expect(task.instruction != "Play the game to its end." && task.tags["kind"] == "textworld")
        let walkthrough = URL(fileURLWithPath: game).deletingLastPathComponent().appendingPathComponent("walkthrough.txt")
        var environment = try suite.makeEnvironment(for: task)
        #expect(try await environment.reset()?.isEmpty == false)
        var isDone = false
        for command in try String(contentsOf: walkthrough, encoding: .utf8).split(separator: "\n") {
            #expect(!isDone && environment.admissibleActions?.isEmpty == false)
            isDone = try await environment.step(Action("act", String(command))).isDone
        }
        #expect(isDone)
        #expect(try await environment.score().reward == 1)
        await environment.close()
    }
}
