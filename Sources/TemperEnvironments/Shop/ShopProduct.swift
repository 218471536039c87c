import TemperCore

/// Something on sale.
package struct ShopProduct: Sendable, Hashable {
    /// A choice a buyer makes: `color` and its values, in the order of the page.
    package struct Option: Sendable, Hashable {
        package var name: String
        /// Lower case, as the page shows them.
        package var values: [String]

        package init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// The number a product is known by, at most ten characters.
    package var asin: String
    package var title: String
    package var description: String
    /// What the page `Features` shows.
    package var bulletPoints: [String]
    /// What it is said to be; no page shows these, search and reward use them.
    package var attributes: [String]
    package var options: [Option]
    /// US dollars: one price, or the lowest and the highest.
    package var prices: [Double]
    /// The search words it was found by when the shop was filled.
    package var query: String
    /// `Home › Kitchen › Mugs`.
    package var productCategory: String
    package var reviews: [String]
    package var rating: String

    package init(
        asin: String, title: String, description: String = "", bulletPoints: [String] = [], attributes: [String] = [],
        options: [Option] = [], prices: [Double], query: String = "", productCategory: String = "", reviews: [String] = [],
        rating: String = Self.unknownRating
    ) {
        self.asin = asin
        self.title = title
        self.description = description
        self.bulletPoints = bulletPoints
        self.attributes = attributes
        self.options = options
        self.prices = prices
        self.query = query
        self.productCategory = productCategory
        self.reviews = reviews
        self.rating = rating
    }

    /// `$24.0`, or `$20.0 to $30.0` (WebShop writes Python's floats).
    package var priceTag: String { prices.map { "$\($0)" }.joined(separator: " to ") }

    /// What the reward compares. WebShop draws it uniformly between the two prices again at every start; here the draw follows
    /// from the asin, so that a score can be repeated.
    package var price: Double {
        guard let low = prices.first, let high = prices.last, prices.count > 1 else { return prices.first ?? Self.unknownPrice }
        var random = RandomSource(seed: 0, "shop-price", asin)
        return low + (high - low) * random.unit()
    }

    /// The price of a product that states none (WebShop, `engine.py`).
    package static let unknownPrice = 100.0
    package static let unknownRating = "N.A."
}
