import TemperCore
import Testing

@testable import TemperEnvironments

@Suite("The shop")
struct ShopEnvironmentTests {
    private let products =
        (1...23).map { number in
            ShopProduct(
                asin: "B0\(100 + number)", title: "Brand\(number) Travel Mug", description: "Mug number \(number).",
                bulletPoints: ["leak proof", "made of clay"], attributes: ["leak proof"],
                options: [.init("color", ["black", "navy | blue"]), .init("size", ["small", "large"])],
                prices: [Double(10 + number)],
                query: "mug", productCategory: "Home › Mugs")
        } + [ShopProduct(asin: "X1", title: "Garden Hose", prices: [5, 9.5], query: "hose")]

    private func shop(_ style: ShopPageStyle = .agentBench) -> ShopEnvironment {
        let goal = ShopGoal(
            for: products[1], instruction: "i need a leak proof mug, large", attributes: ["leak proof"],
            options: ["black", "large"],
            priceUpper: 20)
        return ShopEnvironment(goal: goal, catalogue: ShopCatalogue(products), style: style)
    }

    @Test("Pages are written as AgentBench writes them, from search to purchase")
    func pages() async throws {
        var shop = shop()
        let head = "Instruction: [SEP] i need a leak proof mug, large [SEP] "
        #expect(
            try await shop.reset()
                == "Observation:\nWebShop [SEP] \(head)Search\n\nAvailable Actions:\n{'has_search_bar': True, 'clickables': ['search']}"
        )
        let results = try await shop.step(Action("search", "travel mug"))
        #expect(results.isValid)
        #expect(
            results.observation.hasPrefix(
                head
                    + "Back to Search [SEP] Page 1 (Total results: 23) [SEP] Next > [SEP] B0101 [SEP] Brand1 Travel Mug [SEP] $11.0 [SEP] B0102"
            ))
        #expect(
            results.observation.hasSuffix(
                "['back to search', 'next >', 'b0101', 'b0102', 'b0103', 'b0104', 'b0105', 'b0106', 'b0107', 'b0108', 'b0109', 'b0110']}"
            ))
        let product = try await shop.step(Action("click", "b0102"))
        let page =
            head
            + "Back to Search [SEP] < Prev [SEP] color [SEP] black [SEP] navy | blue [SEP] size [SEP] small [SEP] large [SEP] "
            + "Brand2 Travel Mug [SEP] Price: $12.0 [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Buy Now"
            + "\n\nAvailable Actions:\n{'has_search_bar': False, 'clickables': ['back to search', '< prev', 'description', 'features', "
            + "'reviews', 'buy now', 'black', 'navy | blue', 'small', 'large']}"
        #expect(product == StepResult(page))
        #expect(try await shop.step(Action("click", "Black")) == StepResult(page))
        let features = try await shop.step(Action("click", "Features"))
        #expect(features.observation.hasPrefix(head + "Back to Search [SEP] < Prev [SEP] leak proof [SEP] made of clay\n"))
        #expect(try await shop.step(Action("click", "< prev")) == StepResult(page))
        _ = try await shop.step(Action("click", "large"))
        #expect(shop.chosen == ["color": "black", "size": "large"])
        let bought = try await shop.step(Action("click", "Buy Now"))
        #expect(bought == StepResult("Thank you for shopping with us!", isDone: true))
        #expect(shop.answer == "B0102 (color: black, size: large)")
        let score = try await shop.score()
        #expect(score.reward == 1 && score.metrics["success"] == 1 && score.metrics["options"] == 1)
        #expect(try await shop.step(Action("click", "buy now")).isValid == false)
    }

    @Test("Pages of results turn both ways, and going back forgets the choices but not the page")
    func paging() async throws {
        var shop = shop()
        _ = try await shop.step(Action("search", "mug"))
        #expect(try await shop.step(Action("click", "< prev")).isValid == false)
        _ = try await shop.step(Action("click", "next >"))
        let last = try await shop.step(Action("click", "next >"))
        #expect(last.observation.contains("Page 3 (Total results: 23) [SEP] < Prev [SEP] B0121"))
        #expect(try await shop.step(Action("click", "next >")).isValid == false)
        _ = try await shop.step(Action("click", "b0122"))
        _ = try await shop.step(Action("click", "black"))
        #expect(try await shop.step(Action("click", "< prev")) == last)
        #expect(shop.chosen.isEmpty)
        #expect(try await shop.step(Action("click", "b0101")).isValid == false)
        _ = try await shop.step(Action("click", "< prev"))
        #expect(shop.place == .results(2))
        _ = try await shop.step(Action("click", "back to search"))
        #expect(shop.place == .search && shop.found.isEmpty)
    }

    @Test(
        "What the page does not offer is invalid and changes nothing",
        arguments: [
            Action("click", "b0102"), Action("click", "buy now"), Action("click", "search"), Action("click", ""),
            Action("search", "  "), Action("buy", "now"), Action("click", "black"),
        ])
    func invalid(_ action: Action) async throws {
        var shop = shop()
        let opening = try await shop.reset()
        let result = try await shop.step(action)
        #expect(!result.isValid && !result.isDone)
        #expect(TurnText.write(observation: result.observation, format: .shop) == opening)
        #expect(try await shop.score().reward == 0 && shop.answer == nil)
    }

    @Test("The short style shows three results, one text a line, and what was chosen")
    func short() async throws {
        var shop = shop(.short)
        #expect(try await shop.reset() == "Observation:\nWebShop\nSearch")
        let results = try await shop.step(Action("search", "garden hose mug"))
        #expect(
            results.observation
                == "Back to Search\nPage 1\nNext >\nX1\nGarden Hose\n$5.0 to $9.5\nB0101\nBrand1 Travel Mug\n$11\nB0102\nBrand2 Travel Mug\n$12"
        )
        _ = try await shop.step(Action("click", "b0101"))
        let chosen = try await shop.step(Action("click", "large"))
        #expect(chosen.observation.hasPrefix("You have clicked large.\nBack to Search\n< Prev\ncolor\nblack\n"))
        #expect(chosen.observation.hasSuffix("Brand1 Travel Mug\nPrice: $11\nDescription\nFeatures\nReviews\nBuy Now"))
    }

    @Test("Admissible actions are searches with words of the instruction, then the clicks of the page")
    func admissible() async throws {
        var shop = shop()
        let searches = try #require(shop.admissibleActions).map(\.text)
        #expect(
            searches == [
                "search[i need a leak proof mug, large]", "search[i]", "search[need]", "search[leak]", "search[proof]",
                "search[mug]", "search[large]",
            ])
        _ = try await shop.step(Action("search", "hose"))
        #expect(shop.admissibleActions?.map(\.text) == ["click[back to search]", "click[x1]"])
        for action in try #require(shop.admissibleActions) {
            var copy = shop
            #expect(try await copy.step(action).isValid)
        }
    }

    @Test("A price range has one price, the same in every episode")
    func priceRange() {
        let hose = products[23]
        #expect(hose.price == hose.price && (5...9.5).contains(hose.price))
        #expect(hose.priceTag == "$5.0 to $9.5")
    }

    @Test("Texts are quoted as Python prints them")
    func quoting() {
        #expect(ShopPage.quoted("a") == "'a'")
        #expect(ShopPage.quoted("o'neill") == "\"o'neill\"")
        #expect(ShopPage.quoted("52\"w") == "'52\"w'")
        #expect(ShopPage.quoted("5' 2\"") == "'5\\' 2\"'")
        #expect(ShopPage.quoted("a\\b") == "'a\\\\b'")
    }
}
