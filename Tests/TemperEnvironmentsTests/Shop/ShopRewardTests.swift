import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

/// `shop-rewards.json`: vectors worked by hand, each with the reason; `Tests/Golden/shop.py` checks them with `thefuzz`.
private struct RewardVectors: Decodable {
    struct Product: Decodable {
        var title: String?
        var bullets: [String]?
        var description: String?
        var attributes: [String]?
        var query: String?
        var category: String?
    }
    struct Goal: Decodable {
        var name: String?
        var query: String?
        var category: String?
        var attributes: [String]?
        var options: [String]?
        var price_upper: Double?
    }
    struct Vector: Decodable {
        var name: String
        var why: String
        var product: Product?
        var goal: Goal?
        var chosen: [String: String]?
        var price: Double?
        var goal_nouns: [String]?
        var product_nouns: [String]?
        var expected: [JSONValue]
        /// A fraction such as `2/3`.
        var total: String
    }
    var product: Product
    var goal: Goal
    var chosen: [String: String]
    var price: Double
    var goal_nouns: [String]
    var product_nouns: [String]
    var vectors: [Vector]
}

/// A file of the folder `Golden`, which lies beside this one.
private func shopGolden<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try golden(name, as: type, file: folder.path)
}

@Suite("The reward of the shop")
struct ShopRewardTests {
    @Test("64 vectors worked by hand from the published rules come out as worked")
    func vectorsGolden() throws {
        let fixture = try shopGolden("shop-rewards", as: RewardVectors.self)
        #expect(fixture.vectors.count >= 60 && Set(fixture.vectors.map(\.name)).count == fixture.vectors.count)
        let (base, baseGoal) = (fixture.product, fixture.goal)
        for vector in fixture.vectors {
            let (own, wanted) = (vector.product, vector.goal)
            let product = ShopProduct(
                asin: "A", title: own?.title ?? base.title ?? "", description: own?.description ?? base.description ?? "",
                bulletPoints: own?.bullets ?? base.bullets ?? [], attributes: own?.attributes ?? base.attributes ?? [],
                prices: [vector.price ?? fixture.price], query: own?.query ?? base.query ?? "",
                productCategory: own?.category ?? base.category ?? "")
            let goal = ShopGoal(
                asin: "A", name: wanted?.name ?? baseGoal.name ?? "", query: wanted?.query ?? baseGoal.query ?? "",
                productCategory: wanted?.category ?? baseGoal.category ?? "", instruction: "",
                attributes: wanted?.attributes ?? baseGoal.attributes ?? [], options: wanted?.options ?? baseGoal.options ?? [],
                priceUpper: wanted?.price_upper ?? baseGoal.price_upper ?? 0)
            #expect(TitleNouns.words(goal.name) == vector.goal_nouns ?? fixture.goal_nouns, "\(vector.name)")
            #expect(TitleNouns.words(product.title) == vector.product_nouns ?? fixture.product_nouns, "\(vector.name)")
            let reward = ShopReward(
                buying: product, options: vector.chosen ?? fixture.chosen, price: product.price, for: goal)
            let got: [JSONValue] = [
                .number(reward.type), .number(Double(reward.matchedAttributes)), .number(Double(reward.matchedOptions)),
                .bool(reward.isPriceMet),
            ]
            #expect(got == vector.expected, "\(vector.name): \(vector.why)")
            let fraction = vector.total.split(separator: "/").compactMap { Double($0) }
            let total = fraction[0] / (fraction.count > 1 ? fraction[1] : 1)
            #expect(abs(reward.total - total) < 1e-12, "\(vector.name): \(vector.why)")
        }
    }

    @Test("Token-set ratios are those of thefuzz")
    func ratiosGolden() throws {
        struct Pair: Decodable {
            var left: String
            var right: String
            var ratio: Int
        }
        let pairs = try shopGolden("token-set-ratio", as: [Pair].self)
        #expect(pairs.count >= 200)
        for pair in pairs { #expect(TokenSetRatio.of(pair.left, pair.right) == pair.ratio, "'\(pair.left)', '\(pair.right)'") }
    }

    @Test("Scores of the search are those of bm25s, and the order follows them")
    func searchGolden() throws {
        struct Fixture: Decodable {
            struct Query: Decodable {
                var query: String
                var scores: [Double]
            }
            var documents: [String]
            var queries: [Query]
        }
        let fixture = try shopGolden("keyword-index", as: Fixture.self)
        let index = KeywordIndex(fixture.documents)
        for query in fixture.queries {
            let found = index.search(query.query, limit: 100)
            #expect(found.count == query.scores.filter { $0 > 0 }.count, "\(query.query)")
            for hit in found { #expect(abs(Double(hit.score) - query.scores[hit.document]) < 1e-4, "\(query.query)") }
            for (left, right) in zip(found, found.dropFirst()) {
                #expect(left.score > right.score || left.score == right.score && left.document < right.document)
            }
            let top = index.search(query.query, limit: 7)
            #expect(top.map(\.document) == found.prefix(7).map(\.document))
        }
    }

    @Test(
        "Words of titles that say what a thing is",
        arguments: [
            (
                "Norvik Insulated Travel Mug with Leak-Proof Lid, 16 oz (Pack of 2)",
                "norvik insulated travel mug leak proof lid oz pack"
            ),
            ("Suvane Women's 4K Ultra HD T-Shirt & Co.", "suvane women's ultra hd shirt co"),
            ("The New 2-in-1 for it", ""), ("CAFÉ Crème – 3.5 oz", "café crème oz"),
        ])
    func nouns(_ title: String, _ words: String) {
        #expect(TitleNouns.words(title).joined(separator: " ") == words)
    }
}
