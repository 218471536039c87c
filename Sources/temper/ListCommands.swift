import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment

struct SuitesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suites", abstract: "Lists the suites, or describes one.",
        discussion: "Example:\n  temper suites pocket/hotpotqa")
    @Argument(help: "A suite's id.")
    var id: String?
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

    func run() throws {
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

struct EnginesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines", abstract: "Lists the training engines.", discussion: "Example:\n  temper engines")
    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = [["native", "this machine's CPU, no Python: Llama-family decoders, full fine-tuning"]]
        if output.json { return try Output.json(["engines": rows.map { ["id": $0[0], "summary": $0[1]] }]) }
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
