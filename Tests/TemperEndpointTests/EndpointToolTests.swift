import Foundation
import TemperCore
import TemperEndpoint
import TemperTestServer
import Testing

@Suite("Function calls at an endpoint", .tags(.alone), .timeLimit(.minutes(2)))
struct EndpointToolTests {
    private static let tools = [ToolDefinition(name: "search", summary: "opens a page.", argument: "title")]

    private static func call(_ arguments: String, content: String = "null") throws -> Fault {
        let quoted = String(decoding: try JSONEncoder().encode(arguments), as: UTF8.self)
        return .body(
            #"{"choices":[{"finish_reason":"tool_calls","message":{"content":\#(content),"tool_calls":[{"id":"x","type":"function","#
                + #""function":{"name":"search","arguments":\#(quoted)}},{"id":"y","type":"function","function":{"name":"b"}}]}}]}"#
        )
    }

    @Test("Functions are sent as tools, earlier calls as tool_calls and their answers as tool messages, in stable bytes")
    func request() async throws {
        let server = try await MisbehavingServer(.none)
        var request = Endpoints.request("Who?")
        request.tools = Self.tools
        request.messages += [
            Message(.assistant, TurnText.write(thought: "I look.", action: Action("search", "a"), method: .tools), by: .policy),
            Message(.user, TurnText.write(observation: "A.", method: .tools), by: .environment),
        ]
        _ = try await Endpoints.model(server).complete(request)
        let body = String(decoding: try #require(server.received.first).body, as: UTF8.self)
        #expect(
            body == #"{"max_tokens":50,"messages":[{"content":"Who?","role":"user"},{"content":"I look.","role":"assistant","#
                + #""tool_calls":[{"function":{"arguments":"{\"input\": \"a\"}","name":"search"},"id":"call00001","type":"function"}]},"#
                + #"{"content":"A.","role":"tool","tool_call_id":"call00001"}],"model":"test","seed":0,"temperature":0,"#
                + #""tools":[{"function":{"description":"opens a page.","name":"search","parameters":{"properties":{"input":"#
                + #"{"description":"title","type":"string"}},"required":["input"],"type":"object"}},"type":"function"}],"top_p":1}"#
        )
    }

    @Test(
        "The first call of a reply comes back as text that reads as its action",
        arguments: [
            (#"{"input": "a \"b\""}"#, "null", Action("search", "a \"b\""), nil),
            (#"{"query":"a"}"#, #""I look.""#, Action("search", "a"), "I look."),
            ("{\"input\": \"a", "null", nil, nil), ("", "null", Action("search", ""), nil),
        ] as [(String, String, Action?, String?)])
    func reply(arguments: String, content: String, action: Action?, thought: String?) async throws {
        let server = try await MisbehavingServer(.first([try Self.call(arguments, content: content)]))
        var request = Endpoints.request("Who?")
        request.tools = Self.tools
        let completion = try await Endpoints.model(server).complete(request)
        let reading = TurnText.read(completion.text, method: .tools)
        #expect(reading.action == action && reading.thought == thought, "\(completion.text)")
        #expect(action != nil || reading.diagnosis?.hasPrefix("The function call is not JSON") == true)
        #expect(completion.finishReason == .stop)
    }

    @Test("A reply without a call is plain text, and a call without a name is asked for again")
    func others() async throws {
        let nameless = #"{"choices":[{"finish_reason":"stop","message":{"content":null,"tool_calls":[{"id":"x"}]}}]}"#
        let server = try await MisbehavingServer(.first([.body(nameless)]))
        var request = Endpoints.request("plain")
        request.tools = Self.tools
        #expect(try await Endpoints.model(server).complete(request).text == "plain")
        #expect(server.requestCount == 2)
    }

    @Test("A reply that is begun is sent as the last message, to be gone on from")
    func replyStart() async throws {
        let server = try await MisbehavingServer(.none)
        var request = Endpoints.request("Who?")
        request.replyStart = "Thought: So far"
        _ = try await Endpoints.model(server).complete(request)
        let body = try JSONValue.parse(Data(try #require(server.received.first).body), named: "body")
        #expect(body["messages"]?.array?.last == .object(["role": .string("assistant"), "content": .string("Thought: So far")]))
        #expect(body["continue_final_message"] == .bool(true) && body["add_generation_prompt"] == .bool(false))
    }
}
