import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEvaluation
import TemperExperiment

/// Options of every command that works on a recipe.
struct RecipeOptions: ParsableArguments {
    @Argument(help: "The recipe file (YAML).")
    var recipe: String

    @Option(name: .customLong("run"), help: "The run folder. Default: runs/NAME.")
    var folder: String?

    @Option(help: "Overrides a key of the recipe, for example --set train.learning_rate=3e-5. May be repeated.")
    var set: [String] = []

    @Option(help: "US dollars after which no further paid call is made (exit 75; the same command goes on later).")
    var budget: Double?

    @Flag(help: "Only say what the paid models of the recipe are likely to cost; no call is made.")
    var estimate = false

    @Flag(help: "Throw away how far an interrupted training has come, and begin it anew.")
    var restartStage = false

    @OptionGroup var output: OutputOptions

    /// The recipe, with what `--set` changes.
    func decoded() throws -> Recipe { try RecipeFile.load(URL(fileURLWithPath: recipe), overrides: set).recipe }

    /// The run folder of a recipe.
    func runFolder(of recipe: Recipe) -> URL { URL(fileURLWithPath: folder ?? "runs/\(recipe.name)", isDirectory: true) }

    /// A recipe's errors with the line they are about.
    func located<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as TemperError {
            throw RecipeFile.located(
                error, in: try String(contentsOf: URL(fileURLWithPath: recipe), encoding: .utf8), file: recipe)
        }
    }

    func run(_ stages: Set<Stage>?) async throws {
        if let result = try await carryOut(stages) { try RunSummary(result).print(asJSON: output.json) }
    }

    /// Runs the stages.
    ///
    /// - Returns: nil when only an estimate was asked for, which is then shown.
    func carryOut(_ stages: Set<Stage>?) async throws -> RunFolder? {
        if let budget, !(budget > 0) { throw TemperError(.usage, "--budget must be above 0") }
        let url = URL(fileURLWithPath: recipe)
        let (decoded, givenKeys) = try RecipeFile.load(url, overrides: set)
        if estimate {
            try EstimateText.show(Experiment.estimate(decoded, stages: stages), asJSON: output.json)
            return nil
        }
        let source = try String(contentsOf: url, encoding: .utf8) + set.map { "# --set \($0)\n" }.joined()
        let runFolder = runFolder(of: decoded)
        let reporter = ExperimentReporter(isQuiet: output.json)
        do {
            return try await Experiment.run(
                decoded, source: source, givenKeys: givenKeys, in: runFolder, stages: stages, budget: budget,
                restartsStage: restartStage, observer: { reporter.handle($0) })
        } catch let error as TemperError {
            throw RecipeFile.located(error, in: source, file: recipe)
        }
    }
}

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs all stages of a recipe: derive, collect, curate, train, evaluate, report.",
        discussion: """
            Run again after a kill, the same command goes on where it stopped; a finished run prints its result.

            Example:
              temper run recipes/quickstart.yaml --set evaluate.limit=50 --run runs/small
            """)
    @OptionGroup var options: RecipeOptions

    func run() async throws { try await options.run(nil) }
}

struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect", abstract: "Runs the collecting policy of a recipe over its tasks.",
        discussion: "Example:\n  temper collect recipes/hotpotqa.yaml --budget 2.50")
    @OptionGroup var options: RecipeOptions

    func run() async throws { try await options.run([.collect]) }
}

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Tunes the base model of a recipe on its dataset.",
        discussion: "Example:\n  temper train recipes/quickstart.yaml")
    @OptionGroup var options: RecipeOptions

    func run() async throws { try await options.run([.pretrain, .train]) }
}

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes report.html and report.json of a run anew.",
        discussion: "Example:\n  temper report recipes/quickstart.yaml")
    @OptionGroup var options: RecipeOptions

    func run() async throws { try await options.run([.report]) }
}

/// What a run came to, for the end of a command.
struct RunSummary {
    var folder: RunFolder
    var manifest: Manifest?
    var evaluation: Evaluation?

    init(_ folder: RunFolder) throws {
        self.folder = folder
        manifest = try Manifest.read(folder)
        if FileManager.default.fileExists(atPath: folder.evaluation.path) {
            evaluation = try ReadFile.json(Evaluation.self, from: folder.evaluation)
        }
    }

    func print(asJSON: Bool) throws {
        if asJSON {
            struct Summary: Encodable {
                var run: String
                var stages: [String: Manifest.StageRecord]
                var results: [ResultRow]
                var comparisons: [PairedComparison]
                var overall: [OverallScore]
                var methodChoices: [MethodChoice]
                var report: String?

                enum CodingKeys: String, CodingKey {
                    case run, stages, results, comparisons, overall, report
                    case methodChoices = "method_choices"
                }
            }
            try Output.json(
                Summary(
                    run: folder.url.relativePath, stages: manifest?.stages ?? [:], results: evaluation?.results ?? [],
                    comparisons: evaluation?.comparisons ?? [], overall: evaluation?.overall ?? [],
                    methodChoices: evaluation?.methodChoices ?? [], report: reportPath))
            return
        }
        if let evaluation {
            Swift.print(TextTable.scores(evaluation.results.filter { !$0.isDetail }, metrics: evaluation.primaryMetrics).text)
            if !evaluation.methodChoices.isEmpty {
                Swift.print("\nA method for each task:\n" + TextTable.methodChoices(evaluation.methodChoices).text + "\n")
            }
            if !evaluation.overall.isEmpty {
                Swift.print("\nFrom guessing (0) to the expert (1):\n" + TextTable.overall(evaluation.overall) + "\n")
            }
        }
        for comparison in evaluation?.comparisons ?? [] {
            Swift.print(
                String(
                    format: "%@ minus %@, %@%@: %+.2f [%+.2f, %+.2f] over %d pairs", comparison.policy, comparison.baseline,
                    (evaluation?.overall.isEmpty ?? true) ? "" : comparison.suite + ", ", comparison.group, comparison.difference,
                    comparison.interval.low, comparison.interval.high,
                    comparison.nPairs))
        }
        if let reportPath { Swift.print("report: \(reportPath)") }
    }

    private var reportPath: String? {
        FileManager.default.fileExists(atPath: folder.report.path) ? folder.report.relativePath : nil
    }
}
