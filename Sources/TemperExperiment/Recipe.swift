package import TemperAgents
package import TemperCore
package import TemperData
package import TemperEndpoint
package import TemperTraining

/// An experiment, as its YAML file says it. The defaults here are the only defaults.
package struct Recipe: Configurable {
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
    package struct Pretrain: Configurable {
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

        package init() {}
    }

    /// Runs a policy over tasks and keeps every trajectory.
    package struct Collect: Configurable {
        /// `expert`, `random`, `openai:MODEL`, `http(s)://…#MODEL`, `model:PATH` or `recording:PATH`.
        package var policy = "expert"
        package var suites: [String: SuiteSelection] = [:]
        /// Share of the tasks each method gets; 1 means every task.
        package var methods: [Method.RawValue: Double] = ["react": 1]
        package var concurrency = 16
        /// Their keys stand beside the others.
        package var episodes = EpisodeSettings(maximumNewTokens: 256)
        package var endpoint = EndpointOptions()

        package init() {}
    }

    /// Which tasks of a suite: `400`, or `{ split: easy, limit: 400 }`.
    package struct SuiteSelection: Configurable {
        /// Empty takes the stage's own split.
        package var split = ""
        /// The first N tasks by id; 0 means all.
        package var limit = 0

        package static var shortKey: String? { "limit" }

        package init() {}

        package init(split: String = "", limit: Int = 0) {
            self.split = split
            self.limit = limit
        }
    }

    /// Tunes a base model on the dataset.
    package struct Train: Configurable {
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
}
