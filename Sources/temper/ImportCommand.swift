import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads trajectories or conversations of another project into a run.",
        discussion: """
            The file is JSON lines or one JSON array, of any size; it is read as a stream. Stored scores are not trusted: every
            answer is read again from its raw text and scored again. Conversations keep which of their replies are learnt; temper
            curate takes them in beside the run's episodes. What is left out or repaired is counted and named by its place.

            Formats:
            \(ImportFormats.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            Example:
              temper import fireact-results trajectories.json --run runs/fireact --expected 500
              temper import agentinstruct os.jsonl --run runs/agenttuning
            """)
    @Argument(help: "The format.")
    var format: String
    @Argument(help: "The file.")
    var path: String
    @Option(name: .customLong("run"), help: "The run folder to write to.")
    var folder: String
    @Option(help: "How many episodes there must be; absent ones count with reward 0.")
    var expected: Int?
    @Flag(help: "Stop at the first record that cannot be read, or conversation that must be repaired, instead of counting it.")
    var strict = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await RunImport.run(
            format: format, file: URL(fileURLWithPath: path), into: URL(fileURLWithPath: folder, isDirectory: true),
            expected: expected, isStrict: strict)
        if output.json { return try Output.json(report) }
        print("\(report.records) records, \(report.kept) kept")
        for (kinds, verb) in [(report.dropped, "dropped"), (report.found, "found")] {
            for kind in kinds { Output.text("  \(kind.count) \(verb): \(kind.reason) (\(kind.places.joined(separator: ", ")))") }
        }
        print("run: \(folder)")
    }
}

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Scores predictions with the metric of a suite.",
        discussion: """
            The file holds one JSON object a line: {"answer": …, "prediction": …}.

            Example:
              temper score hotpotqa --predictions predictions.jsonl --json
            """)
    @Argument(help: "The suite whose metric to use.")
    var suite: String
    @Option(help: "The predictions, JSON lines.")
    var predictions: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let result = try PredictionScores.score(suite: suite, file: URL(fileURLWithPath: predictions))
        if output.json { return try Output.json(result) }
        let figures = result.metrics.sorted { $0.key < $1.key }.map { "\($0.key) " + String(format: "%.4f", $0.value) }
        print((["n \(result.n)"] + figures).joined(separator: ", "))
    }
}
