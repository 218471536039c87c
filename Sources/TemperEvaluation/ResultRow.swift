package import TemperCore

/// One row of `evaluation.json`: how one policy did on one group of tasks.
package struct ResultRow: Codable, Sendable, Hashable {
    /// Tokens of all calls of the row's episodes.
    package struct Tokens: Codable, Sendable, Hashable {
        package var prompt: Int
        package var completion: Int
        /// Whether a provider sent no counts and they were estimated.
        package var isEstimated: Bool

        package init(prompt: Int, completion: Int, isEstimated: Bool = false) {
            self.prompt = prompt
            self.completion = completion
            self.isEstimated = isEstimated
        }

        enum CodingKeys: String, CodingKey {
            case prompt, completion
            case isEstimated = "is_estimated"
        }
    }

    /// The recipe's word, or a control's name.
    package var policy: String
    package var suite: String
    package var split: String
    package var method: Method
    package var promptStyle: PromptStyle?
    /// `all`, or a group's label such as `held-out shapes`.
    package var group: String
    /// The tag the group comes from; nil for `all`.
    package var groupBy: String?
    /// What the suite was evaluated as; nil where nobody said.
    package var kind: SuiteKind?
    /// Whether all tasks of the row are of shapes that training never saw; nil where it is mixed or not said.
    package var isShapeHeldOut: Bool?
    /// Scored episodes: those that did not error, missing ones among them.
    package var n: Int
    /// 0…1: the mean over tasks, each of which counts with the mean of its attempts; nil when n is 0.
    package var meanReward: Double?
    /// The 95 % bootstrap interval of the mean reward, over tasks.
    package var interval: Interval?
    package var metrics: [String: Double]
    package var metricIntervals: [String: Interval]
    /// Whether one of k attempts earns the whole reward, for several k; nil where each task was attempted once.
    package var passAtK: [PassAtK]?
    /// How the episodes ended, by ``Outcome`` raw value, errors among them.
    package var outcomes: [String: Int]
    /// Episodes that failed for a reason outside the policy: no part of n.
    package var errors: Int
    /// The same by the part of the world that failed (``TemperError/Boundary`` raw value).
    package var errorsByBoundary: [String: Int]
    /// Expected but absent: reward 0, inside n.
    package var missing: Int
    /// Over the scored episodes that are not missing; nil when there are none.
    package var meanTurns: Double?
    package var tokens: Tokens
    package var priceDollars: Double
    /// The sum over episodes, which ran side by side.
    package var seconds: Double
    package var seed: UInt64
    package var notes: [String]

    package init(
        policy: String, suite: String, split: String, method: Method, promptStyle: PromptStyle? = nil,
        group: String = Grouping.all, groupBy: String? = nil, kind: SuiteKind? = nil, isShapeHeldOut: Bool? = nil, n: Int,
        meanReward: Double?, interval: Interval?, metrics: [String: Double] = [:], metricIntervals: [String: Interval] = [:],
        passAtK: [PassAtK]? = nil,
        outcomes: [String: Int] = [:], errors: Int = 0, errorsByBoundary: [String: Int] = [:], missing: Int = 0,
        meanTurns: Double? = nil, tokens: Tokens = Tokens(prompt: 0, completion: 0), priceDollars: Double = 0,
        seconds: Double = 0, seed: UInt64, notes: [String] = []
    ) {
        self.policy = policy
        self.suite = suite
        self.split = split
        self.method = method
        self.promptStyle = promptStyle
        self.group = group
        self.groupBy = groupBy
        self.kind = kind
        self.isShapeHeldOut = isShapeHeldOut
        self.n = n
        self.meanReward = meanReward
        self.interval = interval
        self.metrics = metrics
        self.metricIntervals = metricIntervals
        self.passAtK = passAtK
        self.outcomes = outcomes
        self.errors = errors
        self.errorsByBoundary = errorsByBoundary
        self.missing = missing
        self.meanTurns = meanTurns
        self.tokens = tokens
        self.priceDollars = priceDollars
        self.seconds = seconds
        self.seed = seed
        self.notes = notes
    }

    enum CodingKeys: String, CodingKey {
        case policy, suite, split, method, group, kind, n, interval, metrics, outcomes, errors, missing, tokens, seconds, seed,
            notes
        case promptStyle = "prompt_style"
        case groupBy = "group_by"
        case isShapeHeldOut = "shape_held_out"
        case meanReward = "mean_reward"
        case metricIntervals = "metric_intervals"
        case passAtK = "pass_at_k"
        case errorsByBoundary = "errors_by_boundary"
        case meanTurns = "mean_turns"
        case priceDollars = "price_dollars"
    }

    /// The name under which the mean reward is asked for as a metric.
    package static let reward = "reward"

    /// The mean of a metric, or of the reward for ``reward``.
    package func value(of metric: String) -> Double? { metric == Self.reward ? meanReward : metrics[metric] }

    /// Whether the row is one of many that a short table leaves out.
    package var isDetail: Bool { groupBy.map(Grouping.detailTags.contains) ?? false }

    /// The interval of a metric, or of the reward for ``reward``.
    package func interval(of metric: String) -> Interval? { metric == Self.reward ? interval : metricIntervals[metric] }
}
