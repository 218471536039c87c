/// What a policy decided to do: `name[argument]`.
public struct Action: Codable, Sendable, Hashable {
    public var name: String
    public var argument: String

    public init(_ name: String, _ argument: String) {
        self.name = name
        self.argument = argument
    }

    /// The textual form, `search[Marie Curie]`.
    public var text: String { "\(name)[\(argument)]" }
}

/// Tokens a provider counted for one or more calls.
public struct TokenUsage: Codable, Sendable, Hashable {
    public var promptTokens: Int
    public var completionTokens: Int
    /// Whether the numbers were estimated because the provider sent none.
    public var isEstimated: Bool

    public init(promptTokens: Int = 0, completionTokens: Int = 0, isEstimated: Bool = false) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.isEstimated = isEstimated
    }

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case isEstimated = "estimated"
    }

    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            promptTokens: left.promptTokens + right.promptTokens,
            completionTokens: left.completionTokens + right.completionTokens,
            isEstimated: left.isEstimated || right.isEstimated)
    }
}

/// Thought, action and observation, with the exact text they were read from.
public struct Turn: Codable, Sendable, Hashable {
    /// 0-based.
    public var index: Int
    /// The policy's reply as it entered the conversation, every span with its author.
    public var reply: [Span]
    public var thought: String?
    /// Nil when the reply could not be read as an action; `diagnosis` then says why.
    public var action: Action?
    /// What the environment was given, where that is not `action`: the nearest admissible action, or a planned action with its
    /// evidence filled in.
    public var carriedOut: Action?
    /// What is wrong with the reply, shown to the policy as the observation.
    public var diagnosis: String?
    /// What the environment answered; nil for the turn that ended the episode.
    public var observation: String?
    /// How many of the oldest turns the policy did not see when it wrote this one.
    public var droppedTurns: Int
    /// ReWOO: the whole plan as the policy wrote it, on the plan's first turn. The replies of its turns are the plan's parts.
    public var plan: String?
    /// Reflexion: what the policy wrote after each earlier trial, which its prompt showed; on an episode's first turn.
    public var reflections: [String]?
    public var usage: TokenUsage
    /// Price of the calls of this turn in US dollars; 0 for local policies and cached replies.
    public var price: Double
    public var seconds: Double

    public init(
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
    public var replyText: String { reply.map(\.text).joined() }

    /// What the environment did in this turn.
    public var effectiveAction: Action? { carriedOut ?? action }
}

/// How an episode ended.
public enum Outcome: String, Codable, Sendable, Hashable, CaseIterable {
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
    public var isError: Bool { self == .policyError || self == .environmentError }
}

/// What an environment gives for an episode.
public struct Score: Codable, Sendable, Hashable {
    /// 0…1.
    public var reward: Double
    /// Named figures, such as `exact_match` and `f1`, each 0…1 unless the suite says otherwise.
    public var metrics: [String: Double]

    public init(reward: Double, metrics: [String: Double] = [:]) {
        self.reward = reward
        self.metrics = metrics
    }
}

/// What failed around an episode: never a score.
public struct EpisodeFailure: Codable, Sendable, Hashable {
    public var boundary: TemperError.Boundary
    public var message: String

    public init(boundary: TemperError.Boundary, message: String) {
        self.boundary = boundary
        self.message = message
    }
}

/// Names one episode inside a run.
public struct EpisodeKey: Codable, Sendable, Hashable {
    /// The stage and policy it belongs to: `collect`, `evaluate/base`, `evaluate/tuned`, `import`.
    public var group: String
    public var suite: String
    public var task: String
    public var method: Method
    /// 0-based; several attempts at one task are separate episodes.
    public var attempt: Int

    public init(group: String, suite: String, task: String, method: Method, attempt: Int = 0) {
        self.group = group
        self.suite = suite
        self.task = task
        self.method = method
        self.attempt = attempt
    }

    /// One line a person can type: `collect:hotpotqa:6238:react:0`.
    public var text: String { "\(group):\(suite):\(task):\(method.rawValue):\(attempt)" }
}

/// The record of one policy on one task.
public struct Trajectory: Encodable, Sendable, Hashable {
    public var key: EpisodeKey
    public var task: AgentTask
    /// The recipe's word for the policy, such as `expert` or `http://localhost:8000/v1#qwen`.
    public var policy: String
    public var seed: UInt64
    /// What the environment showed at reset, if anything.
    public var opening: String?
    public var turns: [Turn]
    public var outcome: Outcome
    /// The final answer as the policy wrote it.
    public var answer: String?
    /// Nil when the episode failed for a reason outside the policy.
    public var score: Score?
    public var failure: EpisodeFailure?

    public init(
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

    public var usage: TokenUsage { turns.reduce(TokenUsage()) { $0 + $1.usage } }
    public var price: Double { turns.reduce(0) { $0 + $1.price } }
    public var seconds: Double { turns.reduce(0) { $0 + $1.seconds } }
}
