import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperExperiment

struct CurateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curate", abstract: "Filters the collected trajectories and renders them to messages, tokens and a mask.",
        discussion: """
            --dry-run prints what each step would keep and drop, with what the run holds now; --explain what each step decided about
            every episode and why, or with EPISODE about that one. Both write nothing, and take a run folder in RECIPE's place: they
            then go by the recipe it was made with, and --explain by what was decided when it was curated.

            Examples:
              temper curate recipes/quickstart.yaml
              temper curate recipes/quickstart.yaml --set curate.keep="turns <= 4" --dry-run
              temper curate runs/quickstart --explain 3
            """)
    @OptionGroup var options: RecipeOptions
    @Argument(help: "With --explain: an episode's key, a task id, or a position as temper show counts.")
    var episode: String?
    @Flag(help: "Show what each step would keep and drop; write nothing.")
    var dryRun = false
    @Flag(help: "Show what each step decides about each episode, and why; write nothing.")
    var explain = false

    func run() async throws {
        guard !(dryRun && explain) else { throw TemperError(.usage, "--dry-run and --explain are two questions; ask one") }
        guard episode == nil || explain else {
            throw TemperError(.usage, "'\(episode ?? "")' is one argument too many", hint: "an EPISODE goes with --explain")
        }
        if dryRun { return try preview() }
        if explain { return try explanation() }
        guard !isRun else {
            throw TemperError(
                .usage, "'\(options.recipe)' is a run folder, and curate works on a recipe",
                hint: "with --dry-run or --explain a run folder will do")
        }
        try await options.run([.curate])
    }

    /// Whether RECIPE is a folder.
    private var isRun: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: options.recipe, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The recipe, and the run it is about.
    private func subject() throws -> (recipe: Recipe, folder: URL) {
        guard isRun else {
            let recipe = try options.decoded()
            return (recipe, options.runFolder(of: recipe))
        }
        guard options.folder == nil, options.set.isEmpty else {
            throw TemperError(.usage, "--run and --set go with a recipe, not with a run folder")
        }
        let folder = URL(fileURLWithPath: options.recipe, isDirectory: true)
        return (try CurationPreview.recipe(of: folder), folder)
    }

    private func located<Value>(_ body: () throws -> Value) throws -> Value {
        isRun ? try body() : try options.located(body)
    }

    private func preview() throws {
        let (recipe, folder) = try subject()
        let card = try located { try CurationPreview.card(recipe, in: folder) }
        if options.output.json { return try Output.json(card) }
        Output.table(
            [["step", "", "in", "kept", "dropped"]]
                + card.steps.map { step in
                    [
                        step.name, step.unit, "\(step.entering)", "\(step.kept)",
                        step.dropped.map { "\($0.reason): \($0.count)" }.joined(separator: "; "),
                    ]
                })
        print(
            "\(card.documents) training documents, \(card.heldOutDocuments) held out; \(card.trainedTokens) of \(card.tokens) tokens "
                + "trained; nothing was written")
    }

    private func explanation() throws {
        let (recipe, folder) = try subject()
        let fates = try located {
            try isRun ? CurationPreview.fates(of: folder) : CurationPreview.fates(recipe, in: folder)
        }
        guard let episode else {
            if options.output.json { return try Output.json(["episodes": fates]) }
            return Output.table(
                [["", "episode", "outcome", "step", "reason"]]
                    + fates.enumerated().map { index, fate in
                        [
                            "\(index + 1)", fate.episode, fate.outcome.rawValue, fate.dropped?.step ?? "",
                            fate.dropped?.reason ?? "",
                        ]
                    })
        }
        let fate = try CurationPreview.fate(episode, among: fates, in: folder)
        if options.output.json { return try Output.json(fate) }
        Output.text("\(fate.episode): \(fate.outcome.rawValue), documents \(fate.documents)")
        Output.table(
            [["step", "call", "decision", "reason"]]
                + fate.decisions.map { decision in
                    [
                        decision.step, decision.call.map { "\($0)" } ?? "", decision.kept ? "kept" : "dropped",
                        decision.reason ?? "",
                    ]
                })
    }
}
