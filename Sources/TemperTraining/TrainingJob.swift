package import Foundation
package import TemperCore

/// What is trained, and how: all that is known before there is a dataset.
package struct TrainingSetup: Sendable, Hashable {
    /// The folder of the model to start from.
    package var base: URL
    /// What an adapter's folder calls its base.
    package var baseName: String
    package var tuning: Tuning
    package var plan: TrainingPlan
    /// What the recipe's `train.ENGINE` gives; keys that it leaves out have the engine's defaults.
    package var options: [String: JSONValue]

    /// - Parameter baseName: the base's path when nil.
    package init(
        base: URL, baseName: String? = nil, tuning: Tuning = .full, plan: TrainingPlan = TrainingPlan(),
        options: [String: JSONValue] = [:]
    ) {
        self.base = base
        self.baseName = baseName ?? base.path
        self.tuning = tuning
        self.plan = plan
        self.options = options
    }

    /// The options as the engine's own type.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the key of `train.ENGINE`.
    package func engineOptions<Options: Configurable>(
        _ type: Options.Type = Options.self, of engine: some TrainingEngine
    ) throws -> Options {
        try Options(given: options, at: ["train", engine.name])
    }
}

/// One training run: what is trained, on what, and where it writes.
package struct TrainingJob: Sendable, Hashable {
    package var setup: TrainingSetup
    /// The folder of a curated dataset: chats in `train.jsonl`, the same in tokens of the base in `tokens.safetensors`, and,
    /// where documents were kept out to measure the loss on, `held_out.jsonl` and `held_out.safetensors`.
    package var dataset: URL
    /// Where an engine keeps what it needs to go on, and the model when that is a folder.
    package var output: URL

    package init(_ setup: TrainingSetup, dataset: URL, output: URL) {
        self.setup = setup
        self.dataset = dataset
        self.output = output
    }
}
