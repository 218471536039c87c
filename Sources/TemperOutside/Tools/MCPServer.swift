import Foundation
import TemperCore
import TemperSandbox

/// How an MCP server is started and used.
struct MCPSettings: Sendable {
    var command: [String]
    var folder: String
    var environment: [String: String] = [:]
    var isSandboxed = false
    /// The server's names of the tools to offer; nil offers all.
    var only: [String]?
    /// Whether one process serves several episodes in turn. Off, no episode sees what another left behind.
    var isReused = false
    var startLimit = Duration.seconds(60)
    var callLimit = Duration.seconds(30)
    var lineLimit = 4 << 20
}

/// A connection to an MCP server on standard input and output: JSON-RPC 2.0, one message a line (Model Context Protocol,
/// revision 2025-11-25, sections Lifecycle, Transports and Tools).
actor MCPServer {
    /// The revisions this client speaks, newest first. The client offers the newest; the server answers with the one to use.
    static let revisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    /// The most pages of `tools/list` that are read.
    private static let pageLimit = 100

    private let child: ChildProcess
    private let settings: MCPSettings
    private var calls = 0
    /// False from the moment a call failed.
    private(set) var isHealthy = true
    nonisolated let tools: [MCPToolDescription]
    nonisolated let revision: String

    /// Starts the program, shakes hands and asks for the tools.
    ///
    /// - Throws: ``TemperError`` with boundary `environment`.
    init(_ settings: MCPSettings) async throws {
        self.settings = settings
        let child = try await OutsideProgram.start(
            settings.command, folder: settings.folder, environment: settings.environment, isSandboxed: settings.isSandboxed)
        self.child = child
        var connection = Connection(child: child, settings: settings)
        do {
            (revision, tools) = try await connection.open()
            calls = connection.calls
        } catch {
            await child.close()
            throw error
        }
    }

    /// Calls a tool.
    ///
    /// An error of the tool or of its arguments is an answer with `isValid == false`.
    ///
    /// - Throws: ``TemperError`` when the server died, did not answer in time or answered nonsense.
    func call(_ tool: String, _ arguments: JSONValue) async throws -> ToolAnswer {
        var connection = Connection(child: child, settings: settings, calls: calls)
        let parameters = JSONValue.object(["name": .string(tool), "arguments": arguments])
        isHealthy = false
        let answer = try await connection.request("tools/call", parameters, within: settings.callLimit)
        isHealthy = true
        calls = connection.calls
        switch answer {
        case .failure(let error): return ToolAnswer(text: "Error: \(error.message)", isValid: false)
        case .success(let result):
            return ToolAnswer(text: Self.text(of: result), isValid: result["isError"]?.bool != true)
        }
    }

    func close() async { await child.close() }

    /// The text blocks of a result; other blocks by their kind; the structured content where there is no block.
    private static func text(of result: JSONValue) -> String {
        let blocks = (result["content"]?.array ?? []).map { block -> String in
            switch block["type"]?.string {
            case "text": block["text"]?.string ?? ""
            case "resource": block["resource"]?["text"]?.string ?? "(a resource: \(block["resource"]?["uri"]?.string ?? "?"))"
            case "resource_link": "(a link: \(block["uri"]?.string ?? "?"))"
            case let kind: "(\(kind ?? "something") that cannot be shown)"
            }
        }
        if blocks.isEmpty, let content = result["structuredContent"], let data = try? JSONEncoder.stable().encode(content) {
            return String(decoding: data, as: UTF8.self)
        }
        return blocks.isEmpty ? "(no output)" : blocks.joined(separator: "\n")
    }

    /// What the server said went wrong.
    struct RemoteError: Error, Sendable {
        var code: Int
        var message: String
    }

    /// The messages back and forth.
    private struct Connection {
        let child: ChildProcess
        let settings: MCPSettings
        var calls = 0

        mutating func open() async throws -> (revision: String, tools: [MCPToolDescription]) {
            let hello = JSONValue.object([
                "protocolVersion": .string(MCPServer.revisions[0]), "capabilities": .object([:]),
                "clientInfo": .object(["name": .string("temper"), "version": .string("1")]),
            ])
            let welcome = try await result(of: "initialize", hello, within: settings.startLimit)
            let revision = welcome["protocolVersion"]?.string ?? "none"
            guard MCPServer.revisions.contains(revision) else {
                throw failed(
                    "speaks protocol revision '\(revision)'; Temper speaks \(MCPServer.revisions.joined(separator: ", "))")
            }
            guard welcome["capabilities"]?["tools"] != nil else { throw failed("offers no tools") }
            try await send(["method": .string("notifications/initialized")], deadline: .now + settings.callLimit)
            var tools: [MCPToolDescription] = []
            var cursor: JSONValue?
            for _ in 0..<MCPServer.pageLimit {
                let page = try await result(
                    of: "tools/list", .object(cursor.map { ["cursor": $0] } ?? [:]), within: settings.callLimit)
                guard let entries = page["tools"]?.array else { throw failed("answered tools/list without a list of tools") }
                tools += try entries.map(description)
                cursor = page["nextCursor"].flatMap { $0 == .null ? nil : $0 }
                if cursor == nil { break }
            }
            return (revision, try offered(tools))
        }

        private func description(_ entry: JSONValue) throws -> MCPToolDescription {
            guard let name = entry["name"]?.string else { throw failed("lists a tool without a name") }
            return MCPToolDescription(
                name: name, about: entry["description"]?.string ?? "", schema: entry["inputSchema"] ?? .object([:]))
        }

        private func offered(_ tools: [MCPToolDescription]) throws -> [MCPToolDescription] {
            guard let only = settings.only else { return tools }
            return try only.map { name in
                guard let tool = tools.first(where: { $0.name == name }) else {
                    throw failed("has no tool '\(name)'; its tools are \(tools.map(\.name).joined(separator: ", "))")
                }
                return tool
            }
        }

        private mutating func result(of method: String, _ parameters: JSONValue, within limit: Duration) async throws -> JSONValue
        {
            switch try await request(method, parameters, within: limit) {
            case .success(let result): return result
            case .failure(let error): throw failed("answered \(method) with error \(error.code): \(error.message)")
            }
        }

        mutating func request(_ method: String, _ parameters: JSONValue, within limit: Duration) async throws
            -> Result<JSONValue, RemoteError>
        {
            calls += 1
            let deadline = ContinuousClock.now + limit
            try await send(["id": .number(Double(calls)), "method": .string(method), "params": parameters], deadline: deadline)
            while true {
                switch try await child.readLine(deadline: deadline, limit: settings.lineLimit) {
                case .ended: throw failed("ended during \(method)")
                case .timedOut: throw failed("did not answer \(method) within \(limit.secondsText)")
                case .tooLong: throw failed("answered \(method) with a line of more than \(settings.lineLimit) bytes")
                case .line(let text):
                    if text.allSatisfy(\.isWhitespace) { continue }
                    if let answer = try await read(text, deadline: deadline) { return answer }
                }
            }
        }

        /// The answer to the open request, if the message is that. Requests of the server are answered: a ping as it should be,
        /// anything else with "no such method", since this client offers nothing.
        private func read(_ text: String, deadline: ContinuousClock.Instant) async throws -> Result<JSONValue, RemoteError>? {
            guard let message = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), message.object != nil else {
                throw failed("wrote a line that is not a JSON-RPC message: '\(text.prefix(120))'")
            }
            if let method = message["method"]?.string {
                guard let id = message["id"] else { return nil }
                let answer: (String, JSONValue) =
                    method == "ping"
                    ? ("result", .object([:]))
                    : ("error", .object(["code": .number(-32601), "message": .string("no such method")]))
                try await send(["id": id, answer.0: answer.1], deadline: deadline)
                return nil
            }
            // An answer to a call that is not open is left aside, as JSON-RPC allows.
            guard message["id"]?.number == Double(calls) else { return nil }
            if let error = message["error"], error != .null {
                let code = error["code"]?.number ?? 0
                return .failure(
                    RemoteError(code: Int(exactly: code.rounded()) ?? 0, message: error["message"]?.string ?? "no message"))
            }
            guard let result = message["result"] else { throw failed("answered with neither result nor error") }
            return .success(result)
        }

        private func send(_ fields: [String: JSONValue], deadline: ContinuousClock.Instant) async throws {
            let message = JSONValue.object(fields.merging(["jsonrpc": .string("2.0")]) { $1 })
            do {
                try await child.write(
                    line: String(decoding: try JSONEncoder.stable().encode(message), as: UTF8.self), deadline: deadline)
            } catch ChildProcess.Failure.timedOut {
                throw failed("does not read its input")
            } catch ChildProcess.Failure.ended {
                throw failed("ended")
            }
        }

        private func failed(_ problem: String) -> TemperError {
            let words = child.errorText.split(separator: "\n").last.map { "; its last words: \($0.prefix(200))" } ?? ""
            return TemperError(
                .unavailable, "the MCP server \(problem)\(words)", place: settings.command.joined(separator: " "),
                boundary: .environment)
        }
    }
}
