import TemperCore

/// WebShop's rule: searches the whole instruction, opens the first result and buys it (Yao et al. 2022, section 4). What search
/// without an agent gets.
struct FirstResultPolicy: Script {
    let name = "first-result"
    let shop: @Sendable (AgentTask) throws -> ShopEnvironment

    func reply(in scene: Scene) async throws -> String {
        let shop = try ShopReplay.environment(for: scene, in: shop)
        let action =
            switch shop.place {
            case .search, .done: Action("search", scene.task.instruction)
            case .results: Action("click", shop.shown.first?.asin ?? ShopPage.backToSearch)
            case .product: Action("click", ShopPage.buyNow)
            case .detail: Action("click", ShopPage.previous)
            }
        return TurnText.write(thought: nil, action: action, format: .shop)
    }
}
