package import TemperCore

/// A web shop (WebShop, Yao et al. 2022, in AgentBench's text form): `search[keywords]`, `click[value]`.
///
/// A click on something the page does not show, an empty search or another action is invalid and leaves the page as it is, as
/// in the released code. A search is carried out from any page, as there. Letter case does not matter.
package struct ShopEnvironment: Environment {
    /// Where the buyer is.
    enum Place: Sendable, Hashable {
        case search
        /// A 1-based page of results.
        case results(Int)
        case product(ShopProduct)
        case detail(ShopPage.Detail, ShopProduct)
        case done(ShopProduct)
    }

    package let goal: ShopGoal
    private let catalogue: ShopCatalogue
    private let style: ShopPageStyle
    private(set) var place = Place.search
    private(set) var found: [ShopProduct] = []
    /// What is chosen of the open product's options, by name.
    private(set) var chosen: [String: String] = [:]
    /// The page of results to go back to.
    private var resultsPage = 1

    package init(goal: ShopGoal, catalogue: ShopCatalogue, style: ShopPageStyle = .agentBench) {
        self.goal = goal
        self.catalogue = catalogue
        self.style = style
    }

    package mutating func reset() async throws -> String? {
        self = ShopEnvironment(goal: goal, catalogue: catalogue, style: style)
        return TurnText.write(observation: page.text(style), format: .shop)
    }

    package mutating func step(_ action: Action) async throws -> StepResult { act(action) }

    /// Carries out an action: nothing here waits or fails.
    mutating func act(_ action: Action) -> StepResult {
        if case .done = place { return StepResult("The shop is closed: something was bought.", isDone: true, isValid: false) }
        let argument = action.argument.lowercased()
        let isValid =
            switch action.name {
            case "search": search(argument)
            case "click": click(argument)
            default: false
            }
        if case .done = place { return StepResult("Thank you for shopping with us!", isDone: true) }
        return StepResult(page.text(style), isValid: isValid)
    }

    /// Reward and its parts; all 0 when nothing was bought.
    package mutating func score() async throws -> Score {
        guard case .done(let product) = place else {
            return Score(
                reward: 0,
                metrics: ["reward": 0, "success": 0, "bought": 0, "type": 0, "attributes": 0, "options": 0, "price": 0])
        }
        let reward = ShopReward(buying: product, options: chosen, price: product.price, for: goal)
        let share = { (matched: Int, wanted: Int) in wanted == 0 ? 1 : min(1, Double(matched) / Double(wanted)) }
        return Score(
            reward: reward.total,
            metrics: [
                "reward": reward.total, "success": reward.total == 1 ? 1 : 0, "bought": 1, "type": reward.type,
                "attributes": share(reward.matchedAttributes, goal.attributes.count),
                "options": share(reward.matchedOptions, goal.options.count), "price": reward.isPriceMet ? 1 : 0,
            ])
    }

    /// What was bought: `B0417 (color: red, size: small)`.
    package var answer: String? {
        guard case .done(let product) = place else { return nil }
        let options = chosen.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        return options.isEmpty ? product.asin : "\(product.asin) (\(options))"
    }

    /// Every click the page offers; on a page with a search bar a search for the whole instruction and for each of its words.
    package var admissibleActions: [Action]? {
        if case .done = place { return [] }
        let page = page
        if page.hasSearchBar {
            var seen: Set<String> = []
            let words = KeywordIndex.words(goal.instruction).filter { seen.insert($0).inserted }
            return ([goal.instruction.lowercased()] + words).map { Action("search", $0) }
        }
        return page.clickables.map { Action("click", $0.lowercased()) }
    }

    /// What is shown now.
    var page: ShopPage {
        switch place {
        case .search: .search(instruction: goal.instruction, style)
        case .results(let number): .results(found, number: number, instruction: goal.instruction, style)
        case .product(let product): .product(product, chosen: chosen, instruction: goal.instruction, style)
        case .detail(let detail, let product): .detail(detail, of: product, instruction: goal.instruction, style)
        case .done: ShopPage()
        }
    }

    /// The products on the open page of results.
    var shown: ArraySlice<ShopProduct> {
        guard case .results(let number) = place else { return [] }
        return found.dropFirst((number - 1) * style.resultsPerPage).prefix(style.resultsPerPage)
    }

    private mutating func search(_ query: String) -> Bool {
        guard query.contains(where: { !$0.isWhitespace }) else { return false }
        found = catalogue.search(query, limit: style.maximumResults)
        showResults(1)
        return true
    }

    /// Opening a page of results forgets the choices, as in the released code.
    private mutating func showResults(_ number: Int) {
        place = .results(number)
        resultsPage = number
        chosen = [:]
    }

    private mutating func click(_ label: String) -> Bool {
        guard let button = page.clickables.first(where: { $0.lowercased() == label }), button != ShopPage.searchButton else {
            return false
        }
        switch (place, button) {
        case (_, ShopPage.backToSearch):
            found = []
            showResults(1)
            place = .search
        case (.results(let number), ShopPage.next): showResults(number + 1)
        case (.results(let number), ShopPage.previous): showResults(number - 1)
        case (.results, _):
            guard let product = shown.first(where: { $0.asin == button }) else { return false }
            place = .product(product)
        case (.product, ShopPage.previous): showResults(resultsPage)
        case (.product(let product), ShopPage.buyNow): place = .done(product)
        case (.product(let product), _):
            if let detail = ShopPage.Detail(rawValue: button) {
                place = .detail(detail, product)
            } else if let option = product.options.last(where: { $0.values.contains(button) }) {
                // Two options with one value: the page's last wins, as in the released code.
                chosen[option.name] = button
            }
        case (.detail(_, let product), ShopPage.previous): place = .product(product)
        case (.search, _), (.detail, _), (.done, _): return false
        }
        return true
    }
}
