package import Foundation
import TemperCore
package import TemperData

/// What curation would do, or did, with what a run holds: `temper curate --dry-run` and `--explain`. Nothing is written.
package enum CurationPreview {
    /// The card of the dataset that the recipe makes of the run as it is now, also where nothing is left to train on.
    ///
    /// - Throws: ``TemperError`` with code `data` when there is no such run, and as ``Curation``.
    package static func card(_ recipe: Recipe, in folder: URL) throws -> DatasetCard {
        try dataset(recipe, folder).card
    }

    /// What becomes of each episode and imported conversation under the recipe.
    ///
    /// - Throws: as ``card(_:in:)``.
    package static func fates(_ recipe: Recipe, in folder: URL) throws -> [CurationFate] {
        try dataset(recipe, folder).fates
    }

    /// What became of each when the run was curated; where it was not, what would under the run's own recipe.
    ///
    /// - Throws: as ``card(_:in:)``.
    package static func fates(of folder: URL) throws -> [CurationFate] {
        let run = try RunFolder.existing(folder)
        return try CuratedDataset.fates(in: run.dataset) ?? fates(recipe(of: folder), in: folder)
    }

    /// The recipe a run was made with; the defaults for a folder of imports only.
    package static func recipe(of folder: URL) throws -> Recipe {
        try Manifest.read(RunFolder.existing(folder)).map { try RecipeFile.recipe(from: $0.recipe) } ?? Recipe()
    }

    /// The one that a person means: the name of an episode or conversation, the id of an episode's task, or its position in what
    /// `temper show` lists.
    ///
    /// - Throws: ``TemperError`` with code `usage` when there is none, or when curation does not look at that episode.
    package static func fate(_ name: String, among fates: [CurationFate], in folder: URL) throws -> CurationFate {
        if let found = fates.first(where: { $0.episode == name }) { return found }
        let run = try RunFolder.existing(folder)
        guard FileManager.default.fileExists(atPath: run.store.path) else {
            throw TemperError(.usage, "there is no episode or conversation '\(name)' among the \(fates.count)")
        }
        let key = try RunStore(run).trajectory(matching: name).key
        if let found = fates.first(where: { $0.episode == key.text }) { return found }
        throw TemperError(
            .usage, "curation does not look at \(key.text)",
            hint: "it takes in the groups \(CurateStage.groups.joined(separator: " and "))")
    }

    private static func dataset(_ recipe: Recipe, _ folder: URL) throws -> CuratedDataset {
        try recipe.check(stages: [.curate])
        let run = try RunFolder.existing(folder)
        let store = FileManager.default.fileExists(atPath: run.store.path) ? try RunStore(run) : nil
        return try CurateStage.dataset(recipe, run, store, allowsNothing: true).dataset
    }
}
