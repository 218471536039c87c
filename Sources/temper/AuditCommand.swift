import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperExperiment

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Compares what training will see with what the model's template shows when the model is asked.",
        discussion: """
            Of a run, its dataset folder, a file of chats in any importer's form, or an ATIF file with the ids of its calls. It looks
            for: \(AuditReport.Kind.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")).

            Example:
              temper audit runs/quickstart --model pocket-base
              temper audit chats.jsonl --model models/qwen --fail-on drift,prompt,cut
            """)
    @Argument(help: "A run, a dataset folder or a file.")
    var path: String
    @Option(help: "The model to be trained: a folder, or a shipped name.")
    var model: String
    @Option(help: "The chat template, as 'curate.chat_template' names it. Default: the model's own.")
    var template: String?
    @Option(help: "End with 1 when one of these is found: kinds separated by commas, or any.")
    var failOn: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        let names = (failOn ?? "").split(separator: ",").map(String.init)
        let failing = try names.flatMap { name -> [AuditReport.Kind] in
            if name == "any" { return AuditReport.Kind.allCases }
            if let kind = AuditReport.Kind(rawValue: name) { return [kind] }
            let known = AuditReport.Kind.allCases.map(\.rawValue) + ["any"]
            throw TemperError(
                .usage, "--fail-on names '\(name)'", hint: "it may name: \(known.joined(separator: ", "))")
        }
        let report = try DatasetAudit.run(URL(fileURLWithPath: path), model: model, template: template)
        if output.json {
            try Output.json(report)
        } else {
            print(
                "\(report.examples) examples, \(report.replies) replies, \(report.trainedTokens) of \(report.tokens) tokens trained, "
                    + "template \(report.template.prefix(40))")
            for finding in report.findings {
                Output.text("\(finding.kind.rawValue): \(finding.count) (\(finding.kind.summary))")
                Output.text("  \(finding.places.joined(separator: "; "))")
                Output.text("  \(finding.example)")
            }
            print(report.verdict == .good ? "good: training sees what the model will be shown" : "faulty")
        }
        if report.findings.contains(where: { failing.contains($0.kind) }) {
            throw TemperError(.checkFailed, "the audit found what --fail-on names", boundary: .data)
        }
    }
}
