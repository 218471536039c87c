import Foundation
import TemperCore
import TemperSandbox

/// Starts a user's own programs: environments and MCP servers.
enum OutsideProgram {
    /// Where a sandboxed program finds the files of its folder.
    private static let sandboxFolder = "/root/program"
    /// The most bytes of files that go into a sandbox.
    private static let filesLimit = 32 << 20

    /// Starts a program with pipes.
    ///
    /// A trusted program inherits this process's environment without the keys of hosted models (names that end in `_API_KEY`);
    /// a sandboxed one has no network, finds a copy of its folder (without `.git`) and nothing else of the user's, and uses the
    /// system's interpreters under `/usr`. Both find Temper's Python helper.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when it cannot be started.
    static func start(_ command: [String], folder: String, environment: [String: String], isSandboxed: Bool) async throws
        -> ChildProcess
    {
        if isSandboxed { return try await startSandboxed(command, folder: folder, environment: environment) }
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasSuffix("_API_KEY") }
        let paths = [helperFolder, variables["PYTHONPATH"]].compactMap { $0 }
        variables["PYTHONPATH"] = paths.joined(separator: ":")
        variables.merge(environment) { $1 }
        var command = command
        if let program = command.first, program.contains("/"), !program.hasPrefix("/") { command[0] = "\(folder)/\(program)" }
        return try ChildProcess(command, environment: variables, folder: folder)
    }

    /// The folder that holds `temper_environment.py`.
    static var helperFolder: String? {
        let bundle = Bundle.module
        let folders = [bundle.bundleURL.appendingPathComponent("Resources"), bundle.resourceURL].compactMap { $0 }
        return folders.map { $0.appendingPathComponent("Outside").path }
            .first { FileManager.default.fileExists(atPath: $0 + "/temper_environment.py") }
    }

    // MARK: - In the sandbox

    private static let options: Sandbox.Options = {
        var options = Sandbox.Options()
        // A program of the user's own choosing lives for many episodes and may load large libraries.
        options.limits.processorSeconds = 24 * 3600
        options.limits.processMemory = 4 << 30
        options.limits.fileSpace = 256 << 20
        return options
    }()

    private static func startSandboxed(_ command: [String], folder: String, environment: [String: String]) async throws
        -> ChildProcess
    {
        guard let bubblewrap = ChildProcess.find("bwrap") else {
            throw TemperError(
                .unavailable, "'sandbox: true' needs bubblewrap, which is not installed", hint: "apt-get install bubblewrap",
                boundary: .sandbox)
        }
        let helper = helperFolder.map { ["-C", $0, "./temper_environment.py"] } ?? []
        let files = try await ChildProcess.run(
            ["tar", "--exclude=./.git", "-cf", "-", "-C", folder, "."] + helper, outputLimit: filesLimit)
        guard files.status == .exited(0), !files.isTruncated else {
            let reason = files.isTruncated ? "they are larger than \(filesLimit >> 20) MiB" : files.errorText
            throw TemperError(
                .unavailable, "the files of the program cannot be taken into the sandbox: \(reason)", place: folder,
                boundary: .sandbox)
        }
        // The files come first on standard input; what follows is the program's.
        let start = """
            mkdir \(sandboxFolder) && cd \(sandboxFolder) && head -c "$1" | base64 -d | tar xf - --no-same-owner || exit 125
            shift; export PYTHONPATH=\(sandboxFolder); exec env "$@"
            """
        let text = Data(files.output).base64EncodedString()
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let arguments =
            [bubblewrap] + SandboxPlans.arguments(for: options)
            + ["bash", "-c", start, "start", "\(text.utf8.count)"] + variables + command
        let child = try await StartingThread.shared.run {
            try ChildProcess(
                arguments, environment: [:], errors: .kept, plan: SandboxPlans.plan(for: options),
                place: NamespacePlan.Place(identity: SandboxIdentity.identity))
        }
        do {
            try await child.write(text, deadline: .now + .seconds(30))
        } catch is ChildProcess.Failure {
            let reason = child.errorText.split(separator: "\n").last.map { ": \($0)" } ?? ""
            await child.close()
            throw TemperError(.unavailable, "the sandbox cannot be used\(reason)", place: command.first, boundary: .sandbox)
        } catch {
            await child.close()
            throw error
        }
        return child
    }
}
