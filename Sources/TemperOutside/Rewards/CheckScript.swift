import Foundation
import TemperCore

/// A script that decides in the episode's sandbox, after its end: it finds the answer as `$1` and the task's record as JSON on
/// its standard input.
///
/// Exit code 0 is right, 1 is wrong; a last line of output that is a number in 0…1 is the reward instead (exit code 0 only).
/// Any other exit code, or no end in time, is an error of the environment; no end in time is wrong where pipes are among the policy's
/// files. It runs on a system that the policy has not touched, in an empty folder of its own; the policy's files are at their
/// places, such as `/root`, for reading.
struct CheckScript: Sendable, Hashable {
    var script: String
    var timeLimit = Duration.seconds(30)

    func reward(answer: String?, task: AgentTask, sandbox: LazyShell) async throws -> Double {
        let result = try await sandbox.check(script, arguments: [answer ?? ""], task: task, timeLimit: timeLimit)
        if result.timedOut || ![0, 1].contains(result.code) { throw ToolShellError.failed("the check script", result) }
        if result.code == 1 { return 0 }
        guard let last = result.output.split(separator: "\n").last, let number = Double(last.trimmingCharacters(in: .whitespaces))
        else { return 1 }
        guard (0...1).contains(number) else {
            throw TemperError(.unavailable, "the check script printed \(number), which is outside 0…1", boundary: .environment)
        }
        return number
    }
}
