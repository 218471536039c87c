import Foundation
import TemperCore

/// WebShop's own files (Yao et al. 2022): products `items_shuffle*.json`, their attributes `items_ins_v2*.json`, instructions
/// written by people `items_human_ins.json`.
struct WebShopData: Sendable {
    /// Where the files lie.
    struct Files: Sendable, Hashable {
        var products: URL
        var attributes: URL?
        var goals: URL?
        /// How many products are read, from the first; nil for all.
        var limit: Int?
    }

    /// A record, or part of one, that is not used.
    struct LeftOut: Sendable, Hashable {
        /// `items_shuffle.json: record 17 (B09QKP7XQL)`.
        var place: String
        var reason: String
    }

    let catalogue: ShopCatalogue
    /// The goals in AgentBench's order: shuffled by Python's generator with the seed 233, unless a list of goals gives the order.
    let goals: [ShopGoal]
    let leftOut: [LeftOut]

    /// Longer numbers are not asins (WebShop, `engine.py`).
    private static let maximumASINLength = 10
    static let shuffleSeed: UInt64 = 233

    /// Reads the files, one record at a time.
    ///
    /// A repeated product, or one whose number is `nan` or too long, is left out as in the released code, and named in
    /// ``leftOut``.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file, record and field.
    init(_ files: Files) throws {
        var leftOut: [LeftOut] = []
        let attributes = try files.attributes.map(Self.attributes) ?? [:]
        let products = try Self.products(files, attributes: attributes, leftOut: &leftOut)
        catalogue = ShopCatalogue(products)
        goals = try files.goals.map { [catalogue] in try Self.goals($0, catalogue, leftOut: &leftOut) } ?? []
        self.leftOut = leftOut
    }

    private static func products(_ files: Files, attributes: [String: [String]], leftOut: inout [LeftOut]) throws -> [ShopProduct]
    {
        let name = files.products.lastPathComponent
        var products: [ShopProduct] = []
        var seen: [String: Int] = [:]
        var stream = try JSONStream(files.products)
        try stream.forEach { element in
            if let limit = files.limit, element.index >= limit { return }
            let record = try WebShopRecord(element.text, in: name, index: element.index)
            let asin = try record.text("asin")
            if asin == "nan" || asin.isEmpty || asin.count > maximumASINLength {
                return leftOut.append(LeftOut(place: record.place, reason: "the asin is not valid"))
            }
            if let first = seen.updateValue(element.index, forKey: asin.lowercased()) {
                seen[asin.lowercased()] = first
                return leftOut.append(LeftOut(place: record.place, reason: "the asin was already used in record \(first)"))
            }
            products.append(try product(record, asin: asin, attributes: attributes[asin], leftOut: &leftOut))
        }
        return products
    }

    private static func product(_ record: WebShopRecord, asin: String, attributes: [String]?, leftOut: inout [LeftOut]) throws
        -> ShopProduct
    {
        var empty: [String] = []
        let options = try record.options { empty.append($0) }
        leftOut += empty.map { LeftOut(place: record.place, reason: $0) }
        return ShopProduct(
            asin: asin, title: try record.text("name", "Title"),
            description: try record.texts("full_description", "Description")?.joined(separator: " ") ?? "",
            bulletPoints: try record.texts("small_description", "BulletPoints") ?? [],
            attributes: try attributes ?? record.texts("attributes", "Attributes") ?? [], options: options,
            prices: try record.prices(),
            query: try record.text("query").lowercased().trimmingCharacters(in: .whitespacesAndNewlines),
            productCategory: try record.text("product_category"))
    }

    /// The attributes of each product.
    private static func attributes(_ file: URL) throws -> [String: [String]] {
        var attributes: [String: [String]] = [:]
        var stream = try JSONStream(file)
        try stream.forEach { element in
            guard let asin = element.key else {
                throw TemperError(.data, "must be an object of asins", place: file.lastPathComponent, boundary: .data)
            }
            let record = try WebShopRecord(element.text, in: "\(file.lastPathComponent): \(asin)", index: element.index)
            attributes[asin] = try record.texts("attributes")
        }
        return attributes
    }

    /// Instructions by asin, in the order of the products and then shuffled; or a list of goals, in its own order.
    static func goals(_ file: URL, _ catalogue: ShopCatalogue, leftOut: inout [LeftOut]) throws -> [ShopGoal] {
        let name = file.lastPathComponent
        var listed: [ShopGoal] = []
        var byASIN: [String: [ShopGoal]] = [:]
        var stream = try JSONStream(file)
        try stream.forEach { element in
            if let asin = element.key {
                guard let list = try WebShopRecord.parse(element.text, at: "\(name): \(asin)") as? [Any] else {
                    throw TemperError(.data, "is not a list of instructions", place: "\(name): \(asin)", boundary: .data)
                }
                // Instructions for products that are not loaded are not faults: there are smaller sets of products.
                guard let product = catalogue.product(asin) else { return }
                for (index, item) in list.enumerated() {
                    let record = try WebShopRecord(item, at: "\(name): \(asin): instruction \(index)")
                    guard let goal = try goal(record, for: product, number: index) else {
                        leftOut.append(LeftOut(place: record.place, reason: "the instruction has no attributes"))
                        continue
                    }
                    byASIN[product.asin, default: []].append(goal)
                }
            } else {
                let record = try WebShopRecord(element.text, in: name, index: element.index)
                let asin = try record.text("asin")
                guard let product = catalogue.product(asin) else { throw record.fault("there is no product '\(asin)'") }
                guard let goal = try goal(record, for: product, number: element.index) else {
                    return leftOut.append(LeftOut(place: record.place, reason: "the instruction has no attributes"))
                }
                listed.append(goal)
            }
        }
        guard listed.isEmpty else { return listed }
        var goals = catalogue.products.flatMap { byASIN[$0.asin] ?? [] }
        var random = PythonRandom(seed: shuffleSeed)
        random.shuffle(&goals)
        return goals
    }

    /// Nil for an instruction without attributes, which the released code leaves out too.
    private static func goal(_ record: WebShopRecord, for product: ShopProduct, number: Int) throws -> ShopGoal? {
        guard let attributes = try record.texts("instruction_attributes", "attributes"), !attributes.isEmpty else { return nil }
        let options = try record.texts("instruction_options", "goal_options") ?? []
        let text = try record.text("instruction", "instruction_text")
        if let priceUpper = try record.optionalNumber("price_upper") {
            return ShopGoal(for: product, instruction: text, attributes: attributes, options: options, priceUpper: priceUpper)
        }
        let limit = priceUpper(above: product.price, seed: RandomSource.derive(shuffleSeed, [product.asin, String(number)]))
        let instruction = text.trimmingCharacters(in: CharacterSet(charactersIn: "."))
        return ShopGoal(
            for: product, instruction: instruction + (limit.map { ", and price lower than \(dollars($0)) dollars" } ?? ""),
            attributes: attributes, options: options, priceUpper: limit ?? ShopGoal.noLimit)
    }

    /// The larger of two different draws from the next four multiples of 10 (up to 990) above a price; nil when fewer than two
    /// are left. WebShop draws again at every start; here the draw follows from the seed.
    static func priceUpper(above price: Double, seed: UInt64) -> Double? {
        let steps = Array((1..<100).map { 10.0 * Double($0) }.filter { $0 > price }.prefix(4))
        guard steps.count >= 2 else { return nil }
        var random = RandomSource(seed: seed)
        return steps.shuffled(using: &random).prefix(2).max()
    }

    /// `30.00`.
    static func dollars(_ amount: Double) -> String {
        let cents = Int((amount * 100).rounded())
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
