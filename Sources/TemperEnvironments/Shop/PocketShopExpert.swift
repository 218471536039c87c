import TemperCore

/// Solves `pocket/shop` with thoughts: searches for adjective and kind, goes through the results in order, opens the first that
/// nothing speaks against, checks what only its pages tell, chooses the options and buys.
///
/// It compares what the pages show with the instruction; which product the goal was written for it does not look at. What it
/// writes depends on the task, the turns so far and the scene's seed alone.
struct PocketShopExpert: Script {
    let name = "expert"

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    func reply(in scene: Scene) async throws -> String {
        let view = try PocketShopView(scene)
        let random = RandomSource(seed: scene.seed, "pocket-shop-expert", String(scene.turns.count))
        var thoughts = PocketShopThoughts(view: view, random: random)
        let (thought, action) = Self.next(view, &thoughts)
        return TurnText.write(thought: thought, action: action, format: .shop)
    }

    private static func next(_ view: PocketShopView, _ thoughts: inout PocketShopThoughts) -> (String, Action) {
        switch view.shop.place {
        case .search, .done: return (thoughts.say(.start), Action("search", view.query))
        case .results: return results(view, &thoughts)
        case .product(let product):
            if let fault = view.fault(product) { return (thoughts.leave(fault), click(ShopPage.previous)) }
            if view.mustCheck(product) { return (thoughts.say(.check), click(ShopPage.Detail.features.rawValue)) }
            if let option = view.missingOption(product) {
                return (thoughts.say(option.name == "size" ? .size : .colour), Action("click", option.value))
            }
            return (thoughts.say(.buy), click(ShopPage.buyNow))
        case .detail(let detail, let product):
            guard detail == .features, let extra = view.extra else { return (thoughts.say(.useless), click(ShopPage.previous)) }
            let has = product.bulletPoints.contains(extra)
            return (thoughts.say(has ? .featuresTell : .featuresLack), click(ShopPage.previous))
        }
    }

    /// The products of the page in order, up to the first that will do.
    private static func results(_ view: PocketShopView, _ thoughts: inout PocketShopThoughts) -> (String, Action) {
        var parts: [String] = []
        for product in view.shop.shown {
            guard let fault = view.fault(product) else {
                parts.append(thoughts.pick(product))
                return (parts.joined(separator: " "), Action("click", product.asin))
            }
            parts.append(thoughts.skip(product, fault))
        }
        let hasNext = view.shop.page.clickables.contains(ShopPage.next)
        if !view.isRightSearch || !hasNext { return (thoughts.say(.searchAgain), click(ShopPage.backToSearch)) }
        return ((parts + [thoughts.say(.nextPage)]).joined(separator: " "), click(ShopPage.next))
    }

    private static func click(_ label: String) -> Action { Action("click", label.lowercased()) }
}
