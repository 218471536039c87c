import TemperCore

/// What a buyer in the pocket shop has seen so far, read from the pages alone.
struct PocketShopView {
    /// Why a product is out of the question.
    enum Fault: Sendable, Hashable {
        case dear, otherKind
        /// The title names another second attribute.
        case titleExtra
        /// Seen on its own page: it does not come in the colour.
        case colour
        /// Seen on its page of features: it lacks the second attribute.
        case featuresExtra
    }

    let shop: ShopEnvironment
    /// What opened pages told.
    private var seen: [String: Fault] = [:]
    private var checked: Set<String> = []

    var goal: ShopGoal { shop.goal }
    var adjective: String { goal.attributes[0] }
    var kind: String { goal.query }
    var extra: String? { goal.attributes.dropFirst().first }
    var query: String { "\(adjective) \(kind)" }
    /// Whether what was found comes from the right query.
    private(set) var isRightSearch = false

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    init(_ scene: Scene) throws {
        var shop = try PocketShopSuite.shop(for: scene.task)
        guard !shop.goal.attributes.isEmpty, !shop.goal.options.isEmpty else {
            throw TemperError(
                .data, "the task '\(scene.task.id)' is not a goal of the pocket shop", place: scene.task.suite, boundary: .data)
        }
        for action in scene.turns.compactMap(\.action) {
            _ = shop.act(action)
            if action.name == "search" { isRightSearch = action.argument == "\(shop.goal.attributes[0]) \(shop.goal.query)" }
            switch shop.place {
            case .product(let product):
                if product.options.first?.values.contains(shop.goal.options[0]) != true { seen[product.asin] = .colour }
            case .detail(.features, let product):
                checked.insert(product.asin)
                if let extra = shop.goal.attributes.dropFirst().first, !product.bulletPoints.contains(extra) {
                    seen[product.asin] = .featuresExtra
                }
            default: break
            }
        }
        self.shop = shop
    }

    /// What speaks against a product, from its line on the page of results and what was opened; nil when nothing does.
    func fault(_ product: ShopProduct) -> Fault? {
        let title = product.title.lowercased()
        if !title.contains(" \(query)") { return .otherKind }
        if product.price > goal.priceUpper { return .dear }
        if let extra, title.contains(" with "), !title.hasSuffix(extra) { return .titleExtra }
        return seen[product.asin]
    }

    /// Whether only the page of features can tell if a product has the second attribute. When all others are out, it must be
    /// this one.
    func mustCheck(_ product: ShopProduct) -> Bool {
        guard extra != nil, !product.title.contains(" with "), !checked.contains(product.asin) else { return false }
        return shop.found.prefix(2 * ShopPageStyle.short.resultsPerPage).filter { fault($0) == nil }.count > 1
    }

    /// The first option that is not chosen as the goal wants it.
    func missingOption(_ product: ShopProduct) -> (name: String, value: String)? {
        for (option, value) in zip(product.options, goal.options) where shop.chosen[option.name] != value {
            return (option.name, value)
        }
        return nil
    }
}
