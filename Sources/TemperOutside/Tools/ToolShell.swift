import Foundation
import TemperCore

/// What came of a script in a sandbox.
struct ShellResult: Sendable, Hashable {
    /// 128 + signal when it was killed.
    var code: Int32
    /// Standard output and standard error as they came.
    var output: String
    var timedOut = false
}

/// A sandbox that lives as long as an episode: what one script writes, the next one finds.
protocol ToolShell: Sendable {
    /// Runs `bash -c script` with the arguments as `$1` …; nothing is ever put into the script's text.
    ///
    /// - Throws: ``TemperError`` with boundary `sandbox` when the sandbox itself fails.
    func run(_ script: String, arguments: [String], input: String, timeLimit: Duration) async throws -> ShellResult
    /// The same for a script of the suite, out of reach of what ``run(_:arguments:input:timeLimit:)`` started.
    ///
    /// - Parameter variables: put into the script's environment.
    func runTrusted(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration
    ) async throws -> ShellResult
    /// Ends all that ``run(_:arguments:input:timeLimit:)`` started, then runs a script of the suite that judges its work: on a system
    /// that no command has touched, with the commands' files for reading.
    ///
    /// - Parameter task: what was asked for.
    func check(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration, task: String
    ) async throws -> ShellResult
    func close() async
}

/// The sandbox of an episode, opened when something needs it.
actor LazyShell {
    private let make: @Sendable () async throws -> any ToolShell
    private var shell: (any ToolShell)?

    init(make: @escaping @Sendable () async throws -> any ToolShell) {
        self.make = make
    }

    /// Runs what the policy wrote.
    func run(_ script: String, arguments: [String], input: String, timeLimit: Duration) async throws -> ShellResult {
        try await opened().run(script, arguments: arguments, input: input, timeLimit: timeLimit)
    }

    /// Runs a script of the suite that finds a task's record as JSON on its standard input, and the record's texts and numbers
    /// as variables `TASK_name`.
    func runTrusted(
        _ script: String, arguments: [String] = [], record: JSONValue, timeLimit: Duration = .seconds(30)
    ) async throws -> ShellResult {
        let input = String(decoding: try JSONEncoder.stable().encode(record), as: UTF8.self)
        return try await opened().runTrusted(
            script, arguments: arguments, variables: Self.variables(of: record), input: input, timeLimit: timeLimit)
    }

    /// The same for the script that judges, after what the policy's commands started has ended.
    func check(_ script: String, arguments: [String], task: AgentTask, timeLimit: Duration) async throws -> ShellResult {
        let input = String(decoding: try JSONEncoder.stable().encode(task.payload), as: UTF8.self)
        return try await opened().check(
            script, arguments: arguments, variables: Self.variables(of: task.payload), input: input, timeLimit: timeLimit,
            task: task.instruction)
    }

    /// Linux takes no variable of 128 KiB or more, and no zero character.
    private static func variables(of record: JSONValue) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in JSONTemplate.values(of: record) where value.utf8.count < 100_000 && !value.utf8.contains(0) {
            let plain = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
            variables["TASK_" + String(plain)] = value
        }
        return variables
    }

    private func opened() async throws -> any ToolShell {
        if let shell { return shell }
        let new = try await make()
        shell = new
        return new
    }

    func close() async {
        let open = shell
        shell = nil
        await open?.close()
    }
}

enum ToolShellError {
    /// A script of the suite (not the policy's) that failed.
    static func failed(_ what: String, _ result: ShellResult) -> TemperError {
        let how = result.timedOut ? "did not end in time" : "ended with exit code \(result.code)"
        let tail = result.output.split(separator: "\n").last.map { ": \($0.prefix(200))" } ?? ""
        return TemperError(.unavailable, "\(what) \(how)\(tail)", boundary: .environment)
    }
}
