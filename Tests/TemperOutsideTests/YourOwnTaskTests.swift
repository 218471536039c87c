import Foundation
import Synchronization
import TemperAgents
import TemperCore
import TemperSandbox
import Testing

@testable import TemperOutside

/// The examples of `docs/your-own-task.md`, taken from the page and played with their reference actions.
@Suite(.tags(.alone)) struct YourOwnTaskTests {
    private let sections: [String: [String: String]]

    init() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/your-own-task.md")
        sections = Self.files(of: try String(contentsOf: page, encoding: .utf8))
    }

    /// The files that each section shows, by name: a line `**name**`, then a fenced block.
    private static func files(of page: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var section = ""
        var name: String?
        var block: [String]?
        for line in page.components(separatedBy: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            if line.hasPrefix("```") {
                if let lines = block, let file = name {
                    sections[section, default: [:]][file] = lines.joined(separator: "\n") + "\n"
                    name = nil
                }
                block = block == nil ? [] : nil
            } else if line.hasPrefix("**"), line.hasSuffix("**") {
                name = String(line.dropFirst(2).dropLast(2))
            } else {
                block?.append(line)
            }
        }
        return sections
    }

    @Test func everySectionIsShort() {
        #expect(sections.count == 6)
        for (title, files) in sections {
            #expect(files["suite.yaml"] != nil, "\(title)")
            #expect(files.values.reduce(0) { $0 + $1.split(separator: "\n").count } < 40, "\(title)")
        }
    }

    private func suite(_ title: String, in folder: String, access: WorldAccess = .none) throws -> any TemperCore.Suite {
        let files = try #require(sections[title])
        for (name, text) in files { try write(text, to: "\(folder)/\(name)") }
        if ChildProcess.find("bwrap") != nil { return try FileSuite("\(folder)/suite.yaml").reaching(access) }
        return FileSuite(
            id: title, file: try SuiteFile.load("\(folder)/suite.yaml"), access: access, makeShell: { try PlainShell() })
    }

    /// Plays the tasks of a section with policy `gold` and expects full rewards.
    ///
    /// - Parameter files: what else lies in the suite's folder.
    private func gold(
        _ title: String, turns: [Int], files: [String: String] = [:], access: WorldAccess = .none
    ) async throws {
        try await withFolder { folder in
            for (name, text) in files {
                let parent = (name as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: "\(folder)/\(parent)", withIntermediateDirectories: true)
                try write(text, to: "\(folder)/\(name)")
            }
            let suite = try suite(title, in: folder, access: access)
            let tasks = try suite.tasks(split: "test", limit: nil)
            let played = try await rollOut(suite, tasks, policy: scripted(suite, "gold"), concurrency: 2)
            #expect(played.map { $0.turns.count } == turns)
            #expect(played.map { $0.score?.reward } == turns.map { _ in 1 }, "\(played.compactMap { $0.failure?.message })")
        }
    }

    @Test func shellCommands() async throws { try await gold("Shell commands as tools", turns: [2, 1]) }

    @Test func theTranscriptInTheReadmeIsWhatHappens() async throws {
        try await withFolder { folder in
            let suite = try suite("Shell commands as tools", in: folder)
            let played = try await rollOut(
                suite, suite.tasks(split: "test", limit: 1), policy: scripted(suite, "gold"), concurrency: 1)[0]
            var lines = [played.task.instruction]
            for turn in played.turns {
                lines.append(turn.replyText)
                if let observation = turn.observation { lines.append(TurnText.write(observation: observation, format: .react)) }
            }
            lines.append("(reward \(played.score?.reward ?? 0))")
            let wanted = "```text\n\(lines.joined(separator: "\n"))\n```"
            let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../Sources/TemperOutside/README.md")
            let text = try String(contentsOf: readme, encoding: .utf8)
            #expect(text.contains(wanted), "the README should hold\n\(wanted)")
        }
    }

    @Test(.enabled(if: hasPython)) func aPythonClass() async throws {
        try await gold("A Python class as an environment", turns: [4])
    }

    @Test(.enabled(if: hasPython)) func theToolsOfAnMCPServer() async throws {
        try await gold("Tools of an MCP server", turns: [2], files: ["mcp/__init__.py": "", "mcp/server.py": Self.standIn])
    }

    /// What the page's server needs of the package `mcp`, found beside it; Tests/Interop/test_outside.py plays it on the real one.
    private static let standIn = """
        import inspect, json, sys

        class MCPServer:
            def __init__(self, name):
                self.name, self.tools = name, {}

            def tool(self):
                return lambda function: self.tools.setdefault(function.__name__, function)

            def run(self, transport):
                for line in sys.stdin:
                    request = json.loads(line)
                    if "id" in request:
                        answer = self.answer(request["method"], request.get("params", {}))
                        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": answer}), flush=True)

            def answer(self, method, given):
                if method == "initialize":
                    information = {"name": self.name, "version": "1"}
                    return {"protocolVersion": given["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": information}
                if method == "tools/list":
                    return {"tools": [self.describe(function) for function in self.tools.values()]}
                result = self.tools[given["name"]](**given["arguments"])
                return {"content": [{"type": "text", "text": str(result)}]}

            def describe(self, function):
                names = list(inspect.signature(function).parameters)
                schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}, "required": names}
                return {"name": function.__name__, "description": function.__doc__, "inputSchema": schema}
        """

    @Test func aWebToolAndAJudge() async throws {
        setenv("DICTIONARY_KEY", "k", 1)
        defer { unsetenv("DICTIONARY_KEY") }
        let fake = FakeHTTP { request in
            #expect(request.url == "http://localhost:8080/define?word=tarn")
            #expect(request.headers.contains { $0.name == "X-Key" && $0.value == "k" })
            return (200, #"{"meanings": ["a mountain lake"]}"#)
        }
        let access = WorldAccess(http: fake, judge: { _ in FixedModel { _ in "Yes.\nScore: 5" } })
        try await gold("A tool on the web, and a model as judge", turns: [2], access: access)
    }

    @Test func anAgentGymServer() async throws {
        let fake = FakeHTTP { request in
            if request.url.hasSuffix("/create") { return (200, #"{"id": 0, "observation": "", "done": false, "reward": 0}"#) }
            let body = try JSONValue.parse(Data(request.body), named: "body")
            if request.url.hasSuffix("/reset") {
                return (
                    200,
                    #"{"id": 0, "observation": "Goal: craft task \#(Int(body["data_idx"]?.number ?? -1)).", "done": false, "reward": 0}"#
                )
            }
            return (200, #"{"observation": "Got 1 oak log", "reward": 1, "done": true}"#)
        }
        try await withFolder { folder in
            let suite = try suite("An AgentGym server", in: folder, access: WorldAccess(http: fake))
            #expect(try suite.tasks(split: "train", limit: nil).count == 374)
            let played = try await act(suite, suite.tasks(split: "test", limit: 1)[0], [Action("act", "get 1 oak log")])
            #expect(played.opening == "Goal: craft task 374.")
            #expect(played.score.reward == 1)
        }
    }

    @Test func anOpenEnvServer() async throws {
        try await withFolder { folder in
            let suite = try suite("An OpenEnv server", in: folder, access: WorldAccess(openWebSocket: { _ in CountingSession() }))
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let played = try await act(suite, task, [Action("add", "1"), Action("add", "1")])
            #expect(played.opening == "count to 2")
            #expect(played.score.reward == 1)
        }
    }
}

/// The counting world of `Tests/Interop/test_outside.py`.
private actor CountingSession: WebSocketConnection {
    private var goal = 0
    private var count = 0
    private var answer = ""

    func send(_ text: String) async throws {
        let message = try JSONValue.parse(Data(text.utf8), named: "message")
        if message["type"]?.string == "reset" {
            goal = Int(message["data"]?["seed"]?.number ?? 0)
            count = 0
            answer = "count to \(goal)"
        } else {
            count += Int(message["data"]?["by"]?.number ?? 0)
            answer = "\(count)"
        }
    }

    func receive(within limit: Duration) async throws -> String {
        #"{"type": "observation", "data": {"observation": {"text": "\#(answer)"}, "reward": \#(count == goal ? 1 : 0), "done": \#(count == goal)}}"#
    }

    func close() async {}
}
