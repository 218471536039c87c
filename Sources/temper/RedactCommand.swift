import ArgumentParser
import Foundation
import TemperCore
import TemperData

struct RedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Shows which keys, passwords and addresses a file holds, and writes it without them.",
        discussion: """
            Each secret is replaced by a mark such as <redacted-github-token-3>: the same one by the same mark, numbered as they
            come, so that nothing of it can be computed from its mark. In JSON, keys, numbers and order stay as they are.
            'curate.redact' of a recipe does the same for a dataset.

            Example:
              temper redact sessions.jsonl
              temper redact sessions.jsonl --out clean.jsonl --except email --pattern 'staff-number=EMP-[0-9]{6}'
            """)
    @Argument(help: "The file: JSON lines, JSON or any text.")
    var path: String?
    @Option(help: "The file to write; nothing may stand there yet.")
    var out: String?
    @Option(help: "Look for this kind alone; may be given several times.")
    var only: [String] = []
    @Option(help: "Leave this kind; may be given several times.")
    var except: [String] = []
    @Option(help: "A kind of your own: NAME=PATTERN, a regular expression of what to replace; may be given several times.")
    var pattern: [String] = []
    @Option(help: "A text that is no secret; may be given several times.")
    var allow: [String] = []
    @Flag(help: "End with 1 when something is found.")
    var check = false
    @Flag(help: "List the kinds and end.")
    var kinds = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        if kinds { return try list() }
        guard let path else { throw TemperError(.usage, "which file?", hint: "temper redact PATH") }
        var options = RedactionOptions(only: only.isEmpty ? nil : only, except: except, allow: allow)
        for entry in pattern {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw TemperError(.usage, "--pattern '\(entry)' is not NAME=PATTERN") }
            options.patterns[parts[0]] = parts[1]
        }
        let report = try FileRedaction.run(
            URL(fileURLWithPath: path), to: out.map { URL(fileURLWithPath: $0) }, options: options)
        if output.json {
            try Output.json(report)
        } else {
            print("\(report.secrets) secrets in \(report.marks) places of \(path)")
            for kind in report.kinds {
                print("  \(kind.kind): \(kind.secrets) secrets, \(kind.marks) places (\(kind.places.joined(separator: ", ")))")
                for example in kind.examples { Output.text("    \(example)") }
            }
            if let out { print("written: \(out)") }
        }
        if check, report.marks > 0 { throw TemperError(.checkFailed, "\(report.secrets) secrets were found", boundary: .data) }
    }

    private func list() throws {
        if output.json { return try Output.json(Dictionary(uniqueKeysWithValues: SecretKind.all.map { ($0.name, $0.summary) })) }
        let width = SecretKind.all.map(\.name.count).max() ?? 0
        for kind in SecretKind.all { print(kind.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + kind.summary) }
    }
}
