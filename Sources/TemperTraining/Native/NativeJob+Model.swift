import Foundation
import TemperCore
import TemperTransformer

/// What a job trains.
extension NativeJob {
    /// The base's weights, frozen unless they train.
    func loadModel() throws -> TransformerModel {
        switch base {
        case .folder(let folder):
            guard !AdapterFolder.isOne(folder) else {
                throw TemperError(
                    .data, "the base to train is an adapter, not a whole model",
                    hint: "make one with `temper merge`, or name the adapter's own base", place: folder.path, boundary: .recipe)
            }
            return try TransformerModel(folder: folder, storage: tuning.storage)
        case .fresh(let configuration, let seed):
            let model = TransformerModel(configuration: configuration, seed: seed)
            return tuning.storage == .fp32 ? model : model.frozen(as: tuning.storage)
        }
    }

    /// The adapter that trains, before its first step; nil when the weights themselves do.
    func makeAdapter(for model: TransformerModel) throws -> Adapter? {
        guard case .lora(let options) = tuning else { return nil }
        return try Adapter(for: model, options.adapter, seed: plan.seed)
    }

    var engineSettings: GradientEngine.Settings {
        var settings = GradientEngine.Settings()
        settings.workers = workers
        settings.recomputesActivations = options.recomputeActivations
        settings.hiddenDropout = plan.hiddenDropout
        settings.seed = plan.seed
        return settings
    }

    /// What an adapter's folder says that it belongs to.
    var nameOfBase: String {
        if let baseName { return baseName }
        guard case .folder(let folder) = base else { return "random weights" }
        return folder.path
    }
}
