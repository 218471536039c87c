import TemperCore

extension PocketShopSuite {
    /// How many steps a second the environment does on one thread: the expert's actions on training tasks, without the time the
    /// expert takes.
    ///
    /// - Parameters:
    ///   - episodes: how many tasks are played.
    ///   - rounds: how often their actions are carried out.
    package func stepsPerSecond(episodes: Int = 200, rounds: Int = 20) async throws -> Double {
        let expert = PocketShopExpert()
        var plays: [(shop: ShopEnvironment, actions: [Action])] = []
        for task in try tasks(split: "train", limit: episodes) {
            let key = EpisodeKey(group: "bench", suite: id, task: task.id, method: .react)
            var turns: [Turn] = []
            while turns.count < maximumTurns {
                let scene = Scene(key: key, task: task, turns: turns, seed: 0)
                let text = try await expert.reply(in: scene)
                let action = TurnText.read(text, method: .react, format: .shop).action
                turns.append(Turn(index: turns.count, reply: [Span(text, by: .teacher)], action: action))
                if action == Action("click", ShopPage.buyNow.lowercased()) { break }
            }
            plays.append((try Self.shop(for: task), turns.compactMap(\.action)))
        }
        var steps = 0
        let start = ContinuousClock.now
        for _ in 0..<rounds {
            for play in plays {
                var shop = play.shop
                for action in play.actions { _ = try await shop.step(action) }
                steps += play.actions.count
            }
        }
        return Double(steps) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
