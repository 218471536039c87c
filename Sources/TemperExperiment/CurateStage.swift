import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperPocketText
import TemperTokenizers
import TemperTransformer

/// Turns the collected trajectories into a dataset.
enum CurateStage {
    static func run(_ context: RunContext) async throws -> String {
        context.observer(.stageStarted(.curate, "minimum reward, format, duplicates, length, mask"))
        let curated = try dataset(context.recipe, context.folder, context.store, context.registry)
        _ = try curated.dataset.write(to: context.folder.dataset)
        let card = curated.dataset.card
        return
            "\(curated.episodes) trajectories, \(curated.conversations) conversations, \(card.documents) documents, \(card.trainedTokens) of \(card.tokens) tokens trained"
    }

    /// What the recipe makes of what a run holds; writes nothing.
    ///
    /// - Parameter store: nil where the run has imported conversations only.
    static func dataset(
        _ recipe: Recipe, _ folder: RunFolder, _ store: RunStore?, _ registry: ExperimentRegistry, allowsNothing: Bool = false
    ) throws -> (dataset: CuratedDataset, episodes: Int, conversations: Int) {
        let base = try ModelLocator.folder(for: recipe.train?.base ?? Recipe.Train().base)
        var trajectories = try groups.flatMap { try store?.trajectories(group: $0) ?? [] }
        if let store { trajectories += try DeriveStage.kept(recipe, in: folder, store) }
        let conversations = try ConversationFile.documents(in: folder)
        let dataset = try Curation.run(
            trajectories, conversations: conversations, options: recipe.curate,
            context: CurationContext(
                run: recipe.name, seed: recipe.seed, tokenizer: Tokenizer(folder: base),
                contextLimit: ModelConfiguration.contextLength(of: base),
                testSets: try testSets(recipe, registry), generators: [pocketChat],
                prompt: { try recipe.suite($0, in: registry).prompt(for: $1) }),
            allowsNothing: allowsNothing)
        return (dataset, trajectories.count, conversations.count)
    }

    /// The groups of episodes that curation takes in.
    static let groups = [CollectStage.group, RunImport.group]

    /// The pocket world's general text, without the pages that are not chats; of another stream than `pretrain` reads.
    private static let pocketChat = GeneralGenerator(name: "pocket/chat") { index, seed in
        let messages = GeneralText.document(at: index, seed: seed)
        return messages.first?.role == .user && messages.last?.role == .assistant ? messages : nil
    }

    /// The task texts of the test sets that the recipe names.
    private static func testSets(_ recipe: Recipe, _ registry: ExperimentRegistry) throws -> [TestSet] {
        try (recipe.curate.contamination?.against ?? []).map { name in
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2, SuiteRegistry.isKnown(parts[0], among: registry.suites) {
                return TestSet(
                    name: name,
                    instructions: try recipe.suite(parts[0], in: registry).tasks(split: parts[1], limit: nil).map(\.instruction))
            }
            let file = URL(fileURLWithPath: name)
            return TestSet(name: file.lastPathComponent, instructions: try ContaminationCheck.instructions(in: file))
        }
    }
}
