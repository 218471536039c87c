package import TemperCore

/// How old turns leave the prompt when a conversation outgrows the context.
package enum ContextRule: String, Codable, Sendable, Hashable, ConfigurationChoice {
    /// Keep instruction, demonstrations and task; drop the oldest turns and say how many.
    case dropOldest = "drop_oldest"
    /// AgentBench's own rule (Liu et al. 2023, released client): the first message stays, later ones are kept from the
    /// newest back while they add up to fewer than 3,500 segments. See ``ContextWindow/segments(in:)``.
    case agentBench = "agentbench"
    /// Nothing is left out: an episode that outgrows the context is over (AgentTuning, section 2.1).
    case end
}

/// Everything about an episode that is neither the task nor the policy.
package struct EpisodeOptions: Sendable, Hashable {
    package var style: PromptStyle
    /// 0 means greedy.
    package var temperature: Double
    package var topP: Double
    package var maximumTurns: Int
    package var maximumNewTokens: Int
    /// Tokens of prompt and reply together; nil takes the policy's own limit.
    package var contextTokens: Int?
    package var contextRule: ContextRule
    /// The policy may only write one of the actions its environment admits.
    package var admissibleOnly: Bool
    /// The least sentence BLEU at which the nearest admissible action stands in for one that is not; nil: none does.
    package var nearestAction: Double?
    package var reflexion: ReflexionOptions

    package init(
        style: PromptStyle = .full, temperature: Double = 0, topP: Double = 1, maximumTurns: Int = 10,
        maximumNewTokens: Int = 256, contextTokens: Int? = nil, contextRule: ContextRule = .dropOldest,
        admissibleOnly: Bool = false, nearestAction: Double? = nil, reflexion: ReflexionOptions = ReflexionOptions()
    ) {
        self.style = style
        self.temperature = temperature
        self.topP = topP
        self.maximumTurns = maximumTurns
        self.maximumNewTokens = maximumNewTokens
        self.contextTokens = contextTokens
        self.contextRule = contextRule
        self.admissibleOnly = admissibleOnly
        self.nearestAction = nearestAction
        self.reflexion = reflexion
    }
}
