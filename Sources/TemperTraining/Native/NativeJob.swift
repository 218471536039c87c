package import Foundation
package import TemperCore
package import TemperTransformer

/// One training run of the native engine: where it starts, what it does, where it writes.
package struct NativeJob: Sendable {
    /// The weights to start from.
    package enum Base: Sendable, Hashable {
        /// A Hugging Face folder; its tokenizer files are copied to the output.
        case folder(URL)
        /// Random weights.
        case fresh(ModelConfiguration, seed: UInt64)
    }

    package var base: Base
    /// What an adapter's folder calls its base; the base's path when nil.
    package var baseName: String?
    /// Receives `config.json` and `model.safetensors`, or `adapter_config.json` and `adapter_model.safetensors`, and
    /// `checkpoint.safetensors` while the run goes.
    package var output: URL
    package var plan: TrainingPlan
    package var options = NativeOptions()
    package var tuning = Tuning.full
    /// Documents whose loss is reported and never trained on.
    package var heldOut: TokenDataset?
    package var storedPrecision = TransformerModel.StoredPrecision.fp32
    /// Threads; the machine's cores when nil. The final weights are the same bit for bit for the same number.
    package var workers: Int?

    package init(base: Base, output: URL, plan: TrainingPlan, heldOut: TokenDataset? = nil) {
        self.base = base
        self.output = output
        self.plan = plan
        self.heldOut = heldOut
    }
}
