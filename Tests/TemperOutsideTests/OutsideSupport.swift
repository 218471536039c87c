import Foundation
import TemperAgents
import TemperCore
import TemperSandbox

@testable import TemperOutside

/// Runs a test in a fresh folder, removed at the end.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-outside-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
}

/// Whether the tests that need a Python interpreter (its standard library alone) can run.
let hasPython = ChildProcess.find("python3") != nil

/// A shell without a sandbox, for tests of everything around one.
final class PlainShell: ToolShell {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-shell-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func run(_ script: String, arguments: [String], input: String, timeLimit: Duration) async throws -> ShellResult {
        try await runTrusted(script, arguments: arguments, variables: [:], input: input, timeLimit: timeLimit)
    }

    func runTrusted(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration
    ) async throws -> ShellResult {
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"].merging(variables) { $1 }
        let result = try await ChildProcess.run(
            ["bash", "-c", script, "tool"] + arguments, input: Array(input.utf8), environment: environment, folder: folder,
            timeLimit: timeLimit, errors: .merged)
        return ShellResult(code: result.status.code, output: result.text, timedOut: result.timedOut)
    }

    func check(
        _ script: String, arguments: [String], variables: [String: String], input: String, timeLimit: Duration, task: String
    ) async throws -> ShellResult {
        try await runTrusted(script, arguments: arguments, variables: variables, input: input, timeLimit: timeLimit)
    }

    func close() async { try? FileManager.default.removeItem(atPath: folder) }
}

/// A suite from YAML text, its files beside it, and a shell without a sandbox.
func fileSuite(
    _ yaml: String, in folder: String, files: [String: String] = [:], access: WorldAccess = .none
) throws -> FileSuite {
    for (name, text) in files { try write(text, to: "\(folder)/\(name)") }
    let file = try SuiteFile.decode(yaml, file: "suite.yaml", folder: folder)
    return FileSuite(id: "\(folder)/suite.yaml", file: file, access: access, makeShell: { try PlainShell() })
}

/// Plays given actions and scores what came of them.
func act(_ suite: any Suite, _ task: AgentTask, _ actions: [Action]) async throws -> (
    opening: String?, results: [StepResult], score: Score
) {
    var environment = try suite.makeEnvironment(for: task)
    do {
        let opening = try await environment.reset()
        var results: [StepResult] = []
        for action in actions { results.append(try await environment.step(action)) }
        let score = try await environment.score()
        await environment.close()
        return (opening, results, score)
    } catch {
        await environment.close()
        throw error
    }
}

/// Runs whole episodes as a rollout does.
func rollOut(_ suite: any Suite, _ tasks: [AgentTask], policy: any Script, concurrency: Int) async throws -> [Trajectory] {
    try await rollOut(suite, tasks, .script(policy), concurrency: concurrency)
}

func rollOut(_ suite: any Suite, _ tasks: [AgentTask], policy: FixedModel, concurrency: Int) async throws -> [Trajectory] {
    try await rollOut(suite, tasks, .model(policy), concurrency: concurrency)
}

private func rollOut(_ suite: any Suite, _ tasks: [AgentTask], _ policy: Policy, concurrency: Int) async throws -> [Trajectory] {
    let episodes = tasks.map {
        Episode(
            key: EpisodeKey(group: "test", suite: suite.id, task: $0.id, method: .react), task: $0, suite: suite, policy: policy,
            author: .policy, options: EpisodeOptions(maximumTurns: suite.maximumTurns), seed: 7, sink: nil)
    }
    return try await Rollouts.run(episodes, concurrency: concurrency)
}

/// Writes one reply for every request.
struct FixedModel: LanguageModel {
    let name = "fixed"
    let reply: @Sendable (CompletionRequest) throws -> String

    func complete(_ request: CompletionRequest) async throws -> Completion { Completion(text: try reply(request)) }
}

/// A suite's script.
///
/// - Throws: ``TemperError`` with code `usage` when the suite has none of that name.
func scripted(_ suite: any Suite, _ name: String) throws -> any Script {
    guard let policy = suite.scriptedPolicy(named: name) else { throw TemperError(.usage, "no policy '\(name)'") }
    return policy
}
