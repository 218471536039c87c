import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct HouseholdSpeedTests {
    /// A figure, not a check: machines differ. Optimised it passes 50,000 by far.
    @Test("The speed of the environment is printed: the steps of recorded games, with and without the list of commands")
    func speed() async throws {
        let record = try HouseholdRecord(HouseholdRecord.goldenFile)
        for listing in [false, true] {
            var steps = 0
            let clock = ContinuousClock()
            var time = Duration.zero
            for game in record.games {
                let file = try record.gameFile(game)
                let world = try HouseholdWorld(file.problem(), dialect: file.dialect, named: game.name)
                var environment: any Environment = HouseholdEnvironment(world)
                let actions = game.steps.map { Action("act", $0.action) }
                let start = clock.now
                for _ in 0..<3 {
                    _ = try await environment.reset()
                    for action in actions {
                        _ = try await environment.step(action)
                        if listing { _ = environment.admissibleActions }
                    }
                    steps += actions.count
                }
                time += start.duration(to: clock.now)
            }
            let rate = Int(Double(steps) / (time / .seconds(1)))
            print("household: \(rate) steps/s\(listing ? " with the list of admissible commands" : "")")
            #expect(steps > 500)
        }
    }
}
