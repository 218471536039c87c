import TemperCore

/// The options of `webshop`.
struct WebShopOptions: Configurable {
    var products: String?
    var attributes: String?
    var goals: String?
    /// 0 is all.
    var limit = 0

    static let keys: [ConfigurationKey<WebShopOptions>] = [
        ConfigurationKey("products", \.products, "WebShop's file of products; without it the data folder's."),
        ConfigurationKey("attributes", \.attributes, "WebShop's file of attributes; without it the data folder's."),
        ConfigurationKey("goals", \.goals, "WebShop's file of human instructions; without it the data folder's."),
        ConfigurationKey("limit", \.limit, in: .atLeast(0), "The first N products; 0 takes all."),
    ]
}
