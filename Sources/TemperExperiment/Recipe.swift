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
        package var concurrency = 16
        /// Their keys stand beside the others.
        package var episodes = EpisodeSettings(maximumNewTokens: 256)
        package var endpoint = EndpointOptions()

        enum CodingKeys: String, CodingKey { case policy, suites, methods, concurrency, endpoint }

        package init() {}

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            policy = try values.decode(String.self, forKey: .policy)
            suites = try values.decode([String: SuiteSelection].self, forKey: .suites)
            methods = try values.decode([Method.RawValue: Double].self, forKey: .methods)
            concurrency = try values.decode(Int.self, forKey: .concurrency)
            endpoint = try values.decode(EndpointOptions.self, forKey: .endpoint)
            episodes = try EpisodeSettings(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(policy, forKey: .policy)
            try values.encode(suites, forKey: .suites)
            try values.encode(methods, forKey: .methods)
            try values.encode(concurrency, forKey: .concurrency)
            try values.encode(endpoint, forKey: .endpoint)
            try episodes.encode(to: encoder)
        }
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
        recipe.collect?.episodes = .everyKey
        recipe.evaluate?.episodes = .everyKey
        recipe.evaluate?.compare = [[]]
        recipe.evaluate?.prompts = ["*": .full]
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
        recipe.curate.redact = RedactionOptions.schema
        recipe.curate.balance = CurationOptions.Balance()
        recipe.curate.mix = MixOptions(size: 1)
        recipe.curate.turnWeights = [CurationOptions.TurnWeight(when: "", weight: 1)]
        recipe.curate.maximumPerTask = 1
        recipe.curate.maximumTokens = 1
        recipe.curate.chatTemplate = ""
        return recipe
    }
}
