import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment

struct DeriveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive",
        abstract:
            "Makes tasks with a teacher: from existing references, or by Self-Instruct, each tried before it is kept.",
        discussion: """
            The tasks are written to derived/SUITE.jsonl of the run, which 'temper evaluate --tasks' reads and 'collect' uses.

            Examples:
              temper derive recipes/self-instruct.yaml --run runs/tasks
              temper evaluate --suite pocket/database --tasks runs/tasks/derived/pocket/database.jsonl --policy gold
            """)
    @OptionGroup var options: RecipeOptions

    func run() async throws {
        guard let folder = try await options.carryOut([.derive]) else { return }
        let report = try DeriveReport.read(folder) ?? DeriveReport()
        if options.output.json {
            struct Summary: Encodable {
                var run: String
                var stages: [String: Manifest.StageRecord]
                var derived: [DeriveReport.Part]
            }
            let stages = try Manifest.read(folder)?.stages ?? [:]
            return try Output.json(Summary(run: folder.url.relativePath, stages: stages, derived: report.parts))
        }
        Output.table(
            [["suite", "way", "proposed", "kept", "rejected"]]
                + report.parts.map { part in
                    let reasons = part.rejected.map { "\($0.reason.rawValue) \($0.count)" }.joined(separator: ", ")
                    return [part.suite, part.way, "\(part.proposed)", "\(part.kept)", reasons]
                })
        let suites = Set(report.parts.filter { $0.kept > 0 }.map(\.suite)).sorted()
        for suite in suites { print("tasks: \(folder.derived(suite: suite).relativePath)") }
    }
}
