package import TemperCore

/// How episodes are run, as a recipe says it: the keys that `collect`, `evaluate` and `temper evaluate --suite` share.
///
/// The tasks, the methods and the policies are the stage's own.
package struct EpisodeSettings: Codable, Sendable, Hashable {
    /// How much of a suite's prompt a policy sees.
    package var prompt = PromptStyle.full
    /// Episodes at each task, each with draws of its own.
    package var attempts = 1
    /// 0 means greedy.
    package var temperature = 0.0
    /// Nucleus mass, above 0 and at most 1; 1 keeps the whole distribution.
    package var topP = 1.0
    /// 0 takes the suite's own limit.
    package var maximumTurns = 0
    package var maximumNewTokens: Int
    /// Tokens of prompt and reply; 0 takes the policy's own limit.
    package var contextTokens = 0
    package var contextRule = ContextRule.dropOldest
    /// The least sentence BLEU, 0…1, at which the nearest admissible action stands in for one that is not (AgentBench: 0.01);
    /// without it none does.
    package var nearestAction: Double? = nil
    /// How method `reflexion` reflects; without it as ``ReflexionOptions`` says.
    package var reflexion: ReflexionOptions? = nil
    /// Of everything drawn in the episodes; without it the recipe's.
    package var seed: UInt64? = nil

    package init(maximumNewTokens: Int) { self.maximumNewTokens = maximumNewTokens }

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case prompt, attempts, temperature
        case topP = "top_p"
        case maximumTurns = "maximum_turns"
        case maximumNewTokens = "maximum_new_tokens"
        case contextTokens = "context_tokens"
        case contextRule = "context_rule"
        case nearestAction = "nearest_action"
        case reflexion, seed
    }

    /// A recipe that an earlier version kept may lack keys that its stage did not have yet.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        maximumNewTokens = try values.decode(Int.self, forKey: .maximumNewTokens)
        prompt = try values.decodeIfPresent(PromptStyle.self, forKey: .prompt) ?? prompt
        attempts = try values.decodeIfPresent(Int.self, forKey: .attempts) ?? attempts
        temperature = try values.decodeIfPresent(Double.self, forKey: .temperature) ?? temperature
        topP = try values.decodeIfPresent(Double.self, forKey: .topP) ?? topP
        maximumTurns = try values.decodeIfPresent(Int.self, forKey: .maximumTurns) ?? maximumTurns
        contextTokens = try values.decodeIfPresent(Int.self, forKey: .contextTokens) ?? contextTokens
        contextRule = try values.decodeIfPresent(ContextRule.self, forKey: .contextRule) ?? contextRule
        nearestAction = try values.decodeIfPresent(Double.self, forKey: .nearestAction)
        reflexion = try values.decodeIfPresent(ReflexionOptions.self, forKey: .reflexion)
        seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
    }

    /// What makes no sense, as the key and what is wrong with it; nil when all does.
    package var problem: (key: String, text: String, hint: String?)? {
        func outside(_ key: CodingKeys, _ value: Int, _ range: ClosedRange<Int>) -> (key: String, text: String, hint: String?)? {
            range.contains(value)
                ? nil : (key.rawValue, "is \(value); it must be in \(range.lowerBound)…\(range.upperBound)", nil)
        }
        if let problem = outside(.attempts, attempts, 1...1000) ?? outside(.maximumTurns, maximumTurns, 0...10_000)
            ?? outside(.maximumNewTokens, maximumNewTokens, 1...1_000_000)
            ?? outside(.contextTokens, contextTokens, 0...100_000_000)
        {
            return problem
        }
        if !(0...100).contains(temperature) { return ("temperature", "must be in 0…100", nil) }
        if !(topP > 0 && topP <= 1) { return ("top_p", "must be above 0 and at most 1", nil) }
        if let nearestAction, !(0..<1).contains(nearestAction) {
            return ("nearest_action", "must be at least 0 and below 1", "AgentBench's threshold is 0.01")
        }
        return nil
    }

    /// What an episode of a suite is run with.
    ///
    /// - Parameter style: of one policy; nil takes ``prompt``.
    package func options(for suite: any Suite, style: PromptStyle? = nil) -> EpisodeOptions {
        EpisodeOptions(
            style: style ?? prompt, temperature: temperature, topP: topP,
            maximumTurns: maximumTurns == 0 ? suite.maximumTurns : maximumTurns, maximumNewTokens: maximumNewTokens,
            contextTokens: contextTokens == 0 ? nil : contextTokens, contextRule: contextRule, nearestAction: nearestAction,
            reflexion: reflexion ?? ReflexionOptions())
    }

    /// How many episodes an attempt at a task may take in a method: the trials of Reflexion.
    package func trials(in method: Method) -> Int {
        let reflexion = reflexion ?? ReflexionOptions()
        return method.text.reflects && reflexion.form == .trials ? reflexion.trials : 1
    }
}
