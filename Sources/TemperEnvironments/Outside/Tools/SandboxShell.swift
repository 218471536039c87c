import TemperCore

/// The sandbox of the operating-system family as the tools of a file use it.
struct SandboxShell: ToolShell {
    static func open() async throws -> any ToolShell {
        throw TemperError(.unavailable, "there is no sandbox yet", boundary: .sandbox)
    }

    func run(_ script: String, arguments: [String], input: String, timeLimit: Duration) async throws -> ShellResult {
        throw TemperError(.unavailable, "there is no sandbox yet", boundary: .sandbox)
    }

    func close() async {}
}
