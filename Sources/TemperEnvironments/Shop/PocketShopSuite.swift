import Synchronization
package import TemperCore

/// Shopping goals about generated products, on the environment, turn format and reward of `webshop`.
package struct PocketShopSuite: Suite {
    package static let identifier = "pocket/shop"

    package let id = Self.identifier
    package let summary =
        "buy what an instruction asks for among 10,000 generated products (unseen products and wordings in test)"
    package let splits = PocketSplit.allCases.map(\.rawValue)
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.shop
    package let maximumTurns = 10
    package let primaryMetric = "reward"
    /// What `random` gets on the 500 test tasks, rounded up.
    package let chanceLevel = 0.03
    package let scriptedPolicyNames = ["expert", "random", "first-result"]

    private var imperfect = 0.0

    package init() {}

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.imperfect = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return suite
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let kind = try PocketSplit(named: split, of: id)
        let tasks = Self.shared(kind)
        return (0..<max(0, min(limit ?? kind.size, kind.maximum))).map(tasks.task)
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment { try Self.shop(for: task) }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    /// What was chosen decides, and that is not in an answer.
    package func score(answer: String?, for task: AgentTask) -> Score? { nil }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "expert":
            ImperfectExpert(
                PocketShopExpert(), share: imperfect, wrongTurn: PocketShopMistakes.turn, wrongEnding: PocketShopMistakes.ending)
        case "random": RandomPolicy(guess: { task, _ in task.instruction })
        case "first-result": FirstResultPolicy(shop: Self.shop)
        default: nil
        }
    }

    @Sendable static func shop(for task: AgentTask) throws -> ShopEnvironment {
        let split = try PocketSplit(named: task.split, of: identifier)
        return ShopEnvironment(
            goal: try ShopGoal(task), catalogue: PocketShopCatalogue.shared(split).catalogue, style: .short)
    }

    private static let tasks = Mutex<[PocketSplit: PocketShopTasks]>([:])

    private static func shared(_ split: PocketSplit) -> PocketShopTasks {
        tasks.withLock { known in
            if let tasks = known[split] { return tasks }
            let tasks = PocketShopTasks(split)
            known[split] = tasks
            return tasks
        }
    }
}
