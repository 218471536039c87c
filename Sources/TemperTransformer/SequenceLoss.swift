package import Foundation
package import TemperCore

/// The loss of a model on a dataset's trained tokens.
package enum SequenceLoss {
    /// Loads the model, or the adapter and its base, first.
    ///
    /// - Parameter locate: as ``StoredModel``'s.
    package static func evaluate(
        folder: URL, _ dataset: TokenDataset, precision: Precision = .auto, workers: Int? = nil,
        locate: ((String) throws -> URL)? = nil
    ) throws -> LossSum {
        try precision.requireAvailable()
        let stored = try StoredModel(folder: folder, precision: precision, locate: locate)
        var settings = GradientEngine.Settings()
        settings.workers = workers
        settings.computesGradient = false
        return try evaluate(
            GradientEngine(model: stored.model, adapter: stored.adapter, precision: precision, settings), dataset)
    }

    /// The sum over all trained tokens, in nats and each times its weight, and their number.
    ///
    /// - Throws: ``TemperError`` with code `data` when a document does not fit the model.
    package static func evaluate(
        _ model: TransformerModel, _ dataset: TokenDataset, precision: Precision = .auto, workers: Int? = nil
    ) throws -> LossSum {
        try precision.requireAvailable()
        return try evaluate(
            GradientEngine(model: model, precision: precision, workers: workers, computesGradient: false), dataset)
    }

    /// The same on an engine that exists already.
    package static func evaluate(_ engine: GradientEngine, _ dataset: TokenDataset) throws -> LossSum {
        try dataset.requireFits(engine.model.configuration)
        var total = LossSum()
        // A bounded number of documents at a time; which ones share a pass changes no document's loss by more than rounding.
        for start in stride(from: 0, to: dataset.documentCount, by: 64) {
            let end = min(start + 64, dataset.documentCount)
            let part = try engine.loss(of: (start..<end).map(dataset.document))
            total.lossSum += part.lossSum
            total.tokenCount += part.tokenCount
            total.weightSum += part.weightSum
        }
        return total
    }
}
