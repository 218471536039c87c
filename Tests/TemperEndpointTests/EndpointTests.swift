import Foundation
import Synchronization
import TemperCore
import TemperEndpoint
import TemperTestServer
import Testing

/// What most tests of an endpoint need.
enum Endpoints {
    static let key = "sk-test-4711"

    /// Patient enough for faults, quick enough for tests.
    static var options: EndpointOptions {
        var options = EndpointOptions()
        options.timeoutSeconds = 10
        options.backoffSeconds = 0.02
        options.maximumWaitSeconds = 2
        options.maximumAttempts = 3
        return options
    }

    static func model(
        _ server: MisbehavingServer, _ options: EndpointOptions = options, cache: (any CompletionCache)? = nil,
        limit: SpendingLimit? = nil, environment: [String: String] = ["TEMPER_API_KEY": key]
    ) throws -> EndpointLanguageModel {
        try EndpointLanguageModel(
            policy: server.url + "#test", options: options, cache: cache, spendingLimit: limit, environment: environment)
    }

    static func request(_ text: String = "hello", stop: [String] = [], seed: UInt64 = 0) -> CompletionRequest {
        CompletionRequest(messages: [Message(.user, text, by: .instruction)], maximumNewTokens: 50, stop: stop, seed: seed)
    }

    /// The text a person sees, with the server's changing address as `URL`.
    static func failure(_ server: MisbehavingServer, _ body: () async throws -> Completion) async -> String {
        do {
            return "no error: \(try await body())"
        } catch let error as TemperError {
            return error.description.replacingOccurrences(of: server.url, with: "URL")
        } catch {
            return "another error: \(error)"
        }
    }
}

@Suite("An endpoint", .tags(.alone), .timeLimit(.minutes(2)))
struct EndpointTests {
    @Test("What is sent is what was asked, in stable bytes, and the key is in a header alone")
    func requestBody() async throws {
        let server = try await MisbehavingServer(.none)
        let model = try Endpoints.model(server)
        let messages = [
            Message(.system, "S", by: .instruction), Message(.user, [Span("U", by: .instruction), Span("V", by: .environment)]),
        ]
        let request = CompletionRequest(
            messages: messages, maximumNewTokens: 7, temperature: 0.7, topP: 0.9, stop: ["a", "b", "c", "d", "e"],
            seed: 0xFFFF_FFFF_0000_0005)
        let completion = try await model.complete(request)
        #expect(completion.text == "UV")
        #expect(completion.usage == TokenUsage(promptTokens: 10, completionTokens: 5))
        #expect(completion.finishReason == .stop && completion.price == 0 && !completion.wasCached)
        let received = try #require(server.received.first)
        #expect(
            String(decoding: received.body, as: UTF8.self)
                == #"{"max_tokens":7,"messages":[{"content":"S","role":"system"},{"content":"UV","role":"user"}],"model":"test","#
                + #""seed":5,"stop":["a","b","c","d"],"temperature":0.7,"top_p":0.9}"#)
        #expect(received.path == "/v1/chat/completions")
        #expect(received.header("Authorization") == "Bearer \(Endpoints.key)")
        #expect(!String(decoding: received.body, as: UTF8.self).contains("sk-"))
        #expect(!model.name.contains("sk-"))
    }

    @Test("The reply ends before the first stop string, also before those that were not sent")
    func stops() async throws {
        let server = try await MisbehavingServer(.none)
        let model = try Endpoints.model(server)
        let text = "Thought: x\nAction: search[y]\nObservation: made up"
        #expect(
            try await model.complete(Endpoints.request(text, stop: ["\nObservation:"])).text == "Thought: x\nAction: search[y]")
        #expect(try await model.complete(Endpoints.request(text, stop: ["1", "2", "3", "4", "Action"])).text == "Thought: x\n")
        #expect(try await model.complete(Endpoints.request(text)).text == text)
    }

    @Test(
        "Why a reply ended is told apart",
        arguments: [
            (#"{"choices":[{"finish_reason":"length","message":{"content":"ab"}}]}"#, "ab", Completion.FinishReason.length),
            (#"{"choices":[{"finish_reason":"content_filter","message":{"content":null}}]}"#, "", .refused),
            (#"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I cannot."}}]}"#, "I cannot.", .refused),
            (
                #"{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"text","text":"p"}],"refusal":null}}]}"#, "p",
                .stop
            ),
        ])
    func finishReasons(body: String, text: String, reason: Completion.FinishReason) async throws {
        let server = try await MisbehavingServer(.first([.body(body)]))
        let completion = try await Endpoints.model(server).complete(Endpoints.request("four letters"))
        #expect(completion.text == text)
        #expect(completion.finishReason == reason)
        #expect(completion.usage == TokenUsage(promptTokens: 7, completionTokens: (text.utf8.count + 3) / 4, isEstimated: true))
        #expect(server.requestCount == 1)
    }

    @Test("Choices are refused before anything is sent")
    func choices() async throws {
        let server = try await MisbehavingServer(.none)
        let model = try Endpoints.model(server)
        var request = Endpoints.request()
        request.choices = ["a", "b"]
        let error = await #expect(throws: TemperError.self) { try await model.complete(request) }
        #expect(error?.code == .usage)
        #expect(error?.message.hasPrefix("admissible choices are not supported by chat endpoints") == true)
        #expect(server.requestCount == 0)
    }

    @Test("A missing key says which variable to set")
    func missingKey() {
        let error = #expect(throws: TemperError.self) { try EndpointLanguageModel(policy: "openai:gpt-4o", environment: [:]) }
        #expect(error?.code == .unavailable)
        #expect(
            error?.description
                == "error: the policy 'openai:gpt-4o' needs a key\n"
                + "  set the environment variable OPENAI_API_KEY (or TEMPER_API_KEY)")
    }

    @Test(
        "A policy that makes no sense is refused, and a key in an address is not repeated",
        arguments: [
            ("http://localhost:1/v1", "a served model is written openai:MODEL or http(s)://HOST/PATH#MODEL"),
            ("ftp://localhost#m", "one of the policy's addresses is not http(s)://HOST/PATH"),
            ("http://#m", "one of the policy's addresses is not http(s)://HOST/PATH"),
            (
                "http://me:sk-secret@localhost/v1#m",
                "a policy's address must not carry a name, a password or a query: it is written to files and logs"
            ),
        ])
    func badPolicies(policy: String, message: String) {
        let error = #expect(throws: TemperError.self) { try EndpointLanguageModel(policy: policy, environment: [:]) }
        #expect(error?.code == .usage)
        #expect(error?.message == message)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("Options have defaults, are read by name and checked")
    func options() throws {
        let text = #"{"requests_per_minute": 90, "price": {"prompt": 1, "completion": 2}}"#
        let options = try JSONDecoder().decode(EndpointOptions.self, from: Data(text.utf8))
        var expected = EndpointOptions()
        expected.requestsPerMinute = 90
        expected.price = ModelPrice(prompt: 1, completion: 2)
        #expect(options == expected)
        var bad = EndpointOptions()
        bad.maximumInFlight = 0
        let error = #expect(throws: TemperError.self) {
            try EndpointLanguageModel(policy: "http://localhost/v1#m", options: bad, environment: [:])
        }
        #expect(error?.message == "endpoint: 'maximum_in_flight' is 0; it must be in 1…1024")
    }

    @Test("Prices are listed for models and their dated versions, and not guessed for others")
    func prices() throws {
        #expect(ModelPrice.listed(for: "gpt-4o-mini") == ModelPrice(prompt: 0.15, completion: 0.6))
        #expect(ModelPrice.listed(for: "gpt-4o-mini-2024-07-18") == ModelPrice(prompt: 0.15, completion: 0.6))
        #expect(ModelPrice.listed(for: "gpt-3.5-turbo-0613") == ModelPrice(prompt: 1.5, completion: 2))
        #expect(ModelPrice.listed(for: "gpt-4o-audio") == nil && ModelPrice.listed(for: "") == nil)
        let usage = TokenUsage(promptTokens: 1_000_000, completionTokens: 500_000)
        #expect(ModelPrice(prompt: 2, completion: 8).cost(of: usage) == 6)
        let error = #expect(throws: TemperError.self) {
            try EndpointLanguageModel(
                policy: "openai:gpt-9", spendingLimit: SpendingLimit(dollars: 1), environment: ["OPENAI_API_KEY": "k"])
        }
        #expect(error?.message == "the price of 'gpt-9' is not known, so a budget cannot be kept")
    }

    @Test("Several addresses share the load, and one that is down is avoided")
    func severalAddresses() async throws {
        let slow: MisbehavingServer.Responder = { request in
            // Long enough that requests overlap.
            try? await Task.sleep(for: .milliseconds(100))
            return await MisbehavingServer.echo(request)
        }
        let one = try await MisbehavingServer(.none, respond: slow)
        let two = try await MisbehavingServer(.none, respond: slow)
        let down = try await MisbehavingServer(.none)
        let policy = [one.url, two.url, down.url].joined(separator: ",") + "#test"
        try await down.stop()
        let model = try EndpointLanguageModel(policy: policy, options: Endpoints.options, environment: [:])
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<30 { group.addTask { try await model.complete(Endpoints.request("n\(number)")).text } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<30).map { "n\($0)" }))
        #expect(one.requestCount + two.requestCount == 30)
        #expect(min(one.requestCount, two.requestCount) >= 8, "\(one.requestCount) and \(two.requestCount)")
        #expect(one.received.allSatisfy { $0.header("Authorization") == nil })
    }
}
