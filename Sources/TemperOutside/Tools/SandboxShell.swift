import Foundation
import TemperCore
import TemperSandbox

/// The sandbox of the operating-system family as the tools of a suite's file use it.
///
/// A tool's command runs below the sandbox's persistent shell, where its memory is watched; scripts of the suite itself (setup,
/// check) run beside it, where a command cannot reach them, and the check only after all that the commands started has ended.
struct SandboxShell: ToolShell {
    /// Pieces of text handed over as arguments: Linux takes at most 128 KiB in one.
    private static let pieceLength = 100_000
    private let sandbox: Sandbox

    /// - Parameter longest: the longest time limit of any of the suite's commands.
    /// - Throws: ``TemperError`` (unavailable, boundary sandbox) that names what to install.
    static func open(longest: Duration) async throws -> any ToolShell {
        var options = Sandbox.Options()
        options.limits.commandTime = longest + .seconds(5)
        options.limits.processorSeconds = max(options.limits.processorSeconds, Int(longest / .seconds(1)) + 5)
        return SandboxShell(sandbox: try await Sandbox(options))
    }

    func run(_ script: String, arguments: [String], input: String, timeLimit: Duration) async throws -> ShellResult {
        let words = (["bash", "-c", script, "tool"] + arguments).map(Sandbox.quoted).joined(separator: " ")
        let started = ContinuousClock.now
        let result = try await sandbox.command(
            "(printf %s \(Sandbox.quoted(input)) | timeout -s KILL \(Self.seconds(timeLimit)) \(words) 2>&1; exit ${PIPESTATUS[1]})"
                + " 2>/dev/null")
        let isLate = ContinuousClock.now - started >= timeLimit
        switch result.ending {
        case .completed:
            return ShellResult(code: result.status ?? 0, output: result.output, timedOut: result.status == 137 && isLate)
        case .timedOut: return ShellResult(code: 137, output: result.output, timedOut: true)
        case .flooded: return ShellResult(code: 137, output: result.output + "\n(stopped: too much output)")
        case .outOfMemory: return ShellResult(code: 137, output: result.output + "\n(stopped: too much memory)")
        case .shellEnded: return ShellResult(code: 137, output: result.output)
        }
    }

    func runTrusted(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration
    ) async throws -> ShellResult {
        try await runWithInput(script, arguments, variables, input, timeLimit) { try await sandbox.run($0) }
    }

    func check(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration, task: String
    ) async throws -> ShellResult {
        await sandbox.endShell()
        let view = CheckView(of: script, task: task)
        let prelude = try await sandbox.checkPrelude(for: view)
        let result = try await runWithInput(prelude + script, arguments, variables, input, timeLimit) {
            try await sandbox.check($0, view: view)
        }
        // A check that waits for a pipe where the policy should have written a file has its answer.
        if result.timedOut, try await sandbox.holdsPipes() { return ShellResult(code: 1, output: "") }
        return result
    }

    private func runWithInput(
        _ script: String, _ arguments: [String], _ variables: [String: String], _ input: String, _ timeLimit: Duration,
        run: ([String]) async throws -> ChildProcess.Output
    ) async throws -> ShellResult {
        let pieces = Self.pieces(of: input)
        let settings = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let outer = """
            pieces=$1 settings=$2 limit=$3 script=$4; shift 4
            printf %s "${@:1:pieces}" | timeout -s KILL "$limit" \
                env "${@:pieces+1:settings}" bash -c "$script" script "${@:pieces+settings+1}" 2>&1
            exit ${PIPESTATUS[1]}
            """
        let started = ContinuousClock.now
        let output = try await run(
            ["bash", "-c", outer, "bash", "\(pieces.count)", "\(settings.count)", Self.seconds(timeLimit), script] + pieces
                + settings + arguments)
        let isLate = ContinuousClock.now - started >= timeLimit
        return ShellResult(
            code: output.status.code, output: output.text, timedOut: output.timedOut || (output.status.code == 137 && isLate))
    }

    func close() async { await sandbox.close() }

    private static func seconds(_ limit: Duration) -> String { "\(limit / .seconds(1))" }

    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if piece.utf8.count >= pieceLength {
                pieces.append(piece)
                piece = ""
            }
        }
        return pieces + [piece]
    }
}
