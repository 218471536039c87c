import Foundation
import TemperCore

/// A tool that is a shell command in the sandbox: it finds the argument as `$1` and on standard input.
struct ShellTool: OutsideTool {
    let name: String
    let command: String
    var timeLimit = Duration.seconds(30)
    var announcement: String? { nil }

    /// Linux takes no argument of 128 KiB or more.
    private static let argumentLimit = 100_000

    func call(_ argument: String, shell: LazyShell) async throws -> ToolAnswer {
        guard argument.utf8.count <= Self.argumentLimit, !argument.utf8.contains(0) else {
            return ToolAnswer(text: "The argument is too long, or holds a zero character.", isValid: false)
        }
        let result = try await shell.run(command, arguments: [argument], input: argument, timeLimit: timeLimit)
        var text = result.output.trimmingCharacters(in: .newlines)
        if result.timedOut {
            text += (text.isEmpty ? "" : "\n") + "(stopped after \(timeLimit.secondsText))"
        } else if result.code != 0 {
            text += (text.isEmpty ? "" : "\n") + "(exit code \(result.code))"
        }
        return ToolAnswer(text: text.isEmpty ? "(no output)" : text)
    }
}
