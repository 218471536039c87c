import Foundation
import TemperCore
import Testing

@testable import TemperOutside

private let shell = LazyShell { try PlainShell() }

@Suite(.tags(.alone)) struct HTTPToolTests {
    private func call(
        _ tool: HTTPTool, _ argument: String,
        _ respond: @escaping @Sendable (HTTPRequest) async throws -> (status: Int, body: String)
    ) async throws -> ToolAnswer {
        try await tool.reaching(WorldAccess(http: FakeHTTP(respond: respond))).call(argument, shell: shell)
    }

    @Test func theArgumentIsEncodedInTheAddress() async throws {
        let tool = HTTPTool(name: "find", url: "http://host/find?q={argument}&n=3", show: ["hits", "1", "title"])
        let answer = try await call(tool, "a&b=é/{argument}") { request in
            #expect(request.url == "http://host/find?q=a%26b%3D%C3%A9%2F%7Bargument%7D&n=3")
            #expect(request.method == "GET")
            return (200, #"{"hits": [{"title": "One"}, {"title": "Two"}]}"#)
        }
        #expect(answer == ToolAnswer(text: "Two"))
        #expect(try await call(tool, "x") { _ in (200, #"{"hits": []}"#) }.text == "Nothing found.")
        #expect(
            try await call(HTTPTool(name: "find", url: "http://host"), "x") { _ in (200, " plain text\n") }.text == "plain text")
    }

    @Test func theArgumentIsDataInTheBody() async throws {
        let body = JSONValue.object([
            "query": .string("{argument}"), "say": .string("find {argument} now"), "count": .string("{argument:number}"),
            "raw": .string("{argument:json}"), "k": .number(3),
        ])
        let tool = HTTPTool(name: "find", method: "POST", url: "http://host/", body: body)
        _ = try await call(tool, "7") { request in
            let sent = try JSONValue.parse(Data(request.body), named: "body")
            #expect(sent["query"]?.string == "7" && sent["say"]?.string == "find 7 now")
            #expect(sent["count"]?.number == 7 && sent["raw"]?.number == 7 && sent["k"]?.number == 3)
            return (200, "ok")
        }
        let bad = try await call(tool, "seven") { _ in
            Issue.record("nothing is sent")
            return (200, "")
        }
        #expect(bad == ToolAnswer(text: "'seven' is not JSON.", isValid: false) || bad.text == "'seven' is not a number.")
    }

    @Test(arguments: [(404, false), (400, false), (422, false), (500, true), (503, true), (401, true), (429, true)])
    func aBadArgumentIsShownAndABadServerIsAnError(_ status: Int, _ isError: Bool) async throws {
        let tool = HTTPTool(name: "find", method: "POST", url: "http://host/?key=secret")
        do {
            let answer = try await call(tool, "x") { _ in (status, "no such page") }
            #expect(!isError)
            #expect(answer == ToolAnswer(text: "Status \(status): no such page", isValid: false))
        } catch let error as TemperError {
            #expect(isError)
            #expect(error.boundary == .environment)
            #expect(!error.description.contains("secret"))
        }
    }

    @Test func keysComeFromTheEnvironment() async throws {
        setenv("TEMPER_TEST_HEADER", "value", 1)
        defer { unsetenv("TEMPER_TEST_HEADER") }
        #expect(try HTTPTool.secrets(in: "Bearer ${TEMPER_TEST_HEADER}!") == "Bearer value!")
        let error = #expect(throws: TemperError.self) { try HTTPTool.secrets(in: "${TEMPER_TEST_ABSENT}") }
        #expect(error?.message == "the variable TEMPER_TEST_ABSENT is not set")
    }

    @Test func aRequestWithoutAClientSaysSo() async throws {
        let error = await #expect(throws: TemperError.self) { try await WorldAccess.none.json("GET", "http://host/x?key=secret") }
        #expect(error?.description.contains("no HTTP client was handed in") == true)
        #expect(error?.boundary == .environment)
        #expect(error?.place == "GET http://host/x")
    }

    @Test func aBusyServerIsAskedAgainWhereThatIsAllowed() async throws {
        let counter = Counter()
        let fake = FakeHTTP { _ in await counter.next() == 1 ? (503, "busy") : (200, "{\"a\": 1}") }
        let answer = try await WorldAccess(http: fake).json("GET", "http://host", attempts: 2)
        #expect(answer["a"]?.number == 1)
        #expect(await counter.count == 2)
    }

    @Test func aSuiteMayHaveAnHTTPTool() async throws {
        try await withFolder { folder in
            let yaml = """
                instruction: Look it up.
                tasks: { files: { test: tasks.jsonl } }
                tools:
                  - name: find
                    http: { url: "http://host/find?q={argument}", show: text, headers: { Accept: application/json } }
                reward: exact_match
                """
            let suite = try fileSuite(
                yaml, in: folder, files: ["tasks.jsonl": #"{"instruction": "Where?", "answer": "Oslo"}"#],
                access: WorldAccess(http: FakeHTTP { _ in (200, #"{"text": "in Oslo"}"#) }))
            let played = try await act(
                suite, suite.tasks(split: "test", limit: 1)[0], [Action("find", "x"), Action("finish", "oslo")])
            #expect(played.results[0].observation == "in Oslo")
            #expect(played.score.reward == 1)
        }
    }
}

actor Counter {
    private(set) var count = 0
    func next() -> Int {
        count += 1
        return count
    }
}
