public import TemperCore

/// Everything the report page shows; `report.json` is this value.
public struct ReportData: Codable, Sendable, Hashable {
    /// The run's name.
    public var name: String
    public var headline: Headline
    public var evaluation: Evaluation
    /// Policies of `evaluation` that need no agent, each with what it shows.
    public var controls: [Control]
    public var errorTallies: [ErrorTally]
    public var loss: LossCurve?
    public var stages: [Stage]
    public var dataset: DatasetCounts?
    public var samples: [SampleTrajectory]
    /// The recipe as YAML text.
    public var recipe: String
    /// Seed, commit, versions, machine: in the order shown.
    public var facts: [Fact]

    public init(
        name: String, headline: Headline, evaluation: Evaluation, controls: [Control] = [], errorTallies: [ErrorTally] = [],
        loss: LossCurve? = nil, stages: [Stage] = [], dataset: DatasetCounts? = nil, samples: [SampleTrajectory] = [],
        recipe: String, facts: [Fact] = []
    ) {
        self.name = name
        self.headline = headline
        self.evaluation = evaluation
        self.controls = controls
        self.errorTallies = errorTallies
        self.loss = loss
        self.stages = stages
        self.dataset = dataset
        self.samples = samples
        self.recipe = recipe
        self.facts = facts
    }

    enum CodingKeys: String, CodingKey {
        case name, headline, evaluation, controls, loss, stages, dataset, samples, recipe, facts
        case errorTallies = "error_kinds"
    }

    /// Which two rows the first sentence sets against each other.
    public struct Headline: Codable, Sendable, Hashable {
        public var policy: String
        public var baseline: String
        public var suite: String
        /// A row's group: `all`, `trained shapes`.
        public var group: String
        /// The metric of every table on the page: `exact_match`, or `reward`.
        public var metric: String
        /// What the n are: `questions about unseen entities`.
        public var about: String

        public init(
            policy: String, baseline: String, suite: String, group: String = Grouping.all, metric: String, about: String = "tasks"
        ) {
            self.policy = policy
            self.baseline = baseline
            self.suite = suite
            self.group = group
            self.metric = metric
            self.about = about
        }
    }

    /// A policy that needs no agent.
    public struct Control: Codable, Sendable, Hashable {
        public var policy: String
        /// One line: what it does and what its score would mean.
        public var explanation: String
        /// The most it should reach, if the recipe says so.
        public var limit: Double?

        public init(policy: String, explanation: String, limit: Double? = nil) {
            self.policy = policy
            self.explanation = explanation
            self.limit = limit
        }
    }

    /// What training logged.
    public struct LossCurve: Codable, Sendable, Hashable {
        public struct Point: Codable, Sendable, Hashable {
            public var step: Int
            public var value: Double

            public init(step: Int, value: Double) {
                self.step = step
                self.value = value
            }
        }

        /// Nats per trained token.
        public var training: [Point]
        public var heldOut: [Point]
        public var learningRate: [Point]
        public var isLogarithmic: Bool

        public init(training: [Point], heldOut: [Point] = [], learningRate: [Point] = [], isLogarithmic: Bool = false) {
            self.training = training
            self.heldOut = heldOut
            self.learningRate = learningRate
            self.isLogarithmic = isLogarithmic
        }

        enum CodingKeys: String, CodingKey {
            case training
            case heldOut = "held_out"
            case learningRate = "learning_rate"
            case isLogarithmic = "logarithmic"
        }
    }

    /// What one stage of the run took.
    public struct Stage: Codable, Sendable, Hashable {
        public var name: String
        public var seconds: Double
        public var promptTokens: Int
        public var completionTokens: Int
        /// Tokens that went through training, every epoch counted.
        public var trainingTokens: Int
        public var priceDollars: Double
        /// One line, such as `400 episodes, 32 in flight`.
        public var note: String

        public init(
            name: String, seconds: Double, promptTokens: Int = 0, completionTokens: Int = 0, trainingTokens: Int = 0,
            priceDollars: Double = 0, note: String = ""
        ) {
            self.name = name
            self.seconds = seconds
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.trainingTokens = trainingTokens
            self.priceDollars = priceDollars
            self.note = note
        }

        enum CodingKeys: String, CodingKey {
            case name, seconds, note
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case trainingTokens = "training_tokens"
            case priceDollars = "price_dollars"
        }
    }

    /// Every count from episodes to trained tokens.
    public struct DatasetCounts: Codable, Sendable, Hashable {
        /// Episodes that entered curation.
        public var collected: Int
        /// Episodes that became documents.
        public var kept: Int
        /// By reason: `reward below 1`, `contaminated`, `too long`.
        public var dropped: [String: Int]
        public var documents: Int
        public var tokens: Int
        /// Tokens under the mask.
        public var trainedTokens: Int
        /// Further counts in the order shown, such as documents by suite and method.
        public var details: [Fact]

        public init(
            collected: Int, kept: Int, dropped: [String: Int], documents: Int, tokens: Int, trainedTokens: Int,
            details: [Fact] = []
        ) {
            self.collected = collected
            self.kept = kept
            self.dropped = dropped
            self.documents = documents
            self.tokens = tokens
            self.trainedTokens = trainedTokens
            self.details = details
        }

        enum CodingKeys: String, CodingKey {
            case collected, kept, dropped, documents, tokens, details
            case trainedTokens = "trained_tokens"
        }
    }

    /// One trajectory as the model saw it, token by token.
    public struct SampleTrajectory: Codable, Sendable, Hashable {
        public struct Token: Codable, Sendable, Hashable {
            public var text: String
            /// Whether the loss counts it.
            public var trained: Bool
            /// Nil for the chat template's own marks.
            public var author: Author?

            public init(_ text: String, trained: Bool, author: Author?) {
                self.text = text
                self.trained = trained
                self.author = author
            }
        }

        /// `collect:hotpotqa:6238:react:0`
        public var key: String
        public var question: String
        public var outcome: Outcome
        public var reward: Double?
        public var answer: String?
        public var gold: String?
        public var tokens: [Token]

        public init(
            key: String, question: String, outcome: Outcome, reward: Double?, answer: String?, gold: String?, tokens: [Token]
        ) {
            self.key = key
            self.question = question
            self.outcome = outcome
            self.reward = reward
            self.answer = answer
            self.gold = gold
            self.tokens = tokens
        }
    }

    /// A name and what it is.
    public struct Fact: Codable, Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
