/// WebShop's reward (Yao et al. 2022, section 3.1; `goal.py` of the released code): how well a purchase meets a goal.
///
/// total = type × (matched attributes + matched options + price met) / (attributes + options + 1), at most 1. The released code
/// counts each chosen option that matches, so options nobody asked for can lift its total above 1.
package struct ShopReward: Sendable, Hashable {
    /// 1, 0.5, 0.1 or 0: whether it is the right kind of thing.
    package var type: Double
    package var matchedAttributes: Int
    package var matchedOptions: Int
    package var isPriceMet: Bool
    /// 0…1.
    package var total: Double

    /// A token-set ratio above this is a match.
    static let threshold = 85
    /// Options of this name must be chosen exactly.
    static let exactOption = "size"

    /// - Parameters:
    ///   - options: what was chosen, by name.
    ///   - price: US dollars.
    package init(buying product: ShopProduct, options: [String: String], price: Double, for goal: ShopGoal) {
        let texts = [product.title, product.bulletPoints.joined(separator: " "), product.description].map { $0.lowercased() }
        let isMentioned = { (value: String) in texts.contains { $0.contains(bytes: value) } }
        type = Self.type(of: product, for: goal)
        matchedAttributes =
            goal.attributes.filter { wanted in
                product.attributes.contains { TokenSetRatio.of($0, wanted) > Self.threshold } || isMentioned(wanted)
            }.count
        let wanted = goal.options.map(ColourName.normalised)
        matchedOptions =
            options.filter { name, value in
                let value = ColourName.normalised(value)
                if name.lowercased() == Self.exactOption { return wanted.contains(value) || isMentioned(value) }
                return wanted.contains { TokenSetRatio.of($0, value) > Self.threshold } || isMentioned(value)
            }.count
        isPriceMet = price <= goal.priceUpper
        let matched = Double(matchedAttributes + matchedOptions + (isPriceMet ? 1 : 0))
        total = min(1, type * matched / Double(goal.attributes.count + goal.options.count + 1))
    }

    /// How far two products are of one kind, from their titles' nouns (``TitleNouns``), queries and categories.
    static func type(of product: ShopProduct, for goal: ShopGoal) -> Double {
        let wanted = TitleNouns.words(goal.name)
        let shared = Set(wanted).intersection(TitleNouns.words(product.title)).count
        let score = wanted.isEmpty ? 0.2 : Double(shared) / Double(wanted.count)
        if score == 0 { return 0 }
        if score < 0.1 { return 0.1 }
        let sharesCategories = categories(product.productCategory).intersection(categories(goal.productCategory)).count >= 2
        return product.query == goal.query || sharesCategories || score > 0.2 ? 1 : 0.5
    }

    private static func categories(_ path: String) -> Set<String> {
        Set(
            path.split(separator: "›", omittingEmptySubsequences: false).map { part in
                String(part.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
            })
    }
}
