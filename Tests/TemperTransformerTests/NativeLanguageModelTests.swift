import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperTransformer

@Suite struct NativeLanguageModelTests {
    /// A random model with a small tokenizer, in a folder of its own.
    private func withModelFolder(context: Int = 256, _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let tokenizer = try Tokenizer.train(["the cat sat on the mat with the hat"], vocabularySize: 280, chatTemplate: .chatML)
        let configuration = ModelConfiguration(
            vocabularySize: 300, width: 32, feedForwardWidth: 48, layerCount: 2, headCount: 4, keyValueHeadCount: 2,
            contextLength: context)
        try TransformerModel(configuration: configuration, seed: 2).save(folder: folder)
        try tokenizer.save(to: folder)
        try await body(folder)
    }

    private func request(_ text: String, seed: UInt64 = 0) -> CompletionRequest {
        CompletionRequest(messages: [Message(.user, text, by: .instruction)], maximumNewTokens: 12, temperature: 1, seed: seed)
    }

    @Test("Concurrent callers get what each would get alone")
    func concurrentCallers() async throws {
        try await withModelFolder { folder in
            let model = try NativeLanguageModel(folder: folder, workers: 2)
            let requests = (0..<12).map { request("the cat sat on hat number \($0)", seed: UInt64($0)) }
            let together = try await withThrowingTaskGroup(of: (Int, Completion).self) { group in
                for (index, request) in requests.enumerated() { group.addTask { (index, try await model.complete(request)) } }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (index, request) in requests.enumerated() {
                let alone = try await NativeLanguageModel(folder: folder, workers: 1).complete(request)
                #expect(together[index] == alone)
                #expect(alone.usage.promptTokens == model.tokenCount(request.messages))
            }
            #expect(Set(together.values.map(\.text)).count > 6)
        }
    }

    @Test("Under choices the reply is one of them, character for character")
    func choices() async throws {
        try await withModelFolder { folder in
            let model = try NativeLanguageModel(folder: folder)
            var choice = request("where is the hat?")
            choice.choices = ["Action: search[the hat]", "Action: search[the hat on the mat]", "Action: finish[yes]"]
            let completion = try await model.complete(choice)
            #expect(choice.choices.contains(completion.text))
            #expect(completion.finishReason == .stop)
        }
    }

    @Test("A prompt that does not fit is an error of the policy, with the numbers")
    func contextLimit() async throws {
        try await withModelFolder(context: 40) { folder in
            let model = try NativeLanguageModel(folder: folder)
            #expect(model.contextLimit == 40)
            let long = request(String(repeating: "zzz ", count: 50))
            let count = model.tokenCount(long.messages)
            do {
                _ = try await model.complete(long)
                Issue.record("the prompt was accepted")
            } catch let error as TemperError {
                #expect(error.message == "the prompt has \(count) tokens and does not fit the model's context of 40")
                #expect(error.code == .data && error.boundary == .policy)
            }
        }
    }

    /// Waits until the engine has come to a state.
    private func eventually(_ model: NativeLanguageModel, _ isReached: (SamplingEngine.State) -> Bool) async throws {
        for _ in 0..<2000 {
            if isReached(await model.state) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the engine's state is \(await model.state)")
    }

    @Test("A cancelled caller stops waiting at once, leaves the engine, and the others get what they would have got")
    func cancellation() async throws {
        try await withModelFolder(context: 16384) { folder in
            let model = try NativeLanguageModel(folder: folder, maximumActive: 3)
            // Nothing ends these but the context, which is many seconds away.
            let endless = SamplingRequest(prompt: [1, 2, 3], maximumNewTokens: 16000, temperature: 1)
            let tasks = (0..<5).map { _ in Task { try await model.sample(endless) } }
            try await eventually(model) { $0.active == 3 && $0.queued == 2 }
            let other = request("the hat")
            async let reply = model.complete(other)
            try await eventually(model) { $0.queued == 3 }
            // One that waits and the running ones leave; each is told so.
            for task in tasks.reversed() { task.cancel() }
            for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
            let alone = try await NativeLanguageModel(folder: folder).complete(other)
            #expect(try await reply == alone)
            try await eventually(model) { $0.active == 0 && $0.queued == 0 }
            // One that is cancelled before it begins never enters.
            let late = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await model.sample(endless)
            }
            late.cancel()
            await #expect(throws: CancellationError.self) { try await late.value }
            #expect(await model.state.active == 0)
        }
    }

    @Test("Who stops listening to a stream frees its place, and a deadline ends one with an error")
    func abandonedStream() async throws {
        try await withModelFolder(context: 16384) { folder in
            let model = try NativeLanguageModel(folder: folder)
            let endless = SamplingRequest(prompt: [1, 2, 3], maximumNewTokens: 16000, temperature: 1)
            let listener = Task {
                var count = 0
                for try await _ in try await model.stream(endless) {
                    count += 1
                    if count == 3 { break }
                }
                return count
            }
            #expect(try await listener.value == 3)
            try await eventually(model) { $0.active == 0 }
            let stream = try await model.stream(endless, deadline: .now + .milliseconds(100))
            do {
                for try await event in stream { if case .end = event { Issue.record("the reply came to an end") } }
                Issue.record("no error ended the stream")
            } catch let error as TemperError {
                #expect(error.cause is DeadlinePassed)
            }
            try await eventually(model) { $0.active == 0 }
        }
    }

    @Test("Given replies are scored as the sum of their tokens' log-probabilities, alone or together")
    func continuationScores() async throws {
        try await withModelFolder { folder in
            let model = try NativeLanguageModel(folder: folder)
            let messages = request("where is the hat?").messages
            let replies = ["on the mat", "the cat sat", "", "on the mat"]
            let scores = try await model.score(replies, after: messages)
            #expect(scores.map(\.count) == replies.map { model.tokenizer.encode($0).count })
            #expect(scores[0] == scores[3])
            #expect(try await model.score([replies[1]], after: messages)[0] == scores[1])
            #expect(scores.joined().allSatisfy { $0.logProbability < 0 && $0.logProbability > -20 })
        }
    }

    @Test("A folder without a tokenizer or with one too large is refused by name")
    func refusedFolders() async throws {
        try await withModelFolder { folder in
            let size = try Tokenizer(folder: folder).vocabularySize
            let small = ModelConfiguration(
                vocabularySize: size - 1, width: 32, feedForwardWidth: 48, layerCount: 1, headCount: 4, keyValueHeadCount: 2,
                contextLength: 64)
            try TransformerModel(configuration: small, seed: 2).save(folder: folder)
            #expect(
                errorText { try NativeLanguageModel(folder: folder) }
                    .hasSuffix("the tokenizer has \(size) tokens, the model only \(size - 1)"))
            try FileManager.default.removeItem(at: folder.appendingPathComponent("tokenizer.json"))
            #expect(errorText { try NativeLanguageModel(folder: folder) }.hasPrefix("tokenizer.json: "))
        }
    }
}
