import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperTokenizers
import TemperTransformer

/// Turns the collected trajectories into a dataset.
enum CurateStage {
    static func run(_ context: RunContext) async throws -> String {
        context.observer(.stageStarted(.curate, "minimum reward, format, duplicates, length, mask"))
        let base = try ModelLocator.folder(for: context.recipe.train?.base ?? Recipe.Train().base)
        let trajectories =
            try context.store.trajectories(group: CollectStage.group) + context.store.trajectories(group: RunImport.group)
            + DeriveStage.kept(context.recipe, in: context.folder, context.store)
        let conversations = try ConversationFile.documents(in: context.folder)
        let dataset = try Curation.run(
            trajectories, conversations: conversations, options: context.recipe.curate,
            context: CurationContext(
                run: context.recipe.name, seed: context.recipe.seed, tokenizer: Tokenizer(folder: base),
                contextLimit: ModelConfiguration(contentsOf: base.appendingPathComponent("config.json")).contextLength,
                testInstructions: try testInstructions(context.recipe),
                prompt: { try context.recipe.suite($0).prompt(for: $1) }))
        _ = try dataset.write(to: context.folder.dataset)
        let card = dataset.card
        return
            "\(trajectories.count) trajectories, \(conversations.count) conversations, \(card.documents) documents, \(card.trainedTokens) of \(card.tokens) tokens trained"
    }

    /// The task texts of the test sets that the recipe names.
    private static func testInstructions(_ recipe: Recipe) throws -> [String] {
        try (recipe.curate.contamination?.against ?? []).flatMap { name -> [String] in
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2, SuiteRegistry.all.contains(where: { $0.id == parts[0] }) {
                return try recipe.suite(parts[0]).tasks(split: parts[1], limit: nil).map(\.instruction)
            }
            return try ContaminationCheck.instructions(in: URL(fileURLWithPath: name))
        }
    }
}
