import ArgumentParser
import Foundation
import TemperCore
import TemperData

struct ContaminationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contamination", abstract: "Measures how much of a test set occurs in training data (AgentTuning, table 7).",
        discussion: """
            Each file is JSON lines or one JSON array, of any size on the training side. Questions are found by the names datasets
            use (question, instruction, messages, conversations, …) or with --train-field and --test-field.

            Example:
              temper contamination --train dataset/train.jsonl --test strategyqa/dev.json --rule strict
            """)
    @Option(help: "The training records.")
    var train: String
    @Option(help: "The test records.")
    var test: String
    @Option(help: "paper: any 10 aligned tokens with at most 4 different. strict: 10 equal tokens, then at most 4 different.")
    var rule = "strict"
    @Option(help: "Tokens of a match.")
    var length = 10
    @Option(help: "Tokens of a match that may differ.")
    var mismatches = 4
    @Option(help: "The key of a training record that holds the question, such as task.instruction.")
    var trainField: String?
    @Option(help: "The key of a test record that holds the question.")
    var testField: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let reading = ContaminationRule.Reading(rawValue: rule) else {
            throw TemperError(.usage, "--rule must be one of paper, strict")
        }
        guard (1...1000).contains(length), (0..<length).contains(mismatches) else {
            throw TemperError(.usage, "--length must be in 1…1000 and --mismatches at least 0 and below it")
        }
        let bar = ProgressBar("contamination", isQuiet: output.json)
        let report = try ContaminationCheck.run(
            train: URL(fileURLWithPath: train), test: URL(fileURLWithPath: test),
            rule: ContaminationRule(reading, length: length, mismatches: mismatches), trainField: trainField,
            testField: testField, progress: { bar.update(fraction: $0, "\($1) records") })
        bar.close()
        if output.json { return try Output.json(report) }
        print("\(report.testExamples) test examples against \(report.trainExamples) training records, rule \(rule)")
        print("dirty \(report.dirty), clean \(report.clean), rate \(String(format: "%.2f %%", 100 * report.rate))")
        for (name, field) in report.fields.sorted(by: { $0.key < $1.key }) {
            let rate = String(format: "%.2f %%", 100 * field.rate)
            print("\(name): dirty \(field.dirty), clean \(field.clean) of \(field.testExamples), rate \(rate)")
        }
        print("shared ids \(report.sharedIDs.count), shared answers \(report.sharedAnswers)")
        for kind in report.unreadable {
            Output.text("\(kind.count) records: \(kind.reason) (\(kind.places.prefix(3).joined(separator: ", ")))")
        }
        for example in report.examples.prefix(10) {
            Output.text(String(format: "%.2f  ", example.rate) + "\(example.id)  in \(example.matches.joined(separator: ", "))")
        }
    }
}
