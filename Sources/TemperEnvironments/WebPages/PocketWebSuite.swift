package import TemperCore

/// Steps on made-up web pages, on the environment, prompts and reward of `mind2web`.
package struct PocketWebSuite: Suite {
    package static let identifier = "pocket/web"

    package let id = Self.identifier
    package let summary =
        "the next step on a generated web page with decoys: element, operation and value (unseen labels in test)"
    package let splits = PocketSplit.allCases.map(\.rawValue)
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.web
    package let maximumTurns = 2
    /// The mean of element, operation and value score, as the reward.
    package let primaryMetric = "step_score"
    /// What `random` gets on the test split (500 tasks): an option at random with the operation its element is made for is right in
    /// the operation more often than not. In step success it is 0.07.
    package let chanceLevel = 0.36
    package let scriptedPolicyNames = ["expert", "gold", "random"]
    private let imperfect: Double

    package init() { self.init(imperfect: 0) }

    private init(imperfect: Double) {
        self.imperfect = imperfect
    }

    /// The first `limit` tasks; without a limit 20,000 of train (there are as many as are asked for), 250 of validation, 500 of test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard let kind = PocketSplit(rawValue: split) else {
            throw TemperError(
                .usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let count = max(0, min(limit ?? (kind == .train ? 20_000 : kind.size), kind.maximum))
        return (0..<count).map { task($0, kind) }
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment { try WebPageEnvironment(task) }

    package func prompt(for method: Method) throws -> SuitePrompt {
        try SuitePromptFile.load(suite: Mind2WebSuite.identifier, method: method)
    }

    package func score(answer: String?, for task: AgentTask) -> Score? {
        WebScore.Gold(payload: task.payload).map { WebScore.score(answer: answer, gold: $0) }
    }

    /// `imperfect`: the share of the expert's episodes that err, 0…1.
    package func configured(with options: SuiteOptions) throws -> any Suite {
        let share = try options.number("imperfect", default: 0, in: 0...1)
        try options.finish()
        return PocketWebSuite(imperfect: share)
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "expert": WebExpert(imperfect: imperfect)
        case "gold": WebGoldPolicy()
        case "random": RandomPolicy { _, _ in "" }
        default: nil
        }
    }

    private func task(_ number: Int, _ split: PocketSplit) -> AgentTask {
        var maker = PocketWebMaker(number: number, split: split)
        let draft = maker.draft()
        var random = RandomSource(seed: UInt64(number), "pocket-web-page", split.rawValue)
        let page = PocketWebPage(draft, random: &random)
        let target = draft.target
        let right = zip(draft.elements, page.identifiers).filter { $0.0 == target }.map(\.1)
        let task = WebPageTask(
            page: page.html, markup: .html, candidates: page.identifiers.shuffled(using: &random),
            gold: WebScore.Gold(elements: Set(right), operation: target.kind.operation, value: target.value),
            previousActions: draft.steps.prefix(draft.done).map(\.actionText))
        var payload = task.payload.object ?? [:]
        payload["target"] = .object(["kind": .string(target.kind.rawValue), "label": .string(target.label)])
        return AgentTask(
            id: split.rawValue + "-" + number.padded(6), suite: id,
            split: split.rawValue, instruction: draft.goal, payload: .object(payload),
            tags: [
                "kind": target.kind.rawValue, "step": "\(draft.done + 1)/\(draft.steps.count)",
                "candidates": String(draft.elements.count),
            ], format: .web)
    }
}
