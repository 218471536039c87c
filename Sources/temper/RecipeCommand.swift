import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment

struct RecipeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipe", abstract: "Shows every key of a recipe with its type, default, range and meaning.",
        discussion: """
            Examples:
              temper recipe train
              temper recipe --schema > recipe.schema.json
            """)
    @Argument(help: "A section, such as collect or train.tuning. Default: all.")
    var section: String?
    @Flag(help: "Print the page docs/recipe.md.")
    var markdown = false
    @Flag(help: "Print the JSON Schema (draft 2020-12) for editors.")
    var schema = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard [markdown, schema, output.json, section != nil].filter({ $0 }).count < 2 || (section != nil && output.json) else {
            throw TemperError(.usage, "--markdown, --schema, --json and a section exclude each other")
        }
        if schema { return try Output.json(RecipeSchema.json) }
        let reference = RecipeReference()
        if markdown { return print(reference.markdown, terminator: "") }
        let chosen = section.map(reference.sections(at:)) ?? reference.sections
        guard !chosen.isEmpty else {
            let names = reference.sections.map(\.path).filter { !$0.isEmpty }
            let nearest = EditDistance.nearest(to: section ?? "", among: names).map { "did you mean '\($0)'?" }
            throw TemperError(
                .usage, "a recipe has no section '\(section ?? "")'",
                hint: nearest ?? "the sections are \(names.filter { !$0.contains(".") }.joined(separator: ", "))")
        }
        if output.json { return try Output.json(["sections": chosen]) }
        let rows = chosen.flatMap { section in
            section.rows.map { row in
                [
                    (section.path.isEmpty ? "" : section.path + ".") + row.key, row.type.replacing("`", with: ""), row.standard,
                    row.range, row.meaning,
                ]
            }
        }
        Output.table([["KEY", "TYPE", "DEFAULT", "RANGE", "MEANING"]] + rows)
    }
}
