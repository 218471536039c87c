import TemperAgents
import TemperCore
import TemperEndpoint
import TemperEnvironments

extension Experiment {
    /// What a paid teacher and solver of `derive` are likely to cost.
    static func deriveParts(_ derive: Recipe.Derive, _ recipe: Recipe, _ registry: ExperimentRegistry) throws -> [CostEstimate
        .Part]
    {
        var parts: [CostEstimate.Part] = []
        for (id, plan) in derive.suites.sorted(by: { $0.key < $1.key }) {
            let suite = try recipe.derivingSuite(id, in: registry)
            func episodes(_ policy: String, _ tasks: [AgentTask], count: Int) throws {
                guard isPaid(policy) else { return }
                var part = try part(
                    .derive, policy: policy, suite, suite.defaultMethod, tasks, style: .full,
                    EpisodeSettings(maximumNewTokens: derive.maximumNewTokens), derive.endpoint)
                part.scale(to: count, of: tasks.count)
                parts.append(part)
            }
            // A thought is asked for in every turn, with the conversation so far.
            for source in [plan.thoughts, plan.interaction].compactMap({ $0 }) {
                let tasks = try DeriveWork.sources(source, of: suite)
                try episodes(derive.policy, tasks, count: tasks.count)
            }
            guard let plan = plan.selfInstruct else { continue }
            let worlds = try DeriveWork.worlds(plan.source, of: suite)
            if isPaid(derive.policy) {
                let shape = CostEstimate.Shape(head: 700, turns: 1, reply: 200, observation: 0)
                var part = CostEstimate.part(
                    stage: Stage.derive.rawValue, policy: derive.policy, suite: id, method: .io, episodes: plan.tasks,
                    shape: shape,
                    maximumTurns: 1, maximumNewTokens: derive.maximumNewTokens,
                    price: ModelPrice.of(policy: derive.policy, options: derive.endpoint))
                part.mostDollars = part.mostDollars.map { $0 * Double(plan.bound) / Double(plan.tasks) }
                parts.append(part)
            }
            // A task that is not written yet is taken to be as long as those its worlds come from, or as a sentence.
            let sentence = AgentTask(
                id: "", suite: id, split: "", instruction: String(repeating: "a", count: 200), payload: .null)
            let sample = worlds.isEmpty ? [sentence] : Array(worlds.prefix(20))
            try episodes(derive.solver.isEmpty ? derive.policy : derive.solver, sample, count: plan.tasks)
        }
        return parts
    }

    static func deriveAssumptions(_ parts: [CostEstimate.Part], _ recipe: Recipe) -> [String] {
        guard parts.contains(where: { $0.stage == Stage.derive.rawValue }) else { return [] }
        var lines = [
            "a proposal is a call of 700 tokens and a reply of 200; every one is kept; at most: 'tries' of them"
        ]
        if let collect = recipe.collect,
            collect.suites.contains(where: { recipe.collectSplit($0.key, $0.value) == Recipe.derivedSplit })
        {
            lines.append("what is collected on derived tasks is not counted")
        }
        return lines
    }
}

extension CostEstimate.Part {
    /// The same for another number of episodes.
    fileprivate mutating func scale(to count: Int, of sampled: Int) {
        let factor = Double(count) / Double(max(1, sampled))
        episodes = count
        calls *= factor
        promptTokens *= factor
        completionTokens *= factor
        dollars = dollars.map { $0 * factor }
        mostDollars = mostDollars.map { $0 * factor }
    }
}
