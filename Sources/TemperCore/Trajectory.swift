/// What a policy decided to do: `name[argument]`.
package struct Action: Codable, Sendable, Hashable {
    package var name: String
    package var argument: String

    package init(_ name: String, _ argument: String) {
        self.name = name
        self.argument = argument
    }

    /// The textual form, `search[Marie Curie]`.
    package var text: String { "\(name)[\(argument)]" }
}

/// Tokens a provider counted for one or more calls.
package struct TokenUsage: Codable, Sendable, Hashable {
    package var promptTokens: Int
    package var completionTokens: Int
    /// Whether the numbers were estimated because the provider sent none.
    package var isEstimated: Bool

    package init(promptTokens: Int = 0, completionTokens: Int = 0, isEstimated: Bool = false) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.isEstimated = isEstimated
    }

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case isEstimated = "estimated"
    }

    package static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            promptTokens: left.promptTokens + right.promptTokens,
            completionTokens: left.completionTokens + right.completionTokens,
            isEstimated: left.isEstimated || right.isEstimated)
    }
}

/// Thought, action and observation, with the exact text they were read from.
package struct Turn: Codable, Sendable, Hashable {
    /// 0-based.
    package var index: Int
    /// The policy's reply as it entered the conversation, every span with its author.
    package var reply: [Span]
    package var thought: String?
    /// Nil when the reply could not be read as an action; `diagnosis` then says why.
    package var action: Action?
    /// What the environment was given, where that is not `action`: the nearest admissible action, or a planned action with its
    /// evidence filled in.
    package var carriedOut: Action?
    /// What is wrong with the reply, shown to the policy as the observation.
    package var diagnosis: String?
    /// What the environment answered; nil for the turn that ended the episode.
    package var observation: String?
    /// How many of the oldest turns the policy did not see when it wrote this one.
    package var droppedTurns: Int
    /// ReWOO: the whole plan as the policy wrote it, on the plan's first turn. The replies of its turns are the plan's parts.
    package var plan: String?
    /// Reflexion: what the policy wrote after each earlier trial, which its prompt showed; on an episode's first turn.
    package var reflections: [String]?
    package var usage: TokenUsage
    /// Price of the calls of this turn in US dollars; 0 for local policies and cached replies.
    package var price: Double
    package var seconds: Double

    package init(
        index: Int, reply: [Span], thought: String? = nil, action: Action? = nil, carriedOut: Action? = nil,
        diagnosis: String? = nil, observation: String? = nil, droppedTurns: Int = 0, plan: String? = nil,
        reflections: [String]? = nil, usage: TokenUsage = TokenUsage(), price: Double = 0, seconds: Double = 0
    ) {
        self.index = index
        self.reply = reply
        self.thought = thought
        self.action = action
        self.carriedOut = carriedOut
        self.diagnosis = diagnosis
        self.observation = observation
        self.droppedTurns = droppedTurns
        self.plan = plan
        self.reflections = reflections
        self.usage = usage
        self.price = price
        self.seconds = seconds
    }

    enum CodingKeys: String, CodingKey {
        case index, reply, thought, action, diagnosis, observation, plan, reflections, usage, price, seconds
        case carriedOut = "carried_out"
        case droppedTurns = "dropped_turns"
    }

    /// The reply as one string.
    package var replyText: String { reply.map(\.text).joined() }

    /// What the environment did in this turn.
    package var effectiveAction: Action? { carriedOut ?? action }
}

/// How an episode ended.
package enum Outcome: String, Codable, Sendable, Hashable, CaseIterable {
    case finished
    case turnLimit = "turn_limit"
    case contextLimit = "context_limit"
    /// Three identical replies in a row.
    case repeatedOutput = "repeated_output"
    case refused
    /// Expected but absent from the imported results.
    case missing
    case policyError = "policy_error"
    case environmentError = "environment_error"

    /// Errors are counted beside the scores and never become one.
    package var isError: Bool { self == .policyError || self == .environmentError }
}

/// What an environment gives for an episode.
package struct Score: Codable, Sendable, Hashable {
    /// 0…1.
    package var reward: Double
    /// Named figures, such as `exact_match` and `f1`, each 0…1 unless the suite says otherwise.
    package var metrics: [String: Double]

    package init(reward: Double, metrics: [String: Double] = [:]) {
        self.reward = reward
        self.metrics = metrics
    }
}

/// What failed around an episode: never a score.
package struct EpisodeFailure: Codable, Sendable, Hashable {
    package var boundary: TemperError.Boundary
    package var message: String

    package init(boundary: TemperError.Boundary, message: String) {
        self.boundary = boundary
        self.message = message
    }
}

/// Names one episode inside a run.
package struct EpisodeKey: Codable, Sendable, Hashable {
    /// The stage and policy it belongs to: `collect`, `evaluate/base`, `evaluate/tuned`, `import`.
    package var group: String
    package var suite: String
    package var task: String
    package var method: Method
    /// 0-based; several attempts at one task are separate episodes.
    package var attempt: Int

    package init(group: String, suite: String, task: String, method: Method, attempt: Int = 0) {
        self.group = group
        self.suite = suite
        self.task = task
        self.method = method
        self.attempt = attempt
    }

    /// One line a person can type: `collect:hotpotqa:6238:react:0`.
    package var text: String { "\(group):\(suite):\(task):\(method.rawValue):\(attempt)" }
}

/// The record of one policy on one task.
package struct Trajectory: Encodable, Sendable, Hashable {
    package var key: EpisodeKey
    package var task: AgentTask
    /// The recipe's word for the policy, such as `expert` or `http://localhost:8000/v1#qwen`.
    package var policy: String
    package var seed: UInt64
    /// What the environment showed at reset, if anything.
    package var opening: String?
    package var turns: [Turn]
    package var outcome: Outcome
    /// The final answer as the policy wrote it.
    package var answer: String?
    /// Nil when the episode failed for a reason outside the policy.
    package var score: Score?
    package var failure: EpisodeFailure?

    package init(
        key: EpisodeKey, task: AgentTask, policy: String, seed: UInt64, opening: String? = nil, turns: [Turn],
        outcome: Outcome, answer: String? = nil, score: Score? = nil, failure: EpisodeFailure? = nil
    ) {
        self.key = key
        self.task = task
        self.policy = policy
        self.seed = seed
        self.opening = opening
        self.turns = turns
        self.outcome = outcome
        self.answer = answer
        self.score = score
        self.failure = failure
    }

    package var usage: TokenUsage { turns.reduce(TokenUsage()) { $0 + $1.usage } }
    package var price: Double { turns.reduce(0) { $0 + $1.price } }
    package var seconds: Double { turns.reduce(0) { $0 + $1.seconds } }
}
