import Foundation
import Synchronization
import TemperAgents
import TemperCore
import Testing

@testable import TemperOutside

/// A counting game behind AgentGym's HTTP interface, in the dialect that a test asks for.
private final class GymServer: Sendable {
    struct State {
        var games: [Int: (goal: Int, count: Int)] = [:]
        var created = 0
        var closed = 0
        var actions: [String] = []
    }

    let state = Mutex(State())
    let dialect: AgentGymSettings.Dialect
    let taskKey: String

    init(_ name: String) throws {
        dialect = try #require(AgentGymSettings.dialects[name])
        let fields = try #require(dialect.reset.object)
        taskKey = try #require(fields.first { $0.value == .string("{number:number}") }?.key)
    }

    var client: FakeHTTP {
        FakeHTTP { request in
            let body = try JSONValue.parse(Data(request.body.isEmpty ? Array("null".utf8) : request.body), named: "body")
            return (200, self.answer(request.url, body))
        }
    }

    private func answer(_ url: String, _ body: JSONValue) -> String {
        state.withLock { state in
            let key = dialect.identifier
            if url.hasSuffix("/create") {
                state.created += 1
                state.games[state.created] = (0, 0)
                // The servers that use env_idx answer with the number alone.
                return key == "env_idx" ? "\(state.created)" : #"{"id": \#(state.created)}"#
            }
            if url.contains("/observation?\(key)=") { return #""the shop""# }
            guard let id = body[key]?.number.map({ Int($0) }), let game = state.games[id] else {
                return #"{"error": "no such environment"}"#
            }
            if url.hasSuffix("/reset") {
                guard let number = body[taskKey]?.number else { return #"{"error": "which task?"}"# }
                state.games[id] = (Int(number), 0)
                if taskKey == "session_id" { return "[null, null]" }
                if taskKey == "id" { return #""count to \#(Int(number))""# }
                return
                    #"{"observation": "count to \#(Int(number))", "available_actions": ["add", "look"], "reward": 0, "done": false}"#
            }
            if url.hasSuffix("/step") {
                state.actions.append(body["action"]?.string ?? "")
                state.games[id] = (game.goal, game.count + 1)
                let isDone = game.count + 1 >= game.goal
                let reward = dialect.full * (isDone ? 1 : 0.5)
                let seen = taskKey == "session_id" ? "state" : "observation"
                return #"{"\#(seen)": "\#(game.count + 1)", "\#(dialect.reward)": \#(reward), "done": \#(isDone)}"#
            }
            state.closed += url.hasSuffix("/close") ? 1 : 0
            return "true"
        }
    }
}

private func gymSuite(
    _ server: String, in folder: String, more: String = "", by client: any HTTPClient
) throws -> FileSuite {
    try fileSuite(
        """
        instruction: Count.
        tasks: { numbers: { train: 10-19, test: 2-5 } }
        agentgym: { url: "http://localhost:36001/", server: \(server)\(more) }
        """, in: folder, access: WorldAccess(http: client))
}

@Suite(.tags(.alone)) struct AgentGymTests {
    @Test(arguments: AgentGymSettings.dialects.keys.sorted())
    func everyDialectPlaysAnEpisode(_ name: String) async throws {
        try await withFolder { folder in
            let server = try GymServer(name)
            let suite = try gymSuite(name, in: folder, by: server.client)
            let tasks = try suite.tasks(split: "test", limit: nil)
            #expect(tasks.map(\.id) == ["test-2", "test-3", "test-4", "test-5"])
            let played = try await act(
                suite, tasks[0], [Action("act", "add one"), Action("act", "add one"), Action("act", "x")])
            #expect(played.opening == (server.taskKey == "session_id" ? "the shop" : "count to 2"))
            #expect(played.results.map(\.observation) == ["1", "2", "The episode is over."])
            #expect(played.results.map(\.isDone) == [false, true, true])
            #expect(played.score == Score(reward: 1, metrics: ["raw_reward": server.dialect.full, "reward": 1]))
            #expect(try await act(suite, tasks[1], [Action("act", "x")]).score.reward == 0.5)
            let sent = server.state.withLock { $0.actions[0] }
            switch server.dialect.actions {
            case .argument: #expect(sent == "add one")
            case .brackets: #expect(sent == "act[add one]")
            case .input: #expect(sent == "Action: act with Action Input: add one")
            }
            // The environment of the server is used again, not made anew.
            #expect(server.state.withLock { $0.created } == 1)
        }
    }

    @Test func theActionsOfTheServerAreAdmissible() async throws {
        try await withFolder { folder in
            let suite = try gymSuite("alfworld", in: folder, by: GymServer("alfworld").client)
            var environment = try suite.makeEnvironment(for: suite.tasks(split: "test", limit: 1)[0])
            _ = try await environment.reset()
            #expect(environment.admissibleActions == [Action("act", "add"), Action("act", "look")])
            await environment.close()
        }
    }

    @Test(arguments: [
        (#"{"error": "no games"}"#, "the server reports an error in create: no games"),
        ("hello", "the answer is not JSON: hello"),
        (#"{"name": 1}"#, "the answer to create is not one of an AgentGym server"),
    ])
    func aServerThatFailsIsAnEnvironmentError(_ answer: String, _ message: String) async throws {
        try await withFolder { folder in
            let suite = try gymSuite("babyai", in: folder, by: FakeHTTP { _ in (200, answer) })
            let trajectory = try await rollOut(
                suite, suite.tasks(split: "test", limit: 1), policy: FixedModel { _ in "Action: act[x]" }, concurrency: 1)[0]
            #expect(trajectory.outcome == .environmentError)
            #expect(trajectory.failure?.message.contains(message) == true, "\(trajectory.failure?.message ?? "")")
        }
    }

    @Test func aServerOfItsOwnKindIsDescribed() async throws {
        try await withFolder { folder in
            let more =
                ", identifier: session, reset: { task: '{number:number}', mode: text }, actions: brackets, reward: sum, full_reward: 4"
            let seen = Mutex<[JSONValue]>([])
            let fake = FakeHTTP { request in
                if request.url.hasSuffix("/create") { return (200, #"{"session": 5}"#) }
                let body = try JSONValue.parse(Data(request.body), named: "body")
                seen.withLock { $0.append(body) }
                return (200, #"{"observation": "o", "reward": 1, "done": false}"#)
            }
            let suite = try gymSuite("textcraft", in: folder, more: more, by: fake)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            #expect(try await act(suite, task, [Action("a", "b"), Action("a", "b")]).score.reward == 0.5)
            #expect(seen.withLock { $0[0] } == .object(["session": .number(5), "task": .number(2), "mode": .string("text")]))
            #expect(seen.withLock { $0[1]["action"]?.string } == "a[b]")
        }
    }
}

/// A counting game behind OpenEnv's session messages.
private actor OpenEnvSession: WebSocketConnection {
    private var goal = 0
    private var count = 0
    private var answers: [String] = []
    private(set) var isClosed = false
    private let flaw: String?

    init(flaw: String? = nil) {
        self.flaw = flaw
    }

    func send(_ text: String) async throws {
        let message = try JSONValue.parse(Data(text.utf8), named: "message")
        switch message["type"]?.string {
        case "reset":
            goal = Int(message["data"]?["seed"]?.number ?? 0)
            count = 0
            answer("count to \(goal)", reward: "null", done: false)
        case "step":
            if let flaw { return answers.append(flaw) }
            guard let by = message["data"]?["by"]?.number else {
                return answers.append(#"{"type": "error", "data": {"code": "VALIDATION_ERROR", "message": "by is missing"}}"#)
            }
            count += Int(by)
            answer("\(count)", reward: count == goal ? "true" : "0.25", done: count >= goal)
        default: isClosed = true
        }
    }

    private func answer(_ text: String, reward: String, done: Bool) {
        answers.append(
            #"{"type": "observation", "data": {"observation": {"echo": {"text": "\#(text)"}, "done": \#(done)}, "reward": \#(reward), "done": \#(done)}}"#
        )
    }

    func receive(within limit: Duration) async throws -> String {
        guard !answers.isEmpty else { throw TemperError(.unavailable, "nothing came", boundary: .environment) }
        return answers.removeFirst()
    }

    func close() async {}
}

private func openEnvSuite(in folder: String, more: String = "", access: WorldAccess) throws -> FileSuite {
    try fileSuite(
        """
        instruction: Count.
        tasks: { numbers: { test: 2-5 } }
        openenv:
          url: http://localhost:8000
          actions: { add: { by: "{argument:number}" }, pass: { note: "{argument}" } }
          observation: echo.text
        \(more)
        """, in: folder, access: access)
}

@Suite(.tags(.alone)) struct OpenEnvTests {
    @Test func anEpisodeRunsInASession() async throws {
        try await withFolder { folder in
            let opened = Mutex<[String]>([])
            let access = WorldAccess(openWebSocket: { url in
                opened.withLock { $0.append(url) }
                return OpenEnvSession()
            })
            let suite = try openEnvSuite(in: folder, access: access)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let played = try await act(
                suite, task,
                [Action("jump", ""), Action("add", "one"), Action("pass", "x"), Action("add", "1"), Action("add", "1")])
            #expect(played.opening == "count to 2")
            #expect(
                played.results.map(\.observation) == [
                    "There is no action 'jump'. The actions are add[…], pass[…].", "'one' is not a number.", "by is missing",
                    "1", "2",
                ])
            #expect(played.results.map(\.isValid) == [false, false, false, true, true])
            #expect(played.results.last?.isDone == true)
            #expect(played.score.reward == 1)
            #expect(try await act(suite, task, [Action("add", "1")]).score.reward == 0.25)
            #expect(opened.withLock { $0 } == ["ws://localhost:8000/ws"])
        }
    }

    @Test func httpServesServersThatKeepTheirState() async throws {
        try await withFolder { folder in
            let fake = FakeHTTP { request in
                let body = try JSONValue.parse(Data(request.body), named: "body")
                if request.url.hasSuffix("/reset") {
                    #expect(body == .object(["task_id": .string("t-2")]))
                    return (200, #"{"observation": {"echo": {"text": "go"}}, "reward": null, "done": false}"#)
                }
                #expect(body == .object(["action": .object(["by": .number(1)])]))
                return (200, #"{"observation": {"echo": {"text": "went"}}, "reward": 0.5, "done": true}"#)
            }
            let suite = try openEnvSuite(
                in: folder, more: "  transport: http\n  reward: best\n  reset: { task_id: 't-{number}' }",
                access: WorldAccess(http: fake))
            let played = try await act(suite, suite.tasks(split: "test", limit: 1)[0], [Action("add", "1")])
            #expect(played.opening == "go")
            #expect(played.results == [StepResult("went", isDone: true)])
            #expect(played.score.reward == 0.5)
        }
    }

    @Test(arguments: [
        ("hello", "answered step with nonsense: 'hello'"),
        (
            #"{"type": "error", "data": {"code": "EXECUTION_ERROR", "message": "no display"}}"#,
            "reports an error in step: no display"
        ),
        (#"{"type": "observation", "data": {}}"#, "answered step without an observation"),
        (#"{"type": "observation", "data": {"observation": {"text": "x"}}}"#, "with an observation without 'echo'"),
    ])
    func aSessionThatFailsIsClosedAndReplaced(_ flaw: String, _ message: String) async throws {
        try await withFolder { folder in
            let bad = OpenEnvSession(flaw: flaw)
            let sessions = Mutex<[OpenEnvSession]>([bad])
            let access = WorldAccess(openWebSocket: { _ in sessions.withLock { $0.popLast() } ?? OpenEnvSession() })
            let suite = try openEnvSuite(in: folder, access: access)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let error = await #expect(throws: TemperError.self) { try await act(suite, task, [Action("add", "1")]) }
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            #expect(error?.boundary == .environment)
            #expect(await bad.isClosed)
            let next = try await act(suite, task, [Action("add", "1")])
            #expect(next.results[0].observation == "1")
        }
    }

    @Test func aSuiteWithoutActionsIsRefused() async throws {
        let yaml = "instruction: Go.\ntasks: { numbers: { test: 0-1 } }\nopenenv: { url: 'http://x' }"
        let error = #expect(throws: TemperError.self) { try SuiteFile.decode(yaml, file: "s.yaml", folder: "/") }
        #expect(error?.description.contains("s.yaml:3: 'openenv.actions' needs 'actions'") == true)
    }
}
