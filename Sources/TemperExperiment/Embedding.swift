public import Foundation
import TemperAgents
public import TemperCore
import TemperData
import TemperEnvironments
public import TemperEvaluation

/// What an experiment left behind.
public struct ExperimentResult: Sendable {
    /// The run folder.
    public let folder: URL
    /// The trained model, a Hugging Face folder; empty when the recipe trains none.
    public let model: URL
    /// The page that `temper report` writes.
    public let report: URL
    /// One row for each policy, suite, method and group of tasks; empty when the recipe evaluates nothing.
    public let rows: [ResultRow]
}

/// What a program that embeds Temper calls.
extension Experiment {
    /// Runs the stages of a recipe's file, as `temper run` does.
    ///
    /// - Parameters:
    ///   - recipe: the YAML file.
    ///   - overrides: texts like `train.learning_rate=3e-5`, the value in YAML.
    ///   - folder: the run folder; a second run on it goes on where the first stopped. Nil takes `runs/NAME`.
    ///   - suites: suites of the caller's own, beside those of Temper.
    ///   - progress: told when a stage begins and what it came to, in one line each.
    /// - Throws: ``TemperError``, for a mistake in the recipe with code `data`, file, line and what to do.
    public static func run(
        _ recipe: URL, overrides: [String] = [], in folder: URL? = nil, suites: [any Suite] = [],
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ExperimentResult {
        let (decoded, given) = try RecipeFile.load(recipe, overrides: overrides)
        let source = try String(contentsOf: recipe, encoding: .utf8) + overrides.map { "# --set \($0)\n" }.joined()
        let run = try await run(
            decoded, source: source, givenKeys: given,
            in: folder ?? URL(fileURLWithPath: "runs/\(decoded.name)", isDirectory: true),
            registry: ExperimentRegistry(suites: suites + SuiteRegistry.all),
            observer: { event in
                switch event {
                case .stageStarted(let stage, let what): progress("\(stage.rawValue): \(what)")
                case .stageSkipped(let stage): progress("\(stage.rawValue): finished before")
                case .stageFinished(let stage, _, let summary): progress("\(stage.rawValue): \(summary)")
                case .rollouts, .training: break
                }
            })
        let isEvaluated = FileManager.default.fileExists(atPath: run.evaluation.path)
        let evaluation = isEvaluated ? try ReadFile.json(Evaluation.self, from: run.evaluation) : Evaluation()
        return ExperimentResult(folder: run.url, model: run.model, report: run.report, rows: evaluation.results)
    }

    /// A suite of Temper by its id, or a suite's file by its path.
    ///
    /// - Parameter options: as they stand under `suites.<id>` in a recipe.
    /// - Throws: ``TemperError`` with code `usage` that names the nearest id.
    public static func suite(_ id: String, options: [String: JSONValue] = [:]) throws -> any Suite {
        try SuiteRegistry.suite(id, options: options)
    }

    /// Loads a model for the native engine.
    ///
    /// - Parameter word: a shipped model such as `pocket-base`, or the path of a Hugging Face or PEFT folder.
    /// - Throws: ``TemperError`` that names the file that is missing or damaged.
    public static func model(_ word: String) async throws -> any LanguageModel {
        try await PolicyFactory().engine(word, name: word)
    }

    /// Plays one episode.
    ///
    /// - Parameters:
    ///   - method: nil takes the suite's own.
    ///   - style: how much of the suite's prompt the policy sees; a tuned model sees what it was trained with.
    ///   - maximumNewTokens: the most tokens of one reply.
    /// - Returns: the turns with score and outcome; a failure of model or world is in ``Trajectory/failure``.
    /// - Throws: cancellation, and ``TemperError`` for what makes no sense.
    public static func play(
        _ policy: Policy, on task: AgentTask, of suite: any Suite, method: TemperCore.Method? = nil, style: PromptStyle = .full,
        temperature: Double = 0, maximumNewTokens: Int = 256, seed: UInt64 = 7
    ) async throws -> Trajectory {
        let method = method ?? suite.defaultMethod
        let options = EpisodeOptions(
            style: style, temperature: temperature, maximumTurns: suite.maximumTurns, maximumNewTokens: maximumNewTokens)
        return try await Episode(
            key: EpisodeKey(group: "play", suite: suite.id, task: task.id, method: method), task: task, suite: suite,
            policy: policy, author: .policy, options: options, seed: seed, sink: nil
        ).run()
    }
}
