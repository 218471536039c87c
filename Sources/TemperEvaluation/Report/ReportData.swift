package import TemperCore

/// Everything the report page shows; `report.json` is this value.
package struct ReportData: Codable, Sendable, Hashable {
    /// The run's name.
    package var name: String
    package var headline: Headline
    package var evaluation: Evaluation
    /// Policies of `evaluation` that need no agent, each with what it shows.
    package var controls: [Control]
    package var errorTallies: [ErrorTally]
    package var loss: LossCurve?
    package var stages: [StageCost]
    package var dataset: DatasetCounts?
    package var samples: [SampleTrajectory]
    /// The recipe as YAML text.
    package var recipe: String
    /// Seed, commit, versions, machine: in the order shown.
    package var facts: [Fact]

    package init(
        name: String, headline: Headline, evaluation: Evaluation, controls: [Control] = [], errorTallies: [ErrorTally] = [],
        loss: LossCurve? = nil, stages: [StageCost] = [], dataset: DatasetCounts? = nil, samples: [SampleTrajectory] = [],
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
    package struct Headline: Codable, Sendable, Hashable {
        package var policy: String
        package var baseline: String
        package var suite: String
        /// A row's group: `all`, `trained shapes`.
        package var group: String
        /// The metric of every table on the page: `exact_match`, or `reward`.
        package var metric: String
        /// What the n are: `questions about unseen entities`.
        package var about: String

        package init(
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
    package struct Control: Codable, Sendable, Hashable {
        package var policy: String
        /// One line: what it does and what its score would mean.
        package var explanation: String
        /// The most it should reach, if the recipe says so.
        package var limit: Double?

        package init(policy: String, explanation: String, limit: Double? = nil) {
            self.policy = policy
            self.explanation = explanation
            self.limit = limit
        }
    }

    /// What training logged.
    package struct LossCurve: Codable, Sendable, Hashable {
        package struct Point: Codable, Sendable, Hashable {
            package var step: Int
            package var value: Double

            package init(step: Int, value: Double) {
                self.step = step
                self.value = value
            }
        }

        /// Nats per trained token.
        package var training: [Point]
        package var heldOut: [Point]
        package var learningRate: [Point]
        package var isLogarithmic: Bool

        package init(training: [Point], heldOut: [Point] = [], learningRate: [Point] = [], isLogarithmic: Bool = false) {
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
    package struct StageCost: Codable, Sendable, Hashable {
        package var name: String
        package var seconds: Double
        package var promptTokens: Int
        package var completionTokens: Int
        /// Tokens that went through training, every epoch counted.
        package var trainingTokens: Int
        package var priceDollars: Double
        /// One line, such as `400 episodes, 32 in flight`.
        package var note: String

        package init(
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
    package struct DatasetCounts: Codable, Sendable, Hashable {
        /// Episodes that entered curation.
        package var collected: Int
        /// Episodes that became documents.
        package var kept: Int
        /// Dropped items by reason: `reward below 1`, `contaminated`, `too long`.
        package var dropped: [String: Int]
        package var documents: Int
        package var tokens: Int
        /// Tokens under the mask.
        package var trainedTokens: Int
        /// Further counts in the order shown, such as documents by suite and method.
        package var details: [Fact]

        package init(
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
    package struct SampleTrajectory: Codable, Sendable, Hashable {
        package struct Token: Codable, Sendable, Hashable {
            package var text: String
            /// Whether the loss counts it.
            package var trained: Bool
            /// Nil for the chat template's own marks.
            package var author: Author?

            package init(_ text: String, trained: Bool, author: Author?) {
                self.text = text
                self.trained = trained
                self.author = author
            }
        }

        /// `collect:hotpotqa:6238:react:0`
        package var key: String
        package var question: String
        package var outcome: Outcome
        package var reward: Double?
        package var answer: String?
        package var gold: String?
        package var tokens: [Token]

        package init(
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
    package struct Fact: Codable, Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
