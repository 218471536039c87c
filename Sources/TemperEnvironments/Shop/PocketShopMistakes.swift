import TemperCore

/// What an expert of the pocket shop does wrong when asked to (``ImperfectExpert``).
enum PocketShopMistakes {
    /// A search that says too little, a product that does not fit, a page that tells nothing.
    @Sendable static func turn(_ scene: Scene, _ random: inout RandomSource) -> String? {
        guard let view = view(scene) else { return nil }
        switch view.shop.place {
        case .search:
            return write(
                "I search for \(PocketShopWords.article(view.kind)) \(view.kind).", Action("search", view.kind))
        case .results: return open(view, &random)
        case .product:
            let page = random.pick([ShopPage.Detail.description, .reviews])
            return write("I read the \(page.rawValue.lowercased()).", Action("click", page.rawValue.lowercased()))
        case .detail, .done: return nil
        }
    }

    /// Opens what does not fit, or buys before everything is chosen.
    @Sendable static func ending(_ scene: Scene, _ random: inout RandomSource) -> String? {
        guard let view = view(scene) else { return nil }
        switch view.shop.place {
        case .results: return open(view, &random)
        case .product: return write("This will do. I buy it.", Action("click", ShopPage.buyNow.lowercased()))
        case .search, .detail, .done: return nil
        }
    }

    private static func open(_ view: PocketShopView, _ random: inout RandomSource) -> String? {
        let wrong = view.shop.shown.filter { view.fault($0) != nil }
        guard !wrong.isEmpty else { return nil }
        let product = random.pick(wrong)
        return write("\(product.asin) looks good.", Action("click", product.asin))
    }

    private static func write(_ thought: String, _ action: Action) -> String {
        TurnText.write(thought: thought, action: action, format: .shop)
    }

    /// Nil for a task that is not one of the pocket shop's; the expert then throws an error about it.
    private static func view(_ scene: Scene) -> PocketShopView? {
        do {
            return try PocketShopView(scene)
        } catch {
            return nil
        }
    }
}
