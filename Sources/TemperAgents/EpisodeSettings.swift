package import TemperCore

/// How episodes are run, as a recipe says it: the keys that `collect`, `evaluate` and `temper evaluate --suite` share.
///
/// The tasks, the methods and the policies are the stage's own.
package struct EpisodeSettings: Configurable {
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
    package var maximumNewTokens = 256
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

    package static let keys: [ConfigurationKey<EpisodeSettings>] = [
        ConfigurationKey("prompt", \.prompt, "How much of the suite's prompt the policy sees."),
        ConfigurationKey(
            "attempts", \.attempts, in: .within(1...1000), "Episodes of each task and method, each with draws of its own."),
        ConfigurationKey("temperature", \.temperature, in: .within(0...100), "Randomness of replies; 0 is greedy."),
        ConfigurationKey(
            "top_p", \.topP, in: .above(0, atMost: 1), "Draws from the likeliest tokens that hold this share of the probability."),
        ConfigurationKey(
            "maximum_turns", \.maximumTurns, in: .within(0...10_000), "The most turns; 0 takes the suite's own limit."),
        ConfigurationKey("maximum_new_tokens", \.maximumNewTokens, in: .within(1...1_000_000), "The most tokens of one reply."),
        ConfigurationKey(
            "context_tokens", \.contextTokens, in: .within(0...100_000_000),
            "The most tokens of prompt and reply together; 0 takes the policy's own limit."),
        ConfigurationKey("context_rule", \.contextRule, "Which turns leave a prompt that outgrows the context."),
        ConfigurationKey(
            "nearest_action", \.nearestAction, in: .atLeast(0, below: 1),
            "The least sentence BLEU at which the nearest admissible action replaces one that is not (AgentBench: 0.01); without it "
                + "none does.", hint: "AgentBench's threshold is 0.01"),
        ConfigurationKey("reflexion", \.reflexion, "How method `reflexion` reflects."),
        ConfigurationKey(
            "seed", \.seed, in: .within(0...9_007_199_254_740_992),
            "Seeds everything drawn in the episodes; without it the recipe's `seed` does."),
    ]

    package init() {}

    package init(maximumNewTokens: Int) { self.maximumNewTokens = maximumNewTokens }

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
