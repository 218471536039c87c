import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a run's dataset for another program.",
        discussion: """
            The file or folder appears whole or not at all, and nothing that is there is overwritten. Formats that mask whole
            replies only, or the last reply only, get what they can express; the notes say where that is less than Temper's mask.

            Formats:
            \(ExportFormats.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            Example:
              temper export axolotl --run runs/quickstart --out quickstart-axolotl
            """)
    @Argument(help: "The format.")
    var format: String
    @Option(name: .customLong("run"), help: "The run folder to read from.")
    var folder: String
    @Option(help: "The file or folder to write.")
    var out: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = try RunExport.run(
            format: format, folder: RunFolder.existing(URL(fileURLWithPath: folder, isDirectory: true)),
            formats: SuiteRegistry.formats, modelFolder: { try ModelLocator.folder(for: $0) }, to: URL(fileURLWithPath: out))
        if output.json { return try Output.json(report) }
        print("\(report.documents) documents, \(report.records) records: \(out)")
        for left in report.leftOut { print("  \(left.count) left out: \(left.reason)") }
        for note in report.notes { print("  \(note)") }
    }
}
