/// How the pages of a shop are written.
package struct ShopPageStyle: Sendable, Hashable {
    /// Products on a page of results (WebShop: 10) and in all (WebShop: 50).
    package var resultsPerPage: Int
    package var maximumResults: Int
    /// The separator between two texts of a page.
    package var separator: String
    /// Nothing twice: the instruction and the list of actions are left out, and so are the number of results, ratings that are
    /// unknown and the cents of whole prices. A product page starts with what was chosen, as in WebShop's richer text mode.
    package var isShort: Bool

    /// AgentBench's text mode.
    package static let agentBench = ShopPageStyle(
        resultsPerPage: 10, maximumResults: 50, separator: " [SEP] ", isShort: false)
    /// The same pages in few tokens: three results, a line for each text.
    package static let short = ShopPageStyle(resultsPerPage: 3, maximumResults: 30, separator: "\n", isShort: true)
}

/// What a page shows and what can be clicked on it.
struct ShopPage: Sendable, Hashable {
    static let searchButton = "Search"
    static let backToSearch = "Back to Search"
    static let previous = "< Prev"
    static let next = "Next >"
    static let buyNow = "Buy Now"

    /// A page of a product beside its own.
    enum Detail: String, Sendable, CaseIterable {
        case description = "Description"
        case features = "Features"
        case reviews = "Reviews"
    }

    /// Visible texts in order.
    var texts: [String] = []
    /// Labels of buttons and links in WebShop's order: buttons, products, options.
    var clickables: [String] = []
    var hasSearchBar = false

    /// The observation.
    func text(_ style: ShopPageStyle) -> String {
        let page = texts.joined(separator: style.separator)
        guard !style.isShort else { return page }
        let labels = clickables.map { Self.quoted($0.lowercased()) }.joined(separator: ", ")
        return page + "\n\nAvailable Actions:\n{'has_search_bar': \(hasSearchBar ? "True" : "False"), 'clickables': [\(labels)]}"
    }

    /// A string as Python prints it in a list.
    static func quoted(_ text: String) -> String {
        let mark = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        let body = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return mark + (mark == "'" ? body.replacing("'", with: "\\'") : body) + mark
    }

    static func search(instruction: String, _ style: ShopPageStyle) -> ShopPage {
        return ShopPage(
            texts: ["WebShop"] + head(instruction, style) + [searchButton], clickables: [searchButton], hasSearchBar: true)
    }

    /// - Parameter number: 1-based.
    static func results(_ found: [ShopProduct], number: Int, instruction: String, _ style: ShopPageStyle) -> ShopPage {
        let shown = found.dropFirst((number - 1) * style.resultsPerPage).prefix(style.resultsPerPage)
        let count = "Page \(number)" + (style.isShort ? "" : " (Total results: \(found.count))")
        var buttons = [backToSearch]
        if number > 1 { buttons.append(previous) }
        if number * style.resultsPerPage < found.count { buttons.append(next) }
        return ShopPage(
            texts: head(instruction, style) + [backToSearch, count]
                + buttons.dropFirst()
                + shown.flatMap { [$0.asin, $0.title, price($0, style)] },
            clickables: buttons + shown.map(\.asin))
    }

    /// - Parameter chosen: values by the names of their options.
    static func product(_ product: ShopProduct, chosen: [String: String], instruction: String, _ style: ShopPageStyle) -> ShopPage
    {
        let details = Detail.allCases.map(\.rawValue)
        let choices = style.isShort ? product.options.compactMap { chosen[$0.name] } : []
        let rating = style.isShort && product.rating == ShopProduct.unknownRating ? [] : ["Rating: \(product.rating)"]
        return ShopPage(
            texts: choices.map { "You have clicked \($0)." } + head(instruction, style) + [backToSearch, previous]
                + product.options.flatMap { [$0.name] + $0.values }
                + [product.title, "Price: \(price(product, style))"] + rating + details + [buyNow],
            clickables: [backToSearch, previous] + details + [buyNow] + product.options.flatMap(\.values))
    }

    static func detail(_ detail: Detail, of product: ShopProduct, instruction: String, _ style: ShopPageStyle) -> ShopPage {
        let body =
            switch detail {
            case .description: [product.description]
            case .features: product.bulletPoints
            case .reviews: product.reviews
            }
        return ShopPage(
            texts: head(instruction, style) + [backToSearch, previous] + body.filter { !$0.isEmpty },
            clickables: [backToSearch, previous])
    }

    /// `$24.0`; short, `$24`.
    private static func price(_ product: ShopProduct, _ style: ShopPageStyle) -> String {
        let whole = product.prices.compactMap { Int(exactly: $0) }
        guard style.isShort, whole.count == product.prices.count else { return product.priceTag }
        return whole.map { "$\($0)" }.joined(separator: " to ")
    }

    private static func head(_ instruction: String, _ style: ShopPageStyle) -> [String] {
        style.isShort ? [] : ["Instruction:", instruction]
    }
}
