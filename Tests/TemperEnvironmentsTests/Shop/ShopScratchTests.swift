import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct ShopScratchTests {
    @Test func look() async throws {
        let suite = PocketShopSuite()
        let clock = ContinuousClock()
        print(clock.measure { _ = PocketShopCatalogue(.train) })
        for task in try suite.tasks(split: "train", limit: 6) {
            let played = try await play(suite, scripted(suite, "expert"), task)
            print("=====", task.id, task.tags, task.instruction)
            print(played.opening ?? "-")
            for turn in played.turns { print(turn.replyText); print("-->", turn.observation ?? "done") }
            print(played.score)
        }
    }
}
