import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment

struct SuitesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suites", abstract: "Lists the suites, describes one, or tries to cheat one.",
        discussion: "Examples:\n  temper suites pocket/hotpotqa\n  temper suites pocket/terminal --attack --limit 50")
    @Argument(help: "A suite's id.")
    var id: String?
    @Flag(help: "Plays cheats on the suite's tasks and prints what each scores, beside what guessing scores.")
    var attack = false
    @Option(help: ArgumentHelp("With --attack: the most tasks; 0 takes all.", valueName: "count"))
    var limit = 100
    @Option(help: ArgumentHelp("With --attack: the split; without it 'test', or the suite's last.", valueName: "name"))
    var split: String?
    @OptionGroup var output: OutputOptions

    private struct Row: Encodable {
        var id: String
        var summary: String
        var splits: [String]
        var methods: [String]
        var metric: String
        var chanceLevel: Double
        var maximumTurns: Int
        var scripts: [String]
        var options: [RecipeReference.Row]

        enum CodingKeys: String, CodingKey {
            case id, summary, splits, methods, metric, scripts, options
            case chanceLevel = "chance_level"
            case maximumTurns = "maximum_turns"
        }

        init(_ suite: any Suite) {
            id = suite.id
            summary = suite.summary
            splits = suite.splits
            methods = suite.methods.map(\.rawValue)
            metric = suite.primaryMetric
            chanceLevel = suite.chanceLevel
            maximumTurns = suite.maximumTurns
            scripts = suite.scriptedPolicyNames
            options = RecipeReference.rows(of: suite.options)
        }
    }

    func validate() throws {
        guard attack else { return }
        guard id != nil else { throw ValidationError("--attack needs a suite's id") }
        guard limit >= 0 else { throw ValidationError("--limit is not negative") }
    }

    func run() async throws {
        if attack, let id { return try await cheat(try SuiteRegistry.suite(id)) }
        let rows = try id.map { [Row(try SuiteRegistry.suite($0))] } ?? SuiteRegistry.all.map(Row.init)
        if output.json { return try Output.json(["suites": rows]) }
        if id == nil { return Output.table(rows.map { [$0.id, $0.summary] }) }
        for row in rows {
            print("\(row.id): \(row.summary)")
            print("splits: \(row.splits.joined(separator: ", "))")
            print("methods: \(row.methods.joined(separator: ", "))")
            print("metric: \(row.metric), chance level \(row.chanceLevel)")
            print("turns: at most \(row.maximumTurns)")
            print("scripted policies: \(row.scripts.joined(separator: ", "))")
            if row.options.isEmpty { continue }
            print("options, in a recipe under suites.\(row.id):")
            Output.table(
                row.options.map { option in
                    let standard = option.standard.isEmpty ? "" : "default \(option.standard)"
                    return ["  " + option.key, option.type.replacing("`", with: ""), standard, option.range, option.meaning]
                })
        }
    }

    private func cheat(_ suite: any Suite) async throws {
        let result = try await AttackTrial.run(suite, split: split, limit: limit == 0 ? nil : limit)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "%@, %d tasks of %@: guessing scores %.3f ± %.3f", result.suite, result.tasks, result.split,
                result.chance,
                1.96 * result.standardError))
        let rows = result.rows.map { row in
            let errors = row.errors == 0 ? "" : " (\(row.errors) errors)"
            return [
                row.cheat, String(format: "%.3f", row.reward), String(format: "%+.3f", row.reward - result.chance),
                row.summary + errors,
            ]
        }
        Output.table([["cheat", "reward", "beyond chance", "what it does"]] + rows)
    }
}

struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: "Lists the prompting methods.", discussion: "Example:\n  temper methods --json")
    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = Method.allCases.map { [$0.rawValue, $0.summary] }
        if output.json { return try Output.json(["methods": rows.map { ["id": $0[0], "summary": $0[1]] }]) }
        Output.table(rows)
    }
}

struct RecipesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipes", abstract: "Lists the recipes in ./recipes and checks each.",
        discussion: "Example:\n  temper recipes")
    @Option(help: "The folder to look in.")
    var folder = "recipes"
    @OptionGroup var output: OutputOptions

    func run() throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
        } catch {
            throw TemperError(
                .data, "there is no folder of recipes", hint: "run in the project's folder, or give --folder", place: folder)
        }
        let rows = try names.map { name -> [String] in
            let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
            _ = try RecipeFile.load(url)
            let first = try String(contentsOf: url, encoding: .utf8).prefix { $0 != "\n" }
            return ["\(folder)/\(name)", first.hasPrefix("#") ? first.dropFirst().trimmingCharacters(in: .whitespaces) : ""]
        }
        if output.json { return try Output.json(["recipes": rows.map { ["path": $0[0], "summary": $0[1]] }]) }
        Output.table(rows)
    }
}
