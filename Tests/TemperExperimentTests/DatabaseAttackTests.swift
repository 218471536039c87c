import TemperCore
import TemperEnvironments
import Testing

@testable import TemperExperiment

/// What looks at no question earns no more than guessing does.
@Suite struct DatabaseAttackTests {
    @Test("No cheat on generated tables scores above measured chance and 0.05")
    func pocket() async throws { try await attack("pocket/database", limit: 60) }

    @Test("Nor on AgentBench's tables", .enabled(if: DataFolder.locate() != nil, "no data folder"))
    func agentBench() async throws { try await attack("db", limit: nil) }

    private func attack(_ id: String, limit: Int?) async throws {
        let suite = try SuiteRegistry.suite(id)
        #expect((suite as? any AttackedSuite)?.ownCheats.count ?? 0 >= 10)
        let result = try await AttackTrial.run(suite, limit: limit, guesses: 2)
        let worst = result.rows.max { $0.reward < $1.reward }
        print("\(id): chance \(result.chance), best cheat \(worst?.cheat ?? "") \(worst?.reward ?? 0), of \(result.rows.count)")
        for row in result.rows {
            #expect(row.reward <= result.chance + 0.05, "\(row.cheat): \(row.reward), chance \(result.chance)")
        }
    }
}
