import Foundation
import TemperCore

/// Starts a user's own programs: environments and MCP servers.
enum OutsideProgram {
    /// Starts a program with pipes.
    ///
    /// It inherits this process's environment without the keys of hosted models (names that end in `_API_KEY`), finds Temper's
    /// Python helper on `PYTHONPATH`, and is trusted unless `isSandboxed`.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when it cannot be started.
    static func start(_ command: [String], folder: String, environment: [String: String], isSandboxed: Bool) throws
        -> ChildProcess
    {
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
}
