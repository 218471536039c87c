import Foundation
package import TemperCore

/// WebShop (Yao et al. 2022) as AgentBench plays it, on the products and goals of its own files.
package struct WebShopSuite: Suite {
    package let id = "webshop"
    package let summary = "buy what an instruction asks for in a web shop (WebShop's products and goals, AgentBench's form)"
    package let splits = ["test", "dev", "train"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.shop
    package let maximumTurns = 10
    package let primaryMetric = "reward"
    /// Not known for WebShop's own products.
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["gold", "random", "first-result"]

    private var products: String?
    private var attributes: String?
    private var goals: String?
    private var limit: Int?

    package init() {}

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.products = try options.string("products")
        suite.attributes = try options.string("attributes")
        suite.goals = try options.string("goals")
        let limit = try options.integer("limit", default: 0, in: 0...Int.max)
        suite.limit = limit == 0 ? nil : limit
        try options.finish()
        return suite
    }

    /// AgentBench's indices (`test` 0–199, `dev` 200–279) and WebShop's own for training (1,500 and more).
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let range: Range<Int>
        switch split {
        case "test": range = 0..<200
        case "dev": range = 200..<280
        case "train": range = 1500..<Int.max
        default:
            throw TemperError(
                .usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let files = try files()
        guard files.goals != nil else {
            throw TemperError(
                .unavailable, "WebShop's goals are not at hand",
                hint: "set suites.webshop.goals to items_human_ins.json or a list of goals", place: files.products.path,
                boundary: .data)
        }
        let goals = try WebShopStore.shared.data(files).goals
        return goals.indices.clamped(to: range).prefix(max(0, limit ?? Int.max)).map { task(goals[$0], number: $0, split: split) }
    }

    /// A file of goals: `items_human_ins.json`, or a list of objects with `asin`, `instruction`, `attributes`,
    /// `instruction_options`, `price_upper`.
    package func tasks(from path: String) throws -> [AgentTask] {
        var files = try files()
        files.goals = URL(fileURLWithPath: path)
        return try WebShopStore.shared.data(files).goals.enumerated().map { task($0.element, number: $0.offset, split: "file") }
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment { try shop(for: task) }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    /// What was chosen decides, and that is not in an answer.
    package func score(answer: String?, for task: AgentTask) -> Score? { nil }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": ShopGold(shop: shop)
        case "random": RandomPolicy(guess: { task, _ in task.instruction })
        case "first-result": FirstResultPolicy(shop: shop)
        default: nil
        }
    }

    /// Records that were not used, with the reason, at most `limit` of them.
    ///
    /// - Throws: as ``tasks(split:limit:)``.
    package func leftOut(limit: Int = 20) throws -> [String] {
        try WebShopStore.shared.data(files()).leftOut.prefix(limit).map { "\($0.place): \($0.reason)" }
    }

    private func files() throws -> WebShopData.Files {
        try .find(products: products, attributes: attributes, goals: goals, limit: limit)
    }

    private func shop(for task: AgentTask) throws -> ShopEnvironment {
        ShopEnvironment(goal: try ShopGoal(task), catalogue: try WebShopStore.shared.data(files()).catalogue)
    }

    private func task(_ goal: ShopGoal, number: Int, split: String) -> AgentTask {
        return AgentTask(
            id: "goal-" + number.padded(5), suite: id, split: split,
            instruction: goal.instruction, payload: .object(goal.payload), format: .shop)
    }
}
