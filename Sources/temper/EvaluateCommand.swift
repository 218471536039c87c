import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
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
    @Option(help: "A file or folder of tasks in the benchmark's own format, instead of the suite's split.")
    var tasks: String?
    @Option(help: "The method. Default: the suite's.")
    var method: String?
    @Option(help: "How much of the prompt the policy sees: full, instruction or task. Default: full.")
    var prompt: String?
    @Option(help: "The split. Default: test.")
    var split: String?
    @Option(help: "The first N tasks by id; 0 means all. Default: 0.")
    var limit: Int?
    @Option(help: "The seed. Default: 7.")
    var seed: UInt64?
    @Option(help: "Episodes in flight. Default: 16.")
    var concurrency: Int?
    @Option(name: .customLong("run"), help: "The run folder, for a recipe; or where to keep the trajectories of --suite.")
    var folder: String?
    @Option(
        help: """
            Overrides a key of the recipe; with --suite: seed, keys of evaluate, collect.endpoint and suites.<id>. May be repeated.
            """)
    var set: [String] = []
    @Option(help: "US dollars after which no further paid call is made.")
    var budget: Double?
    @Flag(help: "With a recipe: only say what its paid models are likely to cost; no call is made.")
    var estimate = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if estimate, rescore || target == nil {
            throw TemperError(
                .usage, "--estimate needs a recipe", hint: "for example: temper evaluate recipes/hotpotqa.yaml --estimate")
        }
        if rescore {
            guard let target else { throw TemperError(.usage, "--rescore needs a run folder") }
            try refuseSuiteOptions("--rescore scores what is stored", hint: "leave it out", besides: ["--seed"])
            return try show(try await Rescoring.rescore(URL(fileURLWithPath: target, isDirectory: true), seed: seed ?? 7))
        }
        if let target {
            try refuseSuiteOptions(
                "a recipe says what to evaluate", hint: "with a recipe use --set, for example --set evaluate.limit=50")
            var options = RecipeOptions()
            options.recipe = target
            options.folder = folder
            options.set = set
            options.budget = budget
            options.estimate = estimate
            options.output = output
            return try await options.run([.evaluate])
        }
        guard let suite, let policy else {
            throw TemperError(
                .usage, "nothing to evaluate", hint: "give a recipe, or --suite S --policy P; see temper evaluate --help")
        }
        let style = try prompt.map { prompt in
            guard let style = PromptStyle(rawValue: prompt) else {
                throw TemperError(
                    .usage, "--prompt must be one of \(PromptStyle.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return style
        }
        if let budget, !(budget > 0) { throw TemperError(.usage, "--budget must be above 0") }
        let bar = ProgressBar("evaluate \(policy)", isQuiet: output.json)
        let request = SuiteEvaluation(
            suite: suite, policy: policy, tasks: tasks, method: method, style: style, split: split, limit: limit, seed: seed,
            concurrency: concurrency, budget: budget, runFolder: folder.map { URL(fileURLWithPath: $0, isDirectory: true) },
            overrides: set)
        try show(try await request.run { bar.update($0) })
    }

    /// An option that would be ignored is an error.
    private func refuseSuiteOptions(_ reason: String, hint: String, besides allowed: [String] = []) throws {
        let given: [(name: String, isGiven: Bool)] = [
            ("--suite", suite != nil), ("--policy", policy != nil), ("--tasks", tasks != nil), ("--method", method != nil),
            ("--prompt", prompt != nil),
            ("--split", split != nil), ("--limit", limit != nil), ("--seed", seed != nil), ("--concurrency", concurrency != nil),
        ]
        guard let odd = given.first(where: { $0.isGiven && !allowed.contains($0.name) }) else { return }
        throw TemperError(.usage, "\(odd.name) has no meaning here: \(reason)", hint: hint)
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
        let suites = SuiteRegistry.all.map { ($0.id, $0.primaryMetric) }
        print(TextTable.scores(rows.filter { !$0.isDetail }, metrics: Dictionary(suites) { $1 }).text)
    }
}
