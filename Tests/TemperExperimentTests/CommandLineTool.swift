import Foundation
import TemperCore
import TemperTestSupport

/// Runs the built `temper` as a process of its own.
enum CommandLineTool {
    struct Result {
        var status: Int32
        var wasKilled: Bool
        var output: String
        var errors: String

        /// The one JSON object on standard output; anything beside it is an error.
        func json() throws -> JSONValue {
            let value = try JSONValue.parse(Data(output.utf8), named: "standard output")
            guard value.object != nil else {
                throw TemperError(.checkFailed, "standard output is not a JSON object: \(output.prefix(200))")
            }
            return value
        }
    }

    /// The binary of the same build as the tests.
    static func binary() throws -> URL {
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("temper")
        let standard = PackageFolder.url.appendingPathComponent(".build/release/temper")
        for candidate in [beside, standard].compactMap({ $0 })
        where FileManager.default.isExecutableFile(atPath: candidate.path) {
            return candidate
        }
        throw TemperError(.unavailable, "the binary 'temper' is not built", hint: "make build")
    }

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - folder: the working folder; the package's by default.
    ///   - environment: added to a fixed environment that holds no key.
    static func run(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], input: String? = nil,
        executable: URL? = nil
    ) async throws -> Result {
        try await Scratch.with { scratch in
            let process = try Started(
                arguments, in: folder, environment: environment, input: input, executable: executable, files: scratch)
            return try await process.end()
        }
    }

    /// A process under way; its output goes to files, so that no pipe can fill up.
    final class Started {
        private let process = Process()
        private let exit: AsyncStream<Void>
        private let files: URL

        init(
            _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], input: String? = nil,
            executable: URL? = nil, files: URL
        ) throws {
            self.files = files
            for name in ["input", "output", "errors"] {
                try Data((name == "input" ? input ?? "" : "").utf8).write(to: files.appendingPathComponent(name))
            }
            let inherited = ProcessInfo.processInfo.environment
            var variables = ["PATH": inherited["PATH"] ?? "/usr/bin:/bin", "HOME": files.path, "COLUMNS": "200"]
            if let data = DataFolder.locate() { variables[DataFolder.variable] = data.standardizedFileURL.path }
            process.environment = variables.merging(environment) { $1 }
            process.executableURL = try executable ?? CommandLineTool.binary()
            process.arguments = arguments
            process.currentDirectoryURL = folder ?? PackageFolder.url
            process.standardInput = try FileHandle(forReadingFrom: files.appendingPathComponent("input"))
            process.standardOutput = try FileHandle(forWritingTo: files.appendingPathComponent("output"))
            process.standardError = try FileHandle(forWritingTo: files.appendingPathComponent("errors"))
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            exit = stream
            process.terminationHandler = { _ in continuation.finish() }
            try process.run()
        }

        var isRunning: Bool { process.isRunning }

        /// `kill -9`, unless another signal is given.
        func kill(_ signal: Int32 = SIGKILL) { _ = Foundation.kill(process.processIdentifier, signal) }

        func end() async throws -> Result {
            for await _ in exit {}
            process.waitUntilExit()
            return Result(
                status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
                output: try String(contentsOf: files.appendingPathComponent("output"), encoding: .utf8),
                errors: try String(contentsOf: files.appendingPathComponent("errors"), encoding: .utf8))
        }
    }
}
