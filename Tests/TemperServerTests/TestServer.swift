import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperServer
@testable import TemperTransformer

/// A server of a tiny random model on a free port.
enum TestServer {
    /// Writes a random model whose context is long enough that a reply goes on until it is stopped.
    static func writeModel(to folder: URL, context: Int = 262_144) throws {
        let tokenizer = try Tokenizer.train(["the cat sat on the mat with the hat"], vocabularySize: 280, chatTemplate: .chatML)
        let configuration = ModelConfiguration(
            vocabularySize: tokenizer.vocabularySize, width: 32, feedForwardWidth: 48, layerCount: 2, headCount: 4,
            keyValueHeadCount: 2,
            contextLength: context)
        let model = TransformerModel(configuration: configuration, seed: 2)
        for (name, _) in model.tensors where !name.contains("norm") {
            model.setWeights((model.weights(of: name) ?? []).map { $0 * 8 }, of: name)
        }
        try model.save(folder: folder)
        try tokenizer.save(to: folder)
    }

    /// Runs a test against a server, which must stop when asked to.
    static func run(
        context: Int = 262_144, keys: [String]? = nil, _ change: (inout ServerOptions) -> Void = { _ in },
        _ body: (TestClient, ModelServer, NativeLanguageModel) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-serve-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try writeModel(to: folder, context: context)
        var options = ServerOptions()
        options.port = 0
        change(&options)
        let model = try NativeLanguageModel(folder: folder, maximumActive: options.maximumConcurrent)
        let server = try ModelServer(
            models: [ServedModel(name: "tiny", model: model)], keys: keys.map(APIKeys.init), options: options)
        try await with(server) { try await body(TestClient(port: $0), server, model) }
    }

    static func with(_ server: ModelServer, _ body: (Int) async throws -> Void) async throws {
        let (ports, source) = AsyncStream<Int>.makeStream()
        let task = Task {
            defer { source.finish() }
            try await server.run(stopsOnSignals: false) { source.yield($0) }
        }
        var port: Int?
        for await value in ports {
            port = value
            break
        }
        guard let port else { return try await task.value }
        do {
            try await body(port)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        try await task.value
    }

    static func chat(_ text: String, _ fields: [String: JSONValue] = [:]) -> JSONValue {
        var all: [String: JSONValue] = [
            "model": .string("tiny"), "temperature": .number(0), "max_tokens": .number(12),
            "messages": .array([.object(["role": .string("user"), "content": .string(text)])]),
        ]
        all.merge(fields) { $1 }
        return .object(all.filter { $0.value != .null })
    }

    static func text(_ prompt: JSONValue, _ fields: [String: JSONValue] = [:]) -> JSONValue {
        var all: [String: JSONValue] = ["model": .string("tiny"), "temperature": .number(0), "prompt": prompt]
        all.merge(fields) { $1 }
        return .object(all)
    }

    /// Waits until a figure has come to a value.
    static func eventually(_ client: TestClient, _ name: String, _ value: Int) async throws {
        var last: Int?
        for _ in 0..<1000 {
            last = try await client.metric(name)
            if last == value { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(name) is \(last ?? -1), not \(value)")
    }
}

let chatPath = "/v1/chat/completions", textPath = "/v1/completions"
