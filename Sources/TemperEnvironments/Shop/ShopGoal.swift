package import TemperCore

/// What a buyer wants, and what the reward compares a purchase with.
package struct ShopGoal: Sendable, Hashable {
    /// The product the goal was written for; any other that fits earns as much.
    package var asin: String
    /// Its title.
    package var name: String
    package var query: String
    package var productCategory: String
    /// What the policy is told.
    package var instruction: String
    package var attributes: [String]
    /// The values to choose, such as `black` and `large`.
    package var options: [String]
    /// US dollars. ``noLimit`` when any price will do.
    package var priceUpper: Double

    /// WebShop's number for a goal without a price.
    package static let noLimit = 1_000_000.0

    package init(
        asin: String, name: String, query: String, productCategory: String, instruction: String, attributes: [String],
        options: [String], priceUpper: Double
    ) {
        self.asin = asin
        self.name = name
        self.query = query
        self.productCategory = productCategory
        self.instruction = instruction
        self.attributes = attributes
        self.options = options
        self.priceUpper = priceUpper
    }

    /// A goal for a product.
    package init(for product: ShopProduct, instruction: String, attributes: [String], options: [String], priceUpper: Double) {
        self.init(
            asin: product.asin, name: product.title, query: product.query, productCategory: product.productCategory,
            instruction: instruction, attributes: attributes, options: options, priceUpper: priceUpper)
    }

    /// Reads the payload of a task.
    ///
    /// - Throws: ``TemperError`` with code `data` when something is missing.
    package init(_ task: AgentTask) throws {
        let payload = task.payload
        let texts = { (key: String) in payload[key]?.array?.compactMap(\.string) }
        guard let asin = payload["asin"]?.string, let name = payload["name"]?.string, let query = payload["query"]?.string,
            let category = payload["product_category"]?.string, let attributes = texts("attributes"),
            let options = texts("options"), let priceUpper = payload["price_upper"]?.number
        else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks part of a shopping goal", place: task.suite, boundary: .data)
        }
        self.init(
            asin: asin, name: name, query: query, productCategory: category, instruction: task.instruction,
            attributes: attributes, options: options, priceUpper: priceUpper)
    }

    /// The payload of a task.
    package var payload: [String: JSONValue] {
        [
            "asin": .string(asin), "name": .string(name), "query": .string(query), "product_category": .string(productCategory),
            "attributes": .array(attributes.map(JSONValue.string)), "options": .array(options.map(JSONValue.string)),
            "price_upper": .number(priceUpper),
        ]
    }
}
