import Foundation
import TemperCore
import TemperEndpoint
import TemperTestServer
import Testing

@Suite("An endpoint that misbehaves", .tags(.alone), .timeLimit(.minutes(2)))
struct EndpointFaultTests {
    @Test(
        "What waiting may repair is tried again",
        arguments: [
            [Fault.status(500)], [.status(503), .status(502)], [.status(408)], [.status(409)], [.status(425)], [.status(429)],
            [.drop],
            [.truncate], [.malformed], [.page], [.body("")], [.body("{}")], [.body(#"{"choices":[]}"#)],
            [.body(#"{"error":{"message":"overloaded"}}"#)], [.drop, .truncate],
        ])
    func retried(faults: [Fault]) async throws {
        let server = try await MisbehavingServer(.first(faults))
        let completion = try await Endpoints.model(server).complete(Endpoints.request())
        #expect(completion.text == "hello")
        #expect(server.requestCount == faults.count + 1)
        #expect(Set(server.received.map(\.body)).count == 1, "an attempt sends the same bytes")
    }

    @Test(
        "After the last attempt a person reads what went wrong",
        arguments: [
            (Fault.status(500, message: "boom"), "the service answered 500: boom"),
            (.status(429, message: "slow down"), "the service answered 429: slow down"),
            (.drop, "the connection closed before the answer was complete"),
            (.truncate, "the connection closed before the answer was complete"),
            (.page, "the reply is not JSON; it begins '<html><body>Welcome</body></html>'"),
            (.body(#"{"choices":[{"message":"#), #"the reply is not JSON; it begins '{"choices":[{"message":'"#),
            (.body(""), "the reply is empty"), (.body("[]"), "the reply has no choices[0].message"),
            (.body(#"{"choices":[{"message":{}}]}"#), "the reply has no choices[0].message.content"),
        ])
    func exhausted(fault: Fault, message: String) async throws {
        let server = try await MisbehavingServer(.first([], then: fault))
        let model = try Endpoints.model(server)
        let text = await Endpoints.failure(server) { try await model.complete(Endpoints.request()) }
        #expect(text == "error: URL/chat/completions: no answer after 3 attempts; the last: \(message)")
        #expect(server.requestCount == 3)
    }

    @Test("A server that never answers is given up in time and asked again")
    func hang() async throws {
        var options = Endpoints.options
        options.timeoutSeconds = 0.8
        options.maximumAttempts = 2
        let server = try await MisbehavingServer(.first([.hang]))
        #expect(try await Endpoints.model(server, options).complete(Endpoints.request()).text == "hello")
        #expect(server.requestCount == 2)

        let silent = try await MisbehavingServer(.first([], then: .hang))
        let model = try Endpoints.model(silent, options)
        let start = ContinuousClock.now
        let text = await Endpoints.failure(silent) { try await model.complete(Endpoints.request()) }
        #expect(text == "error: URL/chat/completions: no answer after 2 attempts; the last: no complete answer within 0.8 s")
        #expect(silent.requestCount == 2)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("A slow body arrives whole, unless it takes longer than an attempt may")
    func slowBody() async throws {
        let server = try await MisbehavingServer(.first([], then: .slow(pieces: 8, pause: .milliseconds(40))))
        #expect(try await Endpoints.model(server).complete(Endpoints.request()).text == "hello")
        #expect(server.requestCount == 1)

        let slower = try await MisbehavingServer(.first([], then: .slow(pieces: 50, pause: .milliseconds(40))))
        var options = Endpoints.options
        options.timeoutSeconds = 0.3
        options.maximumAttempts = 1
        let model = try Endpoints.model(slower, options)
        let text = await Endpoints.failure(slower) { try await model.complete(Endpoints.request()) }
        #expect(text == "error: URL/chat/completions: no complete answer within 0.3 s")
    }

    @Test("Nobody at the address is told as such")
    func refusedConnection() async throws {
        let server = try await MisbehavingServer(.none)
        let model = try Endpoints.model(server)
        try await server.stop()
        let text = await Endpoints.failure(server) { try await model.complete(Endpoints.request()) }
        #expect(text.hasSuffix("/chat/completions: no answer after 3 attempts; the last: nothing answers there"), "\(text)")
    }

    @Test(
        "What waiting cannot repair is asked once and says what to do",
        arguments: [
            (
                Fault.status(401, message: "Incorrect API key provided: sk-test-4711."),
                "the service answered 401: Incorrect API key provided: …."
                    + "\n  is the key in the environment variable TEMPER_API_KEY right, and may it use 'test'?"
            ),
            (
                .status(403, message: "key sk-te**11 is not allowed"),
                "the service answered 403: key sk-… is not allowed"
                    + "\n  is the key in the environment variable TEMPER_API_KEY right, and may it use 'test'?"
            ),
            (
                .status(404, message: "no such model"),
                "the service answered 404: no such model\n  is the address right, and does the service offer the model 'test'?"
            ),
            (.status(400, message: "bad"), "the service answered 400: bad"),
            (
                .status(400, message: "This model's maximum context length is 4097 tokens."),
                "the conversation does not fit the model's context: This model's maximum context length is 4097 tokens."
                    + "\n  set context_limit, so that old turns are dropped in time"
            ),
            (
                .status(301, message: "moved", headers: ["Location": "/v2"]),
                "the service answered 301: moved\n  redirects are not followed: write the address it leads to"
            ),
        ])
    func notRetried(fault: Fault, message: String) async throws {
        let server = try await MisbehavingServer(.first([], then: fault))
        let model = try Endpoints.model(server)
        let text = await Endpoints.failure(server) { try await model.complete(Endpoints.request()) }
        #expect(text == "error: URL/chat/completions: \(message)")
        #expect(server.requestCount == 1)
    }

    @Test("A service that wants a key where none is set says which variable to set")
    func keyWanted() async throws {
        let server = try await MisbehavingServer(.first([], then: .status(401, message: "no key")))
        let model = try Endpoints.model(server, environment: [:])
        let text = await Endpoints.failure(server) { try await model.complete(Endpoints.request()) }
        #expect(
            text == "error: URL/chat/completions: the service answered 401: no key\n"
                + "  set the environment variable TEMPER_API_KEY to the service's key")
    }

    @Test("A conversation that is too long is told apart by the error's cause")
    func contextLength() async throws {
        let server = try await MisbehavingServer(.first([.status(400, message: "Input exceeds the context window")]))
        let model = try Endpoints.model(server)
        let error = await #expect(throws: TemperError.self) { try await model.complete(Endpoints.request()) }
        #expect(error?.code == .data && error?.cause is ContextLengthExceeded)
    }

    @Test("Retry-After is obeyed, as seconds and as a date, and bounded", arguments: ["1", "date", "9999"])
    func retryAfter(header: String) async throws {
        // A date has whole seconds.
        let due = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 2).rounded(.down))
        var value = header
        if header == "date" {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "GMT")
            formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            value = formatter.string(from: due)
        }
        let server = try await MisbehavingServer(.first([.status(429, headers: ["Retry-After": value])]))
        _ = try await Endpoints.model(server).complete(Endpoints.request())
        let times = server.received.map(\.time)
        try #require(times.count == 2)
        let waited = times[1] - times[0]
        switch header {
        case "date": #expect(Date() >= due.addingTimeInterval(-0.1), "waited \(waited)")
        case "9999": #expect(waited >= .seconds(2) && waited < .seconds(60), "waited \(waited)")
        default: #expect(waited >= .milliseconds(900), "waited \(waited)")
        }
    }

    @Test("A cancelled request ends at once")
    func cancellation() async throws {
        let server = try await MisbehavingServer(.first([], then: .hang))
        let model = try Endpoints.model(server)
        let start = ContinuousClock.now
        let task = Task { try await model.complete(Endpoints.request()) }
        while server.requestCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
