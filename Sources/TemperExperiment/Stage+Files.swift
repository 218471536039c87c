import TemperData

extension Stage {
    /// What the stage writes, which is recorded when it is finished.
    var output: Manifest.Output? {
        switch self {
        case .derive: .derived
        case .curate: .dataset
        case .pretrain, .train: .model
        case .evaluate: .evaluation
        case .collect, .report: nil
        }
    }

    /// - Throws: ``TemperError`` with code `data` that names a file the stage reads and that is not what was recorded.
    func requireInputIntact(_ manifest: Manifest, in folder: RunFolder) throws {
        switch self {
        case .collect, .curate: try manifest.requireIntact([.derived], in: folder)
        case .train: try manifest.requireIntact([.dataset], in: folder)
        case .evaluate: try manifest.requireIntact([.model, .seedModels], in: folder)
        case .report:
            try manifest.requireIntact([.dataset], in: folder, only: "dataset/card.json")
            try manifest.requireIntact([.evaluation], in: folder)
        case .pretrain, .derive: break
        }
    }

    /// - Throws: ``TemperError`` with code `data` when what the finished stage wrote is no longer what it was.
    func requireOutputIntact(_ manifest: Manifest, _ recipe: Recipe, in folder: RunFolder) throws {
        // A model that is tuned further takes the place of the one that was made from scratch.
        guard let output, self != .pretrain || recipe.train == nil else { return }
        try manifest.requireIntact([output], in: folder)
    }
}
