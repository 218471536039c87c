import Foundation
import TemperAgents
import TemperCore
import Testing

@testable import TemperOutside

/// An MCP server in plain Python whose tools misbehave by name.
let scriptedServer = """
    import json, os, sys, time

    def tool(name, properties, required):
        schema = {"type": "object", "properties": properties, "required": required}
        return {"name": name, "description": name + " it.\\nMore.", "inputSchema": schema}

    number, text = {"type": "number"}, {"type": "string"}
    pages = [
        [tool("add", {"a": number, "b": number}, ["a", "b"]), tool("echo", {"text": text}, ["text"])],
        [tool("twice", {"x": number}, ["x"]), tool("nothing", {}, []), tool("count.calls", {}, [])]
        + [tool(name, {}, []) for name in ("fail", "refuse", "die", "hang", "chatter", "nonsense", "picture", "structured")],
    ]
    calls = 0
    revision = sys.argv[1] if len(sys.argv) > 1 else "2025-06-18"

    def send(message):
        print(json.dumps(message), flush=True)

    def run(name, a):
        global calls
        calls += 1
        if name == "add": return {"content": [{"type": "text", "text": str(a["a"] + a["b"])}]}
        if name == "echo": return {"content": [{"type": "text", "text": a["text"]}, {"type": "text", "text": "!"}]}
        if name == "twice": return {"content": [{"type": "text", "text": str(2 * a["x"])}]}
        if name == "nothing": return {"content": []}
        if name == "count.calls": return {"content": [{"type": "text", "text": str(calls)}]}
        if name == "fail": return {"content": [{"type": "text", "text": "out of range"}], "isError": True}
        if name == "die": print("bye", file=sys.stderr, flush=True); os._exit(1)
        if name == "hang": time.sleep(60)
        if name == "nonsense": print("hello", flush=True)
        if name == "picture": return {"content": [{"type": "image", "data": "", "mimeType": "image/png"}]}
        if name == "structured": return {"content": [], "structuredContent": {"a": 1}}
        if name == "chatter":
            send({"jsonrpc": "2.0", "method": "notifications/message", "params": {}})
            send({"jsonrpc": "2.0", "id": "s1", "method": "ping"})
            assert json.loads(sys.stdin.readline()) == {"jsonrpc": "2.0", "id": "s1", "result": {}}
            send({"jsonrpc": "2.0", "id": "s2", "method": "sampling/createMessage", "params": {}})
            assert json.loads(sys.stdin.readline())["error"]["code"] == -32601
            send({"jsonrpc": "2.0", "id": 999, "result": {}})
            return {"content": [{"type": "text", "text": "heard"}]}

    ready = False
    for line in sys.stdin:
        request = json.loads(line)
        method, params = request["method"], request.get("params", {})
        if method == "initialize":
            assert params["protocolVersion"] and params["clientInfo"]["name"] == "temper"
            send({"jsonrpc": "2.0", "id": request["id"], "result": {"protocolVersion": revision, "serverInfo": {"name": "t", "version": "1"},
                  "capabilities": {} if revision == "2024-11-05" else {"tools": {}}}})
        elif method == "notifications/initialized":
            ready = True
        elif method == "tools/list":
            assert ready
            page = int(params.get("cursor", 0))
            send({"jsonrpc": "2.0", "id": request["id"], "result": dict(tools=pages[page], **({"nextCursor": "1"} if page == 0 else {}))})
        elif method == "tools/call":
            if params["name"] == "refuse":
                send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32602, "message": "no such argument"}})
            else:
                send({"jsonrpc": "2.0", "id": request["id"], "result": run(params["name"], params.get("arguments", {}))})
    """

private let suiteText = """
    instruction: Use the tools.
    tasks: { files: { test: tasks.jsonl } }
    tools:
      - mcp: { command: [python3, server.py], call_seconds: 1 }
    reward: exact_match
    """

private let record =
    #"{"instruction": "What is 2 + 40?", "answer": "42", "solution": ["add[{\"a\": 2, \"b\": 40}]", "finish[42]"]}"#

@Suite(.tags(.alone), .enabled(if: hasPython)) struct MCPTests {
    private func withServer<Value>(_ yaml: String = suiteText, _ body: (FileSuite, AgentTask) async throws -> Value) async throws
        -> Value
    {
        try await withFolder { folder in
            let suite = try fileSuite(yaml, in: folder, files: ["server.py": scriptedServer, "tasks.jsonl": record])
            return try await body(suite, try suite.tasks(split: "test", limit: 1)[0])
        }
    }

    /// Checks the first observation of an episode.
    private func expect(_ text: String, _ suite: FileSuite, _ task: AgentTask, _ actions: [Action]) async throws {
        let played = try await act(suite, task, actions)
        #expect(played.results[0].observation == text)
    }

    @Test func itsToolsAreActionsOfASuite() async throws {
        try await withServer { suite, task in
            let played = try await act(
                suite, task,
                [
                    Action("add", #"{"a": 2, "b": 40}"#), Action("echo", "a \"quoted\" [text]"),
                    Action("echo", #"{"text": "as JSON"}"#),
                    Action("twice", "21"), Action("nothing", ""), Action("count_calls", ""), Action("chatter", ""),
                    Action("picture", ""), Action("structured", ""), Action("finish", "42"),
                ])
            let opening = try #require(played.opening)
            #expect(
                opening.hasPrefix(
                    "add[{\"a\": number, \"b\": number}] add it.\necho[text] echo it.\ntwice[x] twice it.\nnothing[] nothing it.")
            )
            #expect(
                played.results.map(\.observation) == [
                    "42", "a \"quoted\" [text]\n!", "as JSON\n!", "42", "(no output)", "6", "heard",
                    "(image that cannot be shown)",
                    #"{"a":1}"#, "Episode finished.",
                ])
            #expect(!played.results.map(\.isValid).contains(false))
            #expect(played.score.reward == 1)
        }
    }

    @Test(arguments: [
        ("add", "2, 40", "The argument must be JSON: add[{\"a\": number, \"b\": number}] add it."),
        ("twice", "many", "'many' is not a value of 'x': twice[x] twice it."),
        ("fail", "", "out of range"), ("refuse", "", "Error: no such argument"),
        ("subtract", "1", "There is no action 'subtract'. The actions are add[…]"),
    ])
    func aBadActionIsAnObservation(_ name: String, _ argument: String, _ text: String) async throws {
        try await withServer { suite, task in
            let results = try await act(suite, task, [Action(name, argument), Action("twice", "1")]).results
            #expect(results[0].observation.hasPrefix(text), "\(results[0].observation)")
            #expect(!results[0].isValid)
            #expect(results[1] == StepResult("2"))
        }
    }

    @Test(arguments: [
        ("die", "the MCP server ended during tools/call; its last words: bye"),
        ("hang", "the MCP server did not answer tools/call within 1 s"),
        ("nonsense", "the MCP server wrote a line that is not a JSON-RPC message: 'hello'"),
    ])
    func aServerThatFailsEndsItsEpisodeAlone(_ tool: String, _ message: String) async throws {
        try await withServer { suite, task in
            let error = await #expect(throws: TemperError.self) { try await act(suite, task, [Action(tool, "")]) }
            #expect(error?.message == message)
            #expect(error?.boundary == .environment)
            try await expect("4", suite, task, [Action("twice", "2")])
        }
    }

    @Test func aServerIsFreshForEveryEpisodeUnlessTheSuiteSaysOtherwise() async throws {
        let count = [Action("count_calls", "")]
        try await withServer { suite, task in
            try await expect("1", suite, task, count)
            try await expect("1", suite, task, count)
        }
        try await withServer(suiteText.replacing("call_seconds: 1", with: "reuse: true, only: [count.calls, die]")) {
            suite, task in
            try await expect("1", suite, task, count)
            try await expect("2", suite, task, count)
            let opening = try await act(suite, task, count).opening
            #expect(opening == "count_calls[] count.calls it.\ndie[] die it.")
            // One that has failed is not used again.
            await #expect(throws: TemperError.self) { try await act(suite, task, [Action("die", "")]) }
            try await expect("1", suite, task, count)
        }
    }

    @Test func theGoldPolicyUsesItsTools() async throws {
        try await withServer { suite, task in
            let trajectory = try await rollOut(suite, [task], policy: scripted(suite, "gold"), concurrency: 1)[0]
            #expect(trajectory.turns.map(\.observation) == ["42", nil])
            #expect(trajectory.score?.reward == 1)
        }
    }

    @Test(arguments: [
        ("[python3, server.py, '1999-01-01']", "speaks protocol revision '1999-01-01'; Temper speaks 2025-11-25, 2025-06-18"),
        ("[python3, server.py, '2024-11-05']", "offers no tools"),
        ("[python3, server.py], only: [subtract]", "has no tool 'subtract'; its tools are add, echo"),
        ("[python3, absent.py]", "ended during initialize"),
        ("[sleep, '30'], start_seconds: 0.3", "did not answer initialize within 0.3 s"),
    ])
    func aServerThatCannotBeUsedIsNamed(_ command: String, _ message: String) async throws {
        try await withServer(suiteText.replacing("[python3, server.py]", with: command)) { suite, task in
            let error = await #expect(throws: TemperError.self) { try await act(suite, task, []) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        }
    }
}
