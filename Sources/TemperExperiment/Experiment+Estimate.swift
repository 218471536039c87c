import TemperAgents
import TemperCore
package import TemperEndpoint

extension Experiment {
    /// What the paid models of a recipe are likely to cost. No call is made and nothing is written.
    ///
    /// - Parameter stages: as in ``run(_:source:givenKeys:in:stages:registry:budget:observer:)``.
    /// - Throws: ``TemperError`` for a recipe that could not run.
    package static func estimate(
        _ recipe: Recipe, stages: Set<Stage>? = nil, registry: ExperimentRegistry = ExperimentRegistry()
    ) throws -> CostEstimate {
        let wanted = try recipe.stages(asked: stages)
        try recipe.check(stages: wanted, registry)
        let options = recipe.collect?.endpoint ?? EndpointOptions()
        var parts: [CostEstimate.Part] = []
        if let derive = recipe.derive, wanted.contains(.derive) { parts += try deriveParts(derive, recipe, registry) }
        if let collect = recipe.collect, wanted.contains(.collect), isPaid(collect.policy) {
            for (id, selection) in collect.suites.sorted(by: { $0.key < $1.key })
            where recipe.collectSplit(id, selection) != Recipe.derivedSplit {
                let suite = try recipe.suite(id, in: registry)
                let tasks = try suite.tasks(
                    split: selection.split.isEmpty ? "train" : selection.split,
                    limit: selection.limit == 0 ? nil : selection.limit)
                let draws = CollectStage.draws(
                    tasks, suite: suite, collect: collect, seed: collect.episodes.seed ?? recipe.seed)
                for (method, draws) in Dictionary(grouping: draws, by: \.key.method).sorted(by: {
                    $0.key.rawValue < $1.key.rawValue
                }) {
                    parts.append(
                        try part(
                            .collect, policy: collect.policy, suite, method, draws.map(\.task),
                            style: collect.episodes.prompt, collect.episodes, options))
                }
            }
        }
        if let evaluate = recipe.evaluate, wanted.contains(.evaluate) {
            for policy in evaluate.policies where isPaid(policy) {
                for suite in try evaluate.suites.map({ try recipe.suite($0.id, in: registry) }) {
                    let tasks = try suite.tasks(split: evaluate.split, limit: evaluate.limit == 0 ? nil : evaluate.limit)
                    let episodes = Array(repeating: tasks, count: evaluate.episodes.attempts).flatMap { $0 }
                    parts += try evaluate.methods(of: suite).map { method in
                        try part(
                            .evaluate, policy: policy, suite, method, episodes,
                            style: evaluate.prompts[policy] ?? evaluate.episodes.prompt, evaluate.episodes, options)
                    }
                }
            }
        }
        return CostEstimate(parts: parts, assumptions: assumptions(parts, recipe))
    }

    static func isPaid(_ policy: String) -> Bool { PolicyFactory.isEndpoint(policy) }

    /// - Parameter tasks: one for each episode.
    static func part(
        _ stage: Stage, policy: String, _ suite: any Suite, _ method: Method, _ tasks: [AgentTask], style: PromptStyle,
        _ settings: EpisodeSettings, _ options: EndpointOptions
    ) throws -> CostEstimate.Part {
        let turns = settings.options(for: suite).maximumTurns
        let shape = CostEstimate.Shape(
            prompt: try suite.prompt(for: method.promptMethod), style: style, tasks: tasks, method: method,
            maximumTurns: method.usesTools ? turns : 1)
        return CostEstimate.part(
            stage: stage.rawValue, policy: policy, suite: suite.id, method: method, episodes: tasks.count, shape: shape,
            maximumTurns: turns, maximumNewTokens: settings.maximumNewTokens, trials: settings.trials(in: method),
            price: ModelPrice.of(policy: policy, options: options))
    }

    private static func assumptions(_ parts: [CostEstimate.Part], _ recipe: Recipe) -> [String] {
        guard !parts.isEmpty else {
            return ["no policy of the stages is a paid model: scripts and models on this machine cost nothing"]
        }
        var lines = [
            "an episode takes as many turns as a demonstration of its suite, with texts as long as there; at most: the turn limit, "
                + "and replies of the full token limit",
            "a token is four bytes of English; every call sends the whole conversation so far; no call is answered from the cache, "
                + "fails or is repeated",
        ]
        lines += deriveAssumptions(parts, recipe)
        if parts.contains(where: { $0.policy.hasPrefix("openai:") }), recipe.collect?.endpoint.price == nil {
            lines.append("prices are OpenAI's list prices as of August 2025; 'collect.endpoint.price' goes before")
        }
        if parts.contains(where: { $0.policy.hasPrefix("http") }), recipe.collect?.endpoint.price == nil {
            lines.append("a served model is free, as 'collect.endpoint.price' states no price")
        }
        if parts.contains(where: { $0.dollars == nil }) {
            lines.append("the price of a model is not known: give it as 'collect.endpoint.price'")
        }
        if parts.contains(where: { $0.method.text.reflects }),
            [recipe.collect?.episodes.reflexion, recipe.evaluate?.episodes.reflexion].contains(where: { $0?.form == .trials })
        {
            lines.append("half of all trials fail and lead to a reflection and another trial, as long as there are more")
        }
        return lines
    }
}
