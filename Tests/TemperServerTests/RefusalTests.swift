import Foundation
import TemperCore
import Testing

@testable import TemperServer

@Suite struct RefusalTests {
    /// A body, and what of it is at fault.
    struct Refused: Sendable, CustomTestStringConvertible {
        var path = chatPath
        var body: String
        var status = 400
        var code: String?
        var parameter: String?
        var message: String?

        var testDescription: String { String(body.prefix(60)) }
    }

    private static let hello = #""model": "tiny", "messages": [{"role": "user", "content": "hi"}]"#
    private static func more(_ text: String) -> String { "{\(hello), \(text)}" }

    static let bodies: [Refused] = [
        Refused(body: "", code: "invalid_json", message: "ends early at byte 0"),
        Refused(body: "{\"model\": \"tiny\"", code: "invalid_json"),
        Refused(body: "[]", code: "invalid_json", message: "must be a JSON object"),
        Refused(body: "{\"model\": \"tiny\", \"model\": \"tiny\"}", code: "invalid_json", message: "'model' is given twice"),
        Refused(body: String(repeating: "[", count: 100_000), code: "invalid_json", message: "nesting is too deep"),
        Refused(body: "{}", code: "missing_parameter", parameter: "model"),
        Refused(body: #"{"model": "tiny"}"#, code: "missing_parameter", parameter: "messages"),
        Refused(body: #"{"model": 5, "messages": []}"#, code: "invalid_type", parameter: "model"),
        Refused(body: #"{"model": "tiny", "messages": []}"#, parameter: "messages"),
        Refused(body: #"{"model": "tiny", "messages": [{"role": "boss", "content": "x"}]}"#, parameter: "messages[0].role"),
        Refused(
            body: #"{"model": "tiny", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#,
            parameter: "messages[0].content[0]", message: "reads text only"),
        Refused(
            body: #"{"model": "tiny", "messages": [{"role": "tool", "content": "x", "tool_call_id": "a"}]}"#,
            parameter: "messages[0]", message: "answers no tool call"),
        Refused(
            body: #"{"model": "huge", "messages": [{"role": "user", "content": "x"}]}"#, status: 404, code: "model_not_found"),
        Refused(body: more(#""temperature": 3"#), parameter: "temperature", message: "is 3.0, it must be in 0.0…2.0"),
        Refused(body: more(#""temperature": "hot""#), code: "invalid_type", parameter: "temperature"),
        Refused(body: more(#""top_p": -0.1"#), parameter: "top_p"),
        Refused(body: more(#""n": 0"#), parameter: "n"),
        Refused(body: more(#""n": 1.5"#), code: "invalid_type", parameter: "n"),
        Refused(body: more(#""seed": 1e30"#), parameter: "seed"),
        Refused(body: more(#""max_tokens": 0"#), parameter: "max_tokens"),
        Refused(body: more(#""stop": [1]"#), parameter: "stop"),
        Refused(body: more(#""stop": """#), parameter: "stop"),
        Refused(body: more(#""stream": "yes""#), parameter: "stream"),
        Refused(body: more(#""stream_options": {"include_usage": true}"#), parameter: "stream_options"),
        Refused(body: more(#""top_logprobs": 2"#), parameter: "top_logprobs"),
        Refused(body: more(#""logprobs": true, "top_logprobs": 21"#), parameter: "top_logprobs"),
        Refused(body: more(#""frequency_penalty": 0.5"#), code: "unsupported_value", parameter: "frequency_penalty"),
        Refused(body: more(#""logit_bias": {"5": 1}"#), code: "unsupported_value", parameter: "logit_bias"),
        Refused(
            body: more(#""response_format": {"type": "json_object"}"#), code: "unsupported_value", parameter: "response_format"),
        Refused(body: more(#""functions": []"#), parameter: "functions"),
        Refused(body: more(#""tool_choice": "required""#), parameter: "tool_choice"),
        Refused(body: more(#""tools": [{"type": "function"}]"#), parameter: "tools[0]"),
        Refused(
            body: more(
                #""tools": [{"type": "function", "function": {"name": "a"}}], "tool_choice": {"type": "function", "function": {"name": "b"}}"#
            ),
            parameter: "tool_choice"),
        Refused(body: more(#""temprature": 1"#), code: "unknown_parameter", parameter: "temprature"),
        Refused(body: more(#""min_p": 0.1"#), code: "unknown_parameter", parameter: "min_p"),
        Refused(path: textPath, body: #"{"model": "tiny"}"#, parameter: "prompt"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": ""}"#, parameter: "prompt", message: "has no tokens"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": [1, "a"]}"#, parameter: "prompt"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": [5, 300]}"#, message: "the token 300"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": [5, -1]}"#, message: "the token -1"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": "x", "suffix": "y"}"#, parameter: "suffix"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": "x", "best_of": 3}"#, parameter: "best_of"),
        Refused(path: textPath, body: #"{"model": "tiny", "prompt": "x", "echo": true, "stream": true}"#, parameter: "echo"),
    ]

    @Test("What makes no sense is refused with OpenAI's error body, and the server goes on")
    func refusals() async throws {
        try await TestServer.run { client, _, _ in
            for refused in Self.bodies {
                let reply = try await client.post(refused.path, Array(refused.body.utf8))
                let name = refused.testDescription
                #expect(reply.status == refused.status, "\(name)")
                let error = try #require(try reply.json["error"], "\(name)")
                #expect(error["type"] == .string("invalid_request_error"), "\(name)")
                #expect(Set(error.object?.keys.map { $0 } ?? []) == ["message", "type", "param", "code"], "\(name)")
                if let code = refused.code { #expect(error["code"] == .string(code), "\(name)") }
                if let parameter = refused.parameter { #expect(error["param"] == .string(parameter), "\(name)") }
                if let message = refused.message {
                    #expect(error["message"]?.string?.contains(message) == true, "\(name): \(error)")
                }
            }
            // Fields that change nothing are no fault.
            let harmless = Self.more(
                #""user": "me", "metadata": {}, "store": false, "frequency_penalty": 0, "logit_bias": {}, "n": null, "max_tokens": 2, "response_format": {"type": "text"}"#
            )
            #expect(try await client.post(chatPath, Array(harmless.utf8)).status == 200)
            #expect(try await client.metric("temper_requests_in_house") == 0)
        }
    }

    @Test("Text that is not UTF-8, prompts of ten megabytes and ones longer than the context are refused")
    func hostileTexts() async throws {
        try await TestServer.run(context: 512, { $0.maximumBodyBytes = 12 << 20 }) { client, _, _ in
            let invalid = Array(#"{"model": "tiny", "prompt": ""#.utf8) + [0x61, 0xC3, 0x28, 0xFF] + Array("\"}".utf8)
            let reply = try await client.post(textPath, invalid)
            #expect(reply.status == 400)
            #expect(reply.text.contains("not valid UTF-8"))
            for path in [chatPath, textPath] {
                let text = String(repeating: path == chatPath ? "é" : "the cat ", count: (10 << 20) / (path == chatPath ? 2 : 8))
                let body = path == chatPath ? TestServer.chat(text) : TestServer.text(.string(text))
                let long = try await client.post(path, body)
                #expect(long.status == 400)
                #expect(try long.json["error"]?["code"] == .string("context_length_exceeded"))
            }
            let slightly = try await client.post(textPath, TestServer.text(.string(String(repeating: "xyz ", count: 300))))
            #expect(try slightly.json["error"]?["code"] == .string("context_length_exceeded"))
            #expect(try await client.post(chatPath, TestServer.chat("hi")).status == 200)
        }
    }

    @Test("A body above the limit is 413, told by its length or not; one that does not come is 408")
    func bodies() async throws {
        try await TestServer.run({
            $0.maximumBodyBytes = 1000
            $0.bodyTimeout = .milliseconds(200)
        }) { client, _, _ in
            let large = try await client.post(chatPath, TestServer.chat(String(repeating: "x", count: 2000)))
            #expect(large.status == 413)
            #expect(try large.json["error"]?["code"] == .string("body_too_large"))
            let chunked = try await TestConnection(port: client.port)
            let head =
                "POST \(chatPath) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            try await chunked.send(Array(head.utf8))
            for _ in 0..<4 { try await chunked.send(Array(("200\r\n" + String(repeating: " ", count: 512) + "\r\n").utf8)) }
            #expect(await chunked.until("body_too_large").hasPrefix("HTTP/1.1 413"))
            try await chunked.close()
            let slow = try await TestConnection(port: client.port)
            try await slow.send(client.head("POST", chatPath, length: 500) + Array("{".utf8))
            #expect(await slow.until("body_timeout").hasPrefix("HTTP/1.1 408"))
            try await slow.close()
            // A client that leaves in the middle of its body.
            let gone = try await TestConnection(port: client.port)
            try await gone.send(client.head("POST", chatPath, length: 500) + Array("{".utf8))
            try await gone.close()
            // What is no HTTP at all.
            let noise = try await TestConnection(port: client.port)
            try await noise.send([0, 1, 2, 3, 255, 13, 10, 13, 10])
            _ = await noise.all()
            try await TestServer.eventually(client, "temper_requests_in_house", 0)
            #expect(try await client.post(chatPath, TestServer.chat("hi")).status == 200)
        }
    }

    @Test("Other paths, methods and content types are refused in the same form")
    func paths() async throws {
        try await TestServer.run { client, _, _ in
            #expect(try await client.get("/health").json == .object(["status": .string("ok")]))
            #expect(try await client.get("/v2").status == 404)
            #expect(try await client.get("/v1/models/none").json["error"]?["code"] == .string("model_not_found"))
            #expect(try await client.get(chatPath).status == 405)
            #expect(try await client.post("/health", TestServer.chat("")).status == 405)
            let form = try await client.post(chatPath, Array("a=b".utf8), type: "application/x-www-form-urlencoded")
            #expect(form.status == 415)
            #expect(try form.json["error"]?["message"]?.string?.contains("application/json") == true)
            let page = try await client.get("/metrics").text
            #expect(page.contains(#"temper_requests_total{path="/v1/chat/completions",status="405"} 1"#))
            #expect(page.contains(#"temper_requests_total{path="other",status="404"} 1"#))
        }
    }

    @Test("With keys, only who has one is served; health and figures stay open")
    func keys() async throws {
        try await TestServer.run(keys: ["first-key", "second"]) { client, _, _ in
            func status(_ key: String?) async throws -> Int {
                try await TestClient(port: client.port, key: key).post(chatPath, TestServer.chat("hi")).status
            }
            #expect(try await status(nil) == 401)
            for key in ["", "first", "first-keyy", "secone", "FIRST-KEY"] {
                #expect(try await status(key) == 401, "'\(key)'")
            }
            #expect(try await status("first-key") == 200)
            #expect(try await status("second") == 200)
            let refused = try await client.get("/v1/models")
            #expect(refused.status == 401)
            #expect(try refused.json["error"]?["code"] == .string("invalid_api_key"))
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.get("/metrics").status == 200)
        }
    }

    @Test("Where others than this machine reach the server, health and figures ask for a key too")
    func keysElsewhere() async throws {
        try await TestServer.run(keys: ["first-key"], { $0.host = "0.0.0.0" }) { client, _, _ in
            for path in ["/health", "/metrics", "/v1/models"] {
                let refused = try await client.get(path)
                #expect(refused.status == 401, "\(path)")
                let granted = try await TestClient(port: client.port, key: "first-key").get(path)
                #expect(granted.status == 200, "\(path)")
            }
        }
    }

    @Test("A chunk whose size is no size is 400; a client that asks before it sends is told to go on")
    func chunksAndExpectations() async throws {
        try await TestServer.run { client, _, _ in
            let head =
                "POST \(chatPath) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            for size in ["-1", "zz", "ffffffffffffffffff", ""] {
                let connection = try await TestConnection(port: client.port)
                try await connection.send(Array((head + size + "\r\nabc\r\n0\r\n\r\n").utf8))
                let reply = String(decoding: await connection.all(), as: UTF8.self)
                #expect(reply.hasPrefix("HTTP/1.1 400"), "'\(size)': \(reply.prefix(100))")
            }
            let connection = try await TestConnection(port: client.port)
            let body = Array(try JSONEncoder.stable().encode(TestServer.chat("hi")))
            var lines = String(decoding: client.head("POST", chatPath, length: body.count), as: UTF8.self)
            lines = lines.replacing("Connection: close", with: "Connection: close\r\nExpect: 100-continue")
            try await connection.send(Array(lines.utf8))
            #expect(await connection.until("\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue"))
            try await connection.send(body)
            #expect(try TestReply(await connection.all()).status == 200)
            try await TestServer.eventually(client, "temper_requests_in_house", 0)
        }
    }

    @Test("Slow bodies take nobody's place")
    func slowBodies() async throws {
        try await TestServer.run({
            $0.maximumConcurrent = 1
            $0.maximumQueue = 1
        }) { client, _, _ in
            var slow: [TestConnection] = []
            for _ in 0..<20 {
                let connection = try await TestConnection(port: client.port)
                try await connection.send(client.head("POST", chatPath, length: 500) + Array("{".utf8))
                slow.append(connection)
            }
            for _ in 0..<3 {
                let reply = try await client.post(chatPath, TestServer.chat("hi", ["max_tokens": .number(2)]))
                #expect(reply.status == 200, "\(reply.text)")
            }
            for connection in slow { try await connection.close() }
        }
    }

    @Test("A list of choices has a bound, and below it many choices of one request end soon")
    func guidedChoices() async throws {
        try await TestServer.run { client, _, _ in
            func choices(_ count: Int) -> JSONValue { .array((0..<count).map { .string("the cat \($0)") }) }
            let refused = try await client.post(
                chatPath, TestServer.chat("hi", ["guided_choice": choices(100_000), "n": .number(64)]))
            #expect(refused.status == 400)
            #expect(try refused.json["error"]?["param"] == .string("guided_choice"))
            let long = try await client.post(
                chatPath, TestServer.chat("hi", ["guided_choice": .string(String(repeating: "x", count: 300_000))]))
            #expect(long.status == 400)
            let reply = try await client.post(
                chatPath, TestServer.chat("hi", ["guided_choice": choices(500), "n": .number(8), "max_tokens": .number(40)]))
            #expect(reply.status == 200, "\(reply.text.prefix(300))")
            for choice in try reply.json["choices"]?.array ?? [] {
                #expect(choice["message"]?["content"]?.string?.hasPrefix("the cat ") == true)
            }
        }
    }

    @Test("A key file holds a key a line; an empty one and options without sense are refused")
    func options() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("temper-keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("# mine\n\n  alpha \nbeta\n".utf8).write(to: file)
        let keys = try APIKeys(contentsOf: file)
        #expect(keys.admit("Bearer alpha") && keys.admit("bearer beta"))
        #expect(!keys.admit("Bearer # mine") && !keys.admit("alpha") && !keys.admit("Basic alpha") && !keys.admit(nil))
        try Data("# nothing\n".utf8).write(to: file)
        #expect(throws: TemperError.self) { try APIKeys(contentsOf: file) }
        #expect(throws: TemperError.self) { try APIKeys(contentsOf: URL(fileURLWithPath: "/nowhere")) }
        try await TestServer.run { _, server, model in
            let models = [ServedModel(name: "a", model: model), ServedModel(name: "b", model: model)]
            func text(_ change: (inout ServerOptions) -> Void) -> String {
                var options = ServerOptions()
                change(&options)
                do {
                    _ = try ModelServer(models: models, options: options)
                    return ""
                } catch {
                    return "\(error)"
                }
            }
            #expect(text { _ in } == "")
            #expect(text { $0.host = "0.0.0.0" }.hasPrefix("error: without API keys the server listens on loopback only"))
            #expect(text { $0.port = 70000 }.contains("--port"))
            #expect(text { $0.maximumConcurrent = 0 }.contains("--max-concurrent"))
            #expect(throws: TemperError.self) { try ModelServer(models: [models[0], models[0]]) }
            #expect(throws: TemperError.self) { try ModelServer(models: []) }
        }
    }
}
