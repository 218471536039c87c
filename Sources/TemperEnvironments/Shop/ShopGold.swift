import TemperCore

/// Where an episode stands, found by carrying out its actions again.
enum ShopReplay {
    static func environment(for scene: Scene, in makeShop: (AgentTask) throws -> ShopEnvironment) throws -> ShopEnvironment {
        var shop = try makeShop(scene.task)
        for action in scene.turns.compactMap(\.action) { _ = shop.act(action) }
        return shop
    }
}

/// Buys the product a goal was written for, with its options: what the data itself says is right.
struct ShopGold: Script {
    let name = "gold"
    let shop: @Sendable (AgentTask) throws -> ShopEnvironment

    func reply(in scene: Scene) async throws -> String {
        let shop = try ShopReplay.environment(for: scene, in: shop)
        return TurnText.write(thought: nil, action: action(shop), format: .shop)
    }

    private func action(_ shop: ShopEnvironment) -> Action {
        let goal = shop.goal
        switch shop.place {
        case .search, .done: return Action("search", goal.name.lowercased())
        case .results:
            if shop.shown.contains(where: { $0.asin == goal.asin }) { return Action("click", goal.asin) }
            let hasNext = shop.page.clickables.contains(ShopPage.next)
            return Action("click", hasNext ? ShopPage.next : ShopPage.backToSearch)
        case .product(let product):
            let wanted = product.options.compactMap { option in
                Self.value(of: option, wantedBy: goal).map { (name: option.name, value: $0) }
            }
            let missing = wanted.first { shop.chosen[$0.name] != $0.value }
            return Action("click", missing?.value ?? ShopPage.buyNow)
        case .detail: return Action("click", ShopPage.previous)
        }
    }

    /// The value a goal asks for, as the page writes it, or else the one most like it.
    static func value(of option: ShopProduct.Option, wantedBy goal: ShopGoal) -> String? {
        let wanted = goal.options.map { $0.lowercased() }
        if let same = option.values.first(where: wanted.contains) { return same }
        return option.values.first { value in
            wanted.contains { TokenSetRatio.of(ColourName.normalised($0), ColourName.normalised(value)) > ShopReward.threshold }
        }
    }
}
