package import TemperAgents
package import TemperCore
package import TemperData
package import TemperEndpoint
package import TemperTraining

/// An experiment, as its YAML file says it. The defaults here are the only defaults.
package struct Recipe: Codable, Sendable, Hashable {
    /// Names the run folder, `runs/NAME`.
    package var name = "run"
    package var seed: UInt64 = 7
    package var pretrain: Pretrain? = nil
    package var derive: Derive? = nil
    package var collect: Collect? = nil
    package var curate = CurationOptions()
    package var train: Train? = nil
    package var evaluate: Evaluate? = nil
    /// Options of suites, by the suite's id.
    package var suites: [String: [String: JSONValue]] = [:]

    /// Trains a base model from nothing on generated general text.
    package struct Pretrain: Codable, Sendable, Hashable {
        /// Size of the vocabulary, special tokens included.
        package var vocabularySize = 2048
        /// Documents of general text the tokenizer is trained on.
        package var tokenizerDocuments = 6000
        package var layers = 4
        package var width = 256
        package var feedForwardWidth = 768
        package var heads = 4
        package var keyValueHeads = 2
        package var context = 4096
        /// Training ends after this many tokens.
        package var tokens = 40_000_000
        /// Documents kept out to measure the loss on.
        package var heldOutDocuments = 200
        package var plan = TrainingPlan()
        /// Only the native engine pretrains.
        package var native = NativeOptions()

        enum CodingKeys: String, CodingKey {
            case vocabularySize = "vocabulary_size"
            case tokenizerDocuments = "tokenizer_documents"
            case layers, width
            case feedForwardWidth = "feed_forward_width"
            case heads
            case keyValueHeads = "key_value_heads"
            case context, tokens
            case heldOutDocuments = "held_out_documents"
            case plan, native
        }

        package init() {}
    }

    /// Runs a policy over tasks and keeps every trajectory.
    package struct Collect: Codable, Sendable, Hashable {
        /// `expert`, `random`, `openai:MODEL`, `http(s)://…#MODEL`, `model:PATH` or `recording:PATH`.
        package var policy = "expert"
        package var suites: [String: SuiteSelection] = [:]
        /// Share of the tasks each method gets; 1 means every task.
        package var methods: [Method.RawValue: Double] = ["react": 1]
        package var attempts = 1
        package var concurrency = 16
        package var prompt = PromptStyle.full
        package var temperature = 0.0
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
        package var endpoint = EndpointOptions()

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

        package init() {}
    }

    /// Which tasks of a suite: `400`, or `{ split: easy, limit: 400 }`.
    package struct SuiteSelection: Codable, Sendable, Hashable {
        /// Empty takes the stage's own split.
        package var split = ""
        /// The first N tasks by id; 0 means all.
        package var limit = 0

        package init(split: String = "", limit: Int = 0) {
            self.split = split
            self.limit = limit
        }

        enum CodingKeys: String, CodingKey { case split, limit }

        package init(from decoder: any Decoder) throws {
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
    package struct Train: Codable, Sendable, Hashable {
        package var engine = "native"
        /// A model folder, or a shipped name such as `pocket-base`.
        package var base = "pocket-base"
        /// `full`, or `{ lora: { rank: 8, alpha: 16, … } }` for an adapter beside the frozen base.
        package var tuning = Tuning.full
        package var plan = TrainingPlan()
        /// What only one engine has, by the engine's name: `native: { precision: fp32 }`.
        package var options: [String: [String: JSONValue]] = [:]

        package init() {}
    }

    /// Measures policies on tasks that no training text came from.
    package struct Evaluate: Codable, Sendable, Hashable {
        /// `base` (with demonstrations), `tuned` (the task alone, as it was trained), or any policy word.
        package var policies = ["base", "tuned"]
        /// What shows how much of a score needs an agent: `base-admissible`, `search-once`, `mismatched-observations`.
        package var controls: [String] = []
        package var heldIn: [String] = []
        package var heldOut: [String] = []
        /// The methods each suite is run in; empty takes the suite's own. With several the report sets random, best single and oracle
        /// choice beside them (FireAct, Tables 4 and 10); comparisons are about the suite's own where it is among them, or the first.
        package var methods: [String] = []
        package var split = "test"
        /// The first N tasks by id of each suite; 0 means all.
        package var limit = 200
        package var concurrency = 32
        package var maximumNewTokens = 128
        package var maximumTurns = 0
        package var temperature = 0.0
        /// As ``Collect/nearestAction``.
        package var nearestAction: Double? = nil

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

        package init() {}
    }

    package init() {}

    /// A recipe with every section present, each at its defaults.
    static var complete: Recipe {
        var recipe = Recipe()
        recipe.pretrain = Pretrain()
        recipe.derive = Derive()
        recipe.collect = Collect()
        recipe.train = Train()
        recipe.evaluate = Evaluate()
        return recipe
    }

    /// The keys a recipe may have; `*` stands for any. Only its shape is used.
    static var schema: Recipe {
        var recipe = complete
        recipe.suites = ["*": ["*": .null]]
        var plan = DerivePlan()
        plan.selfInstruct = SelfInstruct()
        plan.thoughts = DeriveSource()
        plan.interaction = DeriveSource()
        recipe.derive?.suites = ["*": plan]
        recipe.derive?.endpoint.requestsPerMinute = 1
        recipe.derive?.endpoint.contextLimit = 1
        recipe.derive?.endpoint.price = ModelPrice(prompt: 1, completion: 1)
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
        recipe.train?.tuning = .lora(Tuning.LowRank())
        recipe.train?.plan.maximumSteps = 1
        recipe.train?.plan.evaluateEvery = 1
        recipe.curate.minimumReward = ["*": 1]
        recipe.curate.rewardFilter = .paper
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
