public import TemperAgents
public import TemperCore
public import TemperData
public import TemperEndpoint
public import TemperTraining

/// An experiment, as its YAML file says it. The defaults here are the only defaults.
public struct Recipe: Codable, Sendable, Hashable {
    /// Names the run folder, `runs/NAME`.
    public var name = "run"
    public var seed: UInt64 = 7
    public var pretrain: Pretrain? = nil
    public var collect: Collect? = nil
    public var curate = CurationOptions()
    public var train: Train? = nil
    public var evaluate: Evaluate? = nil
    /// Options of suites, by the suite's id.
    public var suites: [String: [String: JSONValue]] = [:]

    /// Trains a base model from nothing on generated general text.
    public struct Pretrain: Codable, Sendable, Hashable {
        /// Size of the vocabulary, special tokens included.
        public var vocabularySize = 2048
        /// Documents of general text the tokenizer is trained on.
        public var tokenizerDocuments = 6000
        public var layers = 4
        public var width = 256
        public var feedForwardWidth = 768
        public var heads = 4
        public var keyValueHeads = 2
        public var context = 4096
        /// Training ends after this many tokens.
        public var tokens = 40_000_000
        /// Documents kept out to measure the loss on.
        public var heldOutDocuments = 200
        public var plan = TrainingPlan()

        enum CodingKeys: String, CodingKey {
            case vocabularySize = "vocabulary_size"
            case tokenizerDocuments = "tokenizer_documents"
            case layers, width
            case feedForwardWidth = "feed_forward_width"
            case heads
            case keyValueHeads = "key_value_heads"
            case context, tokens
            case heldOutDocuments = "held_out_documents"
            case plan
        }

        public init() {}
    }

    /// Runs a policy over tasks and keeps every trajectory.
    public struct Collect: Codable, Sendable, Hashable {
        /// `expert`, `random`, `openai:MODEL`, `http(s)://…#MODEL`, `model:PATH` or `recording:PATH`.
        public var policy = "expert"
        public var suites: [String: SuiteSelection] = [:]
        /// Share of the tasks each method gets; 1 means every task.
        public var methods: [Method.RawValue: Double] = ["react": 1]
        public var attempts = 1
        public var concurrency = 16
        public var prompt = PromptStyle.full
        public var temperature = 0.0
        public var topP = 1.0
        /// 0 takes the suite's own limit.
        public var maximumTurns = 0
        public var maximumNewTokens = 256
        /// Tokens of prompt and reply; 0 takes the policy's own limit.
        public var contextTokens = 0
        public var contextRule = ContextRule.dropOldest
        /// The least sentence BLEU, 0…1, at which the nearest admissible action stands in for one that is not (AgentBench: 0.01);
        /// without it none does.
        public var nearestAction: Double? = nil
        /// How method `reflexion` reflects; without it as ``ReflexionOptions`` says.
        public var reflexion: ReflexionOptions? = nil
        public var endpoint = EndpointOptions()

        enum CodingKeys: String, CodingKey {
            case policy, suites, methods, attempts, concurrency, prompt, temperature
            case topP = "top_p"
            case maximumTurns = "maximum_turns"
            case maximumNewTokens = "maximum_new_tokens"
            case contextTokens = "context_tokens"
            case contextRule = "context_rule"
            case nearestAction = "nearest_action"
            case reflexion, endpoint
        }

        public init() {}
    }

    /// Which tasks of a suite: `400`, or `{ split: easy, limit: 400 }`.
    public struct SuiteSelection: Codable, Sendable, Hashable {
        /// Empty takes the stage's own split.
        public var split = ""
        /// The first N tasks by id; 0 means all.
        public var limit = 0

        public init(split: String = "", limit: Int = 0) {
            self.split = split
            self.limit = limit
        }

        enum CodingKeys: String, CodingKey { case split, limit }

        public init(from decoder: any Decoder) throws {
            if let limit = try? decoder.singleValueContainer().decode(Int.self) {
                self.limit = limit
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            split = try container.decodeIfPresent(String.self, forKey: .split) ?? split
            limit = try container.decodeIfPresent(Int.self, forKey: .limit) ?? limit
        }
    }

    /// Tunes a base model on the dataset.
    public struct Train: Codable, Sendable, Hashable {
        public var engine = "native"
        /// A model folder, or a shipped name such as `pocket-base`.
        public var base = "pocket-base"
        /// Between checkpoints, from which an interrupted training goes on.
        public var checkpointSeconds = 60.0
        public var plan = TrainingPlan()

        enum CodingKeys: String, CodingKey {
            case engine, base
            case checkpointSeconds = "checkpoint_seconds"
        }

        public init() {}

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            engine = try container.decode(String.self, forKey: .engine)
            base = try container.decode(String.self, forKey: .base)
            checkpointSeconds = try container.decode(Double.self, forKey: .checkpointSeconds)
            plan = try TrainingPlan(from: decoder)
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(engine, forKey: .engine)
            try container.encode(base, forKey: .base)
            try container.encode(checkpointSeconds, forKey: .checkpointSeconds)
            try plan.encode(to: encoder)
        }
    }

    /// Measures policies on tasks that no training text came from.
    public struct Evaluate: Codable, Sendable, Hashable {
        /// `base` (with demonstrations), `tuned` (the task alone, as it was trained), or any policy word.
        public var policies = ["base", "tuned"]
        /// What shows how much of a score needs an agent: `base-admissible`, `search-once`, `mismatched-observations`.
        public var controls: [String] = []
        public var heldIn: [String] = []
        public var heldOut: [String] = []
        /// The methods each suite is run in; empty takes the suite's own. With several the report sets random, best single and oracle
        /// choice beside them (FireAct, Tables 4 and 10); comparisons are about the suite's own where it is among them, or the first.
        public var methods: [String] = []
        public var split = "test"
        /// The first N tasks by id of each suite; 0 means all.
        public var limit = 200
        public var concurrency = 32
        public var maximumNewTokens = 128
        public var maximumTurns = 0
        public var temperature = 0.0
        /// As ``Collect/nearestAction``.
        public var nearestAction: Double? = nil

        enum CodingKeys: String, CodingKey {
            case policies, controls
            case heldIn = "held_in"
            case heldOut = "held_out"
            case methods, split, limit, concurrency
            case maximumNewTokens = "maximum_new_tokens"
            case maximumTurns = "maximum_turns"
            case temperature
            case nearestAction = "nearest_action"
        }

        public init() {}
    }

    public init() {}

    /// A recipe with every section present, each at its defaults.
    static var complete: Recipe {
        var recipe = Recipe()
        recipe.pretrain = Pretrain()
        recipe.collect = Collect()
        recipe.train = Train()
        recipe.evaluate = Evaluate()
        return recipe
    }

    /// The keys a recipe may have; `*` stands for any. Only its shape is used.
    static var schema: Recipe {
        var recipe = complete
        recipe.suites = ["*": ["*": .null]]
        recipe.collect?.suites = ["*": SuiteSelection()]
        recipe.collect?.methods = ["*": 1]
        recipe.collect?.nearestAction = 1
        recipe.collect?.reflexion = ReflexionOptions()
        recipe.evaluate?.nearestAction = 1
        recipe.collect?.endpoint.requestsPerMinute = 1
        recipe.collect?.endpoint.contextLimit = 1
        recipe.collect?.endpoint.price = ModelPrice(prompt: 1, completion: 1)
        recipe.pretrain?.plan.maximumSteps = 1
        recipe.pretrain?.plan.evaluateEvery = 1
        recipe.train?.plan.maximumSteps = 1
        recipe.train?.plan.evaluateEvery = 1
        recipe.curate.minimumReward = ["*": 1]
        recipe.curate.keep = ""
        recipe.curate.nearestActions = .mask
        recipe.curate.nearDuplicates = 1
        recipe.curate.contamination = CurationOptions.Contamination()
        recipe.curate.balance = CurationOptions.Balance()
        recipe.curate.mix = MixOptions(size: 1)
        recipe.curate.turnWeights = [CurationOptions.TurnWeight(when: "", weight: 1)]
        recipe.curate.maximumPerTask = 1
        recipe.curate.maximumTokens = 1
        recipe.curate.chatTemplate = ""
        return recipe
    }
}
