import TemperCore

/// The products of a shop and the search over them. Built once, shared by all episodes.
package final class ShopCatalogue: Sendable {
    package let products: [ShopProduct]
    private let positions: [String: Int]
    private let index: KeywordIndex

    /// - Parameter products: asins must differ; of two alike the first is found.
    package init(_ products: [ShopProduct]) {
        self.products = products
        positions = Dictionary(
            products.enumerated().map { ($0.element.asin.lowercased(), $0.offset) }, uniquingKeysWith: { first, _ in first })
        index = KeywordIndex(products.map { ([$0.title] + $0.attributes).joined(separator: " ") })
    }

    /// The product of that number, whatever its case.
    package func product(_ asin: String) -> ShopProduct? { positions[asin.lowercased()].map { products[$0] } }

    /// The products that fit a query best, by BM25 over title and attributes (``KeywordIndex``), best first.
    package func search(_ query: String, limit: Int) -> [ShopProduct] {
        index.search(query, limit: limit).map { products[$0.document] }
    }
}
