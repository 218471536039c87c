import Foundation
import TemperCore
import TemperTokenizers
import TemperTransformer
import Testing

@testable import TemperServer

@Suite struct CompletionTests {
    @Test("A chat is answered with what the model would say, and its tokens are counted")
    func chat() async throws {
        try await TestServer.run { client, _, model in
            let reply = try await client.post(chatPath, TestServer.chat("where is the hat?"))
            #expect(reply.status == 200)
            #expect(reply.headers["content-type"] == "application/json")
            let expected = try await model.complete(
                CompletionRequest(messages: [Message(.user, "where is the hat?", by: .instruction)], maximumNewTokens: 12))
            let json = try reply.json
            #expect(json["object"] == .string("chat.completion") && json["model"] == .string("tiny"))
            let choice = try #require(json["choices"]?.array?.first)
            #expect(choice["message"]?["content"] == .string(expected.text))
            #expect(choice["message"]?["role"] == .string("assistant"))
            #expect(choice["finish_reason"] == .string("length"))
            #expect(choice["logprobs"] == .null)
            #expect(json["usage"]?["prompt_tokens"] == .number(Double(expected.usage.promptTokens)))
            #expect(json["usage"]?["completion_tokens"] == .number(12))
            #expect(try await client.metric("temper_completion_tokens_total") == 12)
        }
    }

    @Test("A stream's pieces are the reply, with log-probabilities and usage when asked for")
    func stream() async throws {
        try await TestServer.run { client, _, _ in
            let fields: [String: JSONValue] = [
                "temperature": .number(1), "seed": .number(5), "n": .number(3), "logprobs": .bool(true),
                "top_logprobs": .number(2), "max_tokens": .number(40),
                "stop": .array([.string("at"), .string("\u{FFFD}\u{FFFD}")]),
            ]
            let whole = try await client.post(chatPath, TestServer.chat("the cat", fields)).json
            var streaming = fields
            streaming["stream"] = .bool(true)
            streaming["stream_options"] = .object(["include_usage": .bool(true)])
            let reply = try await client.post(chatPath, TestServer.chat("the cat", streaming))
            #expect(reply.headers["content-type"] == "text/event-stream; charset=utf-8")
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
            let events = try reply.events
            for index in 0..<3 {
                let choice = try #require(whole["choices"]?.array?[index])
                let mine = events.compactMap { $0["choices"]?.array?.first }.filter { $0["index"] == .number(Double(index)) }
                #expect(mine.first?["delta"]?["role"] == .string("assistant"))
                let text = mine.compactMap { $0["delta"]?["content"]?.string }.joined()
                #expect(text == choice["message"]?["content"]?.string)
                #expect(!text.contains("at"))
                #expect(mine.last?["finish_reason"] == choice["finish_reason"])
                let scores = mine.flatMap { $0["logprobs"]?["content"]?.array ?? [] }
                #expect(scores == choice["logprobs"]?["content"]?.array)
                #expect(scores.allSatisfy { $0["top_logprobs"]?.array?.count == 2 && $0["bytes"]?.array?.isEmpty == false })
            }
            let last = try #require(events.last)
            // The second request found the prompt computed; all else is equal.
            #expect(last["usage"]?["completion_tokens"] == whole["usage"]?["completion_tokens"])
            #expect(last["choices"] == .array([]))
            #expect(events.dropLast().allSatisfy { $0["usage"] == .null })
        }
    }

    @Test("The same seed gives the same choices, each a different one; the first is that of a request for one")
    func seeds() async throws {
        try await TestServer.run { client, _, _ in
            func texts(_ n: Double, seed: Double?) async throws -> [String] {
                let fields: [String: JSONValue] = [
                    "temperature": .number(1.5), "n": .number(n), "seed": seed.map { .number($0) } ?? .null,
                ]
                let json = try await client.post(chatPath, TestServer.chat("the mat", fields)).json
                return (json["choices"]?.array ?? []).compactMap { $0["message"]?["content"]?.string }
            }
            let four = try await texts(4, seed: -7)
            #expect(Set(four).count == 4)
            #expect(try await texts(4, seed: -7) == four)
            #expect(try await texts(1, seed: -7) == Array(four.prefix(1)))
            #expect(try await texts(1, seed: 8) != Array(four.prefix(1)))
            #expect(try await texts(1, seed: nil) != texts(1, seed: nil))
        }
    }

    @Test("A reply can be one of given texts, and go on inside the assistant's last message")
    func constrained() async throws {
        try await TestServer.run { client, _, model in
            let choices = ["the cat", "the hat", "no"]
            let fields: [String: JSONValue] = ["guided_choice": .array(choices.map { .string($0) }), "temperature": .number(2)]
            let json = try await client.post(chatPath, TestServer.chat("who sat?", fields)).json
            #expect(choices.contains(json["choices"]?.array?.first?["message"]?["content"]?.string ?? ""))
            let messages = JSONValue.array([
                .object(["role": .string("user"), "content": .string("who sat?")]),
                .object([
                    "role": .string("assistant"),
                    "content": .array([.object(["type": .string("text"), "text": .string("the c")])]),
                ]),
            ])
            let body = TestServer.chat(
                "", ["messages": messages, "continue_final_message": .bool(true), "add_generation_prompt": .bool(false)])
            var request = CompletionRequest(messages: [Message(.user, "who sat?", by: .instruction)], maximumNewTokens: 12)
            request.replyStart = "the c"
            let expected = try await model.complete(request)
            #expect(
                try await client.post(chatPath, body).json["choices"]?.array?.first?["message"]?["content"]
                    == .string(expected.text))
        }
    }

    @Test("A text goes on, given as text or as tokens, one or several; scores of an echoed prompt are the model's")
    func texts() async throws {
        try await TestServer.run { client, _, model in
            let ids = model.tokenizer.encode("the cat sat")
            let list = JSONValue.array(ids.map { .number(Double($0)) })
            let drawn: [String: JSONValue] = ["temperature": .number(1), "seed": .number(9)]
            let one = try await client.post(textPath, TestServer.text(.string("the cat sat"), drawn)).json
            let text = try #require(one["choices"]?.array?.first?["text"]?.string)
            #expect(one["object"] == .string("text_completion") && one["usage"]?["completion_tokens"] == .number(16))
            let prompts = JSONValue.array([list, .string("the mat"), .string("the cat sat")])
            let several = try await client.post(textPath, TestServer.text(prompts, drawn.merging(["n": .number(2)]) { $1 })).json
            let all = several["choices"]?.array ?? []
            #expect(all.map { $0["index"]?.number } == [0, 1, 2, 3, 4, 5])
            let texts = all.map { $0["text"]?.string }
            #expect(texts[0] == text && texts[4] == text)
            #expect(texts[1] == texts[5] && texts[1] != text && texts[2] != text)

            let fields: [String: JSONValue] = ["echo": .bool(true), "logprobs": .number(3), "max_tokens": .number(0)]
            let echo = try #require(try await client.post(textPath, TestServer.text(list, fields)).json["choices"]?.array?.first)
            #expect(echo["text"] == .string("the cat sat"))
            let scores = try await model.sample(
                SamplingRequest(prompt: ids, maximumNewTokens: 0, scoredFrom: 1)
            ).promptScores.map(\.logProbability)
            let given = echo["logprobs"]?["token_logprobs"]?.array ?? []
            #expect(given.first == .null)
            #expect(given.dropFirst().map { $0.number } == scores)
            #expect(echo["logprobs"]?["tokens"]?.array?.compactMap(\.string).joined() == "the cat sat")
            #expect(echo["logprobs"]?["text_offset"]?.array?.first == .number(0))
            #expect(echo["logprobs"]?["top_logprobs"]?.array?.last?.object?.isEmpty == false)

            let stream = try await client.post(
                textPath, TestServer.text(list, drawn.merging(["stream": .bool(true), "logprobs": .number(0)]) { $1 }))
            let choices = try stream.events.compactMap { $0["choices"]?.array?.first }
            #expect(choices.compactMap { $0["text"]?.string }.joined() == text)
            #expect(choices.flatMap { $0["logprobs"]?["tokens"]?.array ?? [] }.count == 16)
        }
    }

    @Test("An adapter is served under its own name over the same base, and changes what is said")
    func adapters() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-serve-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let base = folder.appendingPathComponent("base"), tuned = folder.appendingPathComponent("tuned")
        try TestServer.writeModel(to: base)
        try AdapterMaker.write(to: tuned, base: base)
        let model = try NativeLanguageModel(folder: base)
        let first = ServedModel(name: "tiny", model: model)
        let second = try await first.adapter(name: "tiny-tuned", folder: tuned)
        var options = ServerOptions()
        options.port = 0
        let server = try ModelServer(models: [first, second], options: options)
        try await TestServer.with(server) { port in
            let client = TestClient(port: port)
            let models = try await client.get("/v1/models").json["data"]?.array ?? []
            #expect(models.map { $0["id"] } == [.string("tiny"), .string("tiny-tuned")])
            #expect(models.map { $0["parent"] } == [.null, .string("tiny")])
            #expect(try await client.get("/v1/models/tiny-tuned").json["root"] == .string("tiny"))
            func say(_ name: String) async throws -> JSONValue? {
                let json = try await client.post(chatPath, TestServer.chat("the hat", ["model": .string(name)])).json
                return json["choices"]?.array?.first?["message"]?["content"]
            }
            let plain = try await say("tiny"), changed = try await say("tiny-tuned")
            #expect(plain != nil && changed != nil && plain != changed)
            #expect(try await say("tiny") == plain)
        }
    }
}
