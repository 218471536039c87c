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

    @Test("A cancelled caller stops waiting, and the model goes on serving others")
    func cancellation() async throws {
        try await withModelFolder(context: 4096) { folder in
            let model = try NativeLanguageModel(folder: folder)
            var endless = request("the")
            endless.maximumNewTokens = 4000
            let task = Task { [endless] in try await model.complete(endless) }
            try await Task.sleep(for: .milliseconds(20))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await model.complete(request("the hat")).usage.completionTokens <= 12)
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
