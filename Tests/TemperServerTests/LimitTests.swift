import Foundation
import TemperCore
import TemperTransformer
import Testing

@testable import TemperServer

@Suite(.tags(.alone)) struct LimitTests {
    /// Greedy, and so up to the context's end: at a temperature the end is drawn after some hundred tokens.
    private static let endless = TestServer.chat("the cat", ["max_tokens": .null, "stream": .bool(true)])

    @Test("Who comes when the queue is full is told to come again, and a client that leaves frees its place")
    func queue() async throws {
        try await TestServer.run({
            $0.maximumConcurrent = 1
            $0.maximumQueue = 1
        }) { client, _, model in
            let running = try await client.open(chatPath, Self.endless)
            #expect(await running.until("\"content\":\"").contains("200 OK"))
            let queued = try await client.open(chatPath, TestServer.chat("the hat"))
            try await TestServer.eventually(client, "temper_requests_waiting", 1)
            let refused = try await client.post(chatPath, TestServer.chat("hi"))
            #expect(refused.status == 429)
            #expect((1...60).contains(Int(refused.headers["retry-after"] ?? "") ?? 0))
            #expect(try refused.json["error"]?["type"] == .string("rate_limit_error"))
            #expect(try await client.metric("temper_requests_rejected_total") == 1)
            // The stream's client leaves: the one that waits is served.
            try await running.close()
            #expect(try TestReply(await queued.all()).status == 200)
            try await TestServer.eventually(client, "temper_requests_in_progress", 0)
            try await TestServer.eventually(client, "temper_places_in_use", 0)
            #expect(try await client.metric("temper_clients_left_total") == 1)
            #expect(await model.state.active == 0)
            // So does one that waits, and one whose reply is not streamed.
            let second = try await client.open(chatPath, TestServer.chat("the cat", ["max_tokens": .null]))
            try await TestServer.eventually(client, "temper_places_in_use", 1)
            let third = try await client.open(chatPath, TestServer.chat("the cat", ["max_tokens": .null]))
            try await TestServer.eventually(client, "temper_requests_waiting", 1)
            try await third.close()
            try await TestServer.eventually(client, "temper_requests_waiting", 0)
            try await second.close()
            try await TestServer.eventually(client, "temper_requests_in_progress", 0)
            #expect(try await client.metric("temper_clients_left_total") == 3)
        }
    }

    @Test("A request that takes too long ends with 504, a stream with an error, one that waits too")
    func timeouts() async throws {
        try await TestServer.run({
            $0.maximumConcurrent = 1
            $0.timeout = .milliseconds(800)
        }) { client, _, model in
            let whole = try await client.open(chatPath, TestServer.chat("the cat", ["max_tokens": .null]))
            try await TestServer.eventually(client, "temper_places_in_use", 1)
            async let waiting = client.post(chatPath, TestServer.chat("the cat", ["max_tokens": .null]))
            let reply = try TestReply(await whole.all())
            #expect(reply.status == 504)
            #expect(try reply.json["error"]?["code"] == .string("timeout"))
            #expect(try await waiting.status == 504)
            let stream = try await client.post(
                chatPath, TestServer.chat("the cat", ["max_tokens": .null, "stream": .bool(true)]))
            #expect(stream.status == 200)
            #expect(try stream.events.last?["error"]?["code"] == .string("timeout"))
            #expect(stream.text.hasSuffix("data: [DONE]\n\n"))
            try await TestServer.eventually(client, "temper_requests_in_progress", 0)
            #expect(await model.state.active == 0)
            #expect(try await client.post(chatPath, TestServer.chat("hi", ["max_tokens": .number(1)])).status == 200)
        }
    }

    @Test("Asked to stop, the server finishes what runs and waits, and takes nothing new")
    func gracefulStop() async throws {
        try await TestServer.run({ $0.maximumConcurrent = 1 }) { client, server, _ in
            // Long enough that the second request comes while the first is written.
            let fields: [String: JSONValue] = ["max_tokens": .number(8000)]
            let expected = try await client.post(textPath, TestServer.text(.string("the"), fields)).json
            var streaming = fields
            streaming["stream"] = .bool(true)
            let running = try await client.open(textPath, TestServer.text(.string("the"), streaming))
            var start = await running.until("\"text\"")
            let queued = try await client.open(textPath, TestServer.text(.string("the"), fields))
            try await TestServer.eventually(client, "temper_requests_waiting", 1)
            await server.stop()
            start += String(decoding: await running.all(), as: UTF8.self)
            let reply = try TestReply(Array(start.utf8))
            let text = try reply.events.compactMap { $0["choices"]?.array?.first?["text"]?.string }.joined()
            #expect(text == expected["choices"]?.array?.first?["text"]?.string)
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
            #expect(try TestReply(await queued.all()).json["choices"] == expected["choices"])
            await #expect(throws: (any Error).self) { try await client.get("/health") }
        }
    }

    @Test("A hundred requests at once get what each would get alone, and nothing is left behind")
    func crowd() async throws {
        try await TestServer.run({
            $0.maximumConcurrent = 16
            $0.maximumQueue = 100
        }) { client, _, _ in
            @Sendable func ask(_ index: Int) async throws -> JSONValue? {
                let fields: [String: JSONValue] = [
                    "temperature": .number(1), "seed": .number(Double(index % 10)), "max_tokens": .number(8),
                ]
                let reply = try await client.post(chatPath, TestServer.chat("the hat \(index % 10)", fields))
                #expect(reply.status == 200)
                return try reply.json["choices"]
            }
            var alone: [JSONValue?] = []
            for index in 0..<10 { alone.append(try await ask(index)) }
            let descriptors = try await client.metric("process_open_fds")
            try await withThrowingTaskGroup(of: (Int, JSONValue?).self) { group in
                for index in 0..<100 { group.addTask { (index, try await ask(index)) } }
                for try await (index, choices) in group { #expect(choices == alone[index % 10]) }
            }
            try await TestServer.eventually(client, "temper_requests_in_progress", 0)
            #expect(try await client.metric("temper_requests_rejected_total") == 0)
            let limit = try #require(try await client.metric("temper_cache_bytes_limit"))
            #expect(try #require(try await client.metric("temper_cache_bytes")) <= limit)
            if let descriptors, let now = try await client.metric("process_open_fds") { #expect(now <= descriptors + 10) }
        }
    }
}
