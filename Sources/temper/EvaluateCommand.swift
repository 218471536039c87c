import ArgumentParser
import Foundation
import TemperCore
import TemperEvaluation
import TemperExperiment

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Runs the evaluation of a recipe, scores a policy on a suite, or rescores the trajectories of a run.",
        discussion: """
            Examples:
              temper evaluate recipes/quickstart.yaml
              temper evaluate --suite pocket/hotpotqa --policy search-once --limit 100 --json
              temper evaluate runs/fireact --rescore --json
            """)
    @Argument(help: "A recipe file, or with --rescore a run folder.")
    var target: String?
    @Flag(help: "Score the stored trajectories of the run again, from their raw text.")
    var rescore = false
    @Option(help: "The suite to run.")
    var suite: String?
    @Option(help: "The policy: a script of the suite, openai:MODEL, http(s)://…#MODEL or model:PATH.")
    var policy: String?
    @Option(help: "The method. Default: the suite's.")
    var method: String?
    @Option(help: "How much of the prompt the policy sees: full, instruction or task.")
    var prompt = PromptStyle.full.rawValue
    @Option(help: "The split.")
    var split = "test"
    @Option(help: "The first N tasks by id; 0 means all.")
    var limit = 0
    @Option(help: "The seed.")
    var seed: UInt64 = 7
    @Option(help: "Episodes in flight.")
    var concurrency = 16
    @Option(name: .customLong("run"), help: "The run folder, for a recipe; or where to keep the trajectories of --suite.")
    var folder: String?
    @Option(help: "Overrides a key of the recipe. May be repeated.")
    var set: [String] = []
    @Option(help: "US dollars after which no further paid call is made.")
    var budget: Double?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if rescore {
            guard let target else { throw TemperError(.usage, "--rescore needs a run folder") }
            return try show(try Rescoring.rescore(URL(fileURLWithPath: target, isDirectory: true), seed: seed))
        }
        if let target {
            guard suite == nil, policy == nil else {
                throw TemperError(.usage, "give a recipe, or --suite and --policy, not both")
            }
            var options = RecipeOptions()
            options.recipe = target
            options.folder = folder
            options.set = set
            options.budget = budget
            options.output = output
            return try await options.run([.evaluate])
        }
        guard let suite, let policy else {
            throw TemperError(
                .usage, "nothing to evaluate", hint: "give a recipe, or --suite S --policy P; see temper evaluate --help")
        }
        guard let style = PromptStyle(rawValue: prompt) else {
            throw TemperError(.usage, "--prompt must be one of \(PromptStyle.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard concurrency > 0, limit >= 0 else {
            throw TemperError(.usage, "--concurrency must be at least 1 and --limit at least 0")
        }
        let bar = ProgressBar("evaluate \(policy)", isQuiet: output.json)
        let request = SuiteEvaluation(
            suite: suite, policy: policy, method: method, style: style, split: split, limit: limit, seed: seed,
            concurrency: concurrency, budget: budget, runFolder: folder.map { URL(fileURLWithPath: $0, isDirectory: true) },
            overrides: set)
        try show(try await request.run { bar.update($0) })
    }

    /// With one suite and one policy, the row's keys stand at top level too.
    private func show(_ rows: [ResultRow]) throws {
        if output.json {
            let list = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(rows))
            var fields: [String: JSONValue] = ["results": list]
            let whole = rows.filter { $0.groupBy == nil }
            if whole.count == 1, let row = whole.first {
                let top = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(row))
                fields.merge(top.object ?? [:]) { $1 }
                fields.merge(row.metrics.mapValues { JSONValue.number($0) }) { $1 }
            }
            return try Output.json(JSONValue.object(fields))
        }
        print(TextTable.scores(rows.filter { $0.groupBy != "shape" }, metric: "exact_match").text)
    }
}
