import Foundation
import TemperCore
import TemperTransformer
import Testing

@testable import TemperTraining

@Suite("The native engine") struct NativeEngineTests {
    private func withBase(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = ModelConfiguration(
            vocabularySize: 50, width: 32, feedForwardWidth: 48, layerCount: 1, headCount: 2, keyValueHeadCount: 1,
            contextLength: 64)
        try TransformerModel(configuration: configuration, seed: 1).save(folder: folder)
        try body(folder)
    }

    @Test("It is in the registry, names its options with their defaults, and says what it found on this machine")
    func registry() async throws {
        let engine = try #require(Engines.all.first { $0.name == "native" })
        #expect(engine.options is NativeOptions.Type)
        let standard: [String: JSONValue] = [
            "precision": .string("auto"), "recompute_activations": .bool(false), "checkpoint_seconds": .number(60),
        ]
        #expect(engine.options.standardValues == standard)
        #expect(
            try TrainingSetup(base: URL(fileURLWithPath: "/"), options: standard).engineOptions(of: engine) == NativeOptions())
        let cores = ProcessInfo.processInfo.activeProcessorCount
        #expect(try await engine.check().hasPrefix("\(cores) cores, "))
        #expect(Set(Engines.all.map(\.name)).count == Engines.all.count)
    }

    @Test(
        "An option that cannot be is refused by its key",
        arguments: [
            ("precision", .string("fp16"), "'train.native.precision' is 'fp16'; it must be one of fp32, bf16, auto"),
            ("precision", .number(3), "'train.native.precision' is '3'; it must be one of fp32, bf16, auto"),
            (
                "recompute_activations", .string("yes"),
                "'train.native.recompute_activations' should be true or false, not 'yes'"
            ),
            ("checkpoint_seconds", .number(-1), "'train.native.checkpoint_seconds' is -1; it must be in 0…86400"),
            ("precison", .string("fp32"), "unknown key 'precison' in 'native'"),
        ] as [(String, JSONValue, String)])
    func options(key: String, value: JSONValue, message: String) throws {
        try withBase { base in
            let error = #expect(throws: TemperError.self) {
                try NativeEngine().check(TrainingSetup(base: base, options: [key: value]))
            }
            #expect(error?.message == message, "\(error?.message ?? "")")
            #expect(error?.code == .data)
        }
    }

    @Test("A base of an architecture that is not computed here is refused, and so is an adapter on layers that are not there")
    func setups() throws {
        try withBase { base in
            try NativeEngine().check(TrainingSetup(base: base))
            let query = TrainingSetup(base: base, tuning: .lora(Tuning.LowRank(AdapterOptions(targets: ["query"]))))
            let target = #expect(throws: TemperError.self) { try NativeEngine().check(query) }
            #expect(target?.message.hasPrefix("'train.tuning.lora': 'targets' names 'query'") == true)

            let file = base.appendingPathComponent("config.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "\"llama\"", with: "\"mamba2\"").utf8).write(to: file)
            let error = #expect(throws: TemperError.self) { try NativeEngine().check(TrainingSetup(base: base)) }
            #expect(
                error?.message == "'train.base': 'model_type': mamba2 is not supported by the native engine",
                "\(error?.message ?? "")")
            #expect(error?.hint == "use another engine for this model")
            #expect(error?.place?.hasSuffix("config.json") == true)
        }
    }

    @Test("The context of a model is known without its architecture, where its file states one")
    func context() throws {
        try withBase { base in
            let file = base.appendingPathComponent("config.json")
            func context(_ text: String?) throws -> Int? {
                if let text { try Data(text.utf8).write(to: file) }
                return try ModelConfiguration.contextLength(of: base)
            }
            #expect(try context(nil) == 64)
            #expect(try context(#"{"model_type": "mamba2", "max_position_embeddings": 4096}"#) == 4096)
            #expect(try context(#"{"model_type": "gemma3", "text_config": {"max_position_embeddings": 8192}}"#) == 8192)
            #expect(try context(#"{"model_type": "mamba2"}"#) == nil)
            #expect(throws: TemperError.self) { try context("{") }
            try FileManager.default.removeItem(at: file)
            #expect(try context(nil) == nil)
        }
    }
}
