import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment
import Testing

@Suite struct AttackTrialTests {
    @Test func everySuiteHasCheatsWithNamesOfTheirOwnAndAWayToGuess() {
        for suite in SuiteRegistry.all {
            let names = suite.cheats.map(\.name)
            #expect(names.count >= 2 && Set(names).count == names.count, "\(suite.id)")
            #expect(suite.scriptedPolicyNames.contains("random"), "\(suite.id)")
            #expect(suite.cheats.allSatisfy { !$0.summary.isEmpty })
        }
    }

    @Test func chanceIsMeasuredAndRewardsAreThoseOfTheTasks() async throws {
        let suite = PocketStrategyQASuite()
        let tasks = try suite.tasks(split: "test", limit: 40)
        let result = try await AttackTrial.run(suite, limit: 40)
        #expect(result.suite == suite.id && result.split == "test" && result.tasks == 40)
        // Half of the questions are answered with yes; guessing lies about there, whatever the suite declares.
        #expect(abs(result.chance - 0.5) < 0.2 && result.standardError > 0)
        for word in ["yes", "no"] {
            let share = tasks.reduce(0) { $0 + (suite.score(answer: word, for: $1)?.reward ?? 0) } / 40
            #expect(result.rows.first { $0.cheat == "answer \(word)" }?.reward == share)
        }
        for name in ["empty", "blank", "look-alike characters"] {
            #expect(result.rows.first { $0.cheat == name }?.reward == 0, "\(name)")
        }
        #expect(result.rows.allSatisfy { $0.errors == 0 })
        #expect(try await AttackTrial.run(suite, limit: 40) == result)
    }
}
