import TemperCore

/// Something on sale.
public struct ShopProduct: Sendable, Hashable {
    /// A choice a buyer makes: `color` and its values, in the order of the page.
    public struct Option: Sendable, Hashable {
        public var name: String
        /// Lower case, as the page shows them.
        public var values: [String]

        public init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// The number a product is known by, at most ten characters.
    public var asin: String
    public var title: String
    public var description: String
    /// What the page `Features` shows.
    public var bulletPoints: [String]
    /// What it is said to be; no page shows these, search and reward use them.
    public var attributes: [String]
    public var options: [Option]
    /// US dollars: one price, or the lowest and the highest.
    public var prices: [Double]
    /// The search words it was found by when the shop was filled.
    public var query: String
    /// `Home › Kitchen › Mugs`.
    public var productCategory: String
    public var reviews: [String]
    public var rating: String

    public init(
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
    public var priceTag: String { prices.map { "$\($0)" }.joined(separator: " to ") }

    /// What the reward compares. WebShop draws it uniformly between the two prices anew at every start; here the draw follows
    /// from the asin, so that a score can be repeated.
    public var price: Double {
        guard let low = prices.first, let high = prices.last, prices.count > 1 else { return prices.first ?? Self.unknownPrice }
        var random = RandomSource(seed: 0, "shop-price", asin)
        return low + (high - low) * random.unit()
    }

    /// The price of a product that states none (WebShop, `engine.py`).
    public static let unknownPrice = 100.0
    public static let unknownRating = "N.A."
}
