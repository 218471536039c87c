import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

private func logits(_ model: TransformerModel, _ adapter: Adapter?, _ ids: [Int32]) throws -> [Float] {
    try GradientEngine(model: model, adapter: adapter, precision: .fp32, engineSettings { $0.computesGradient = false })
        .logits(of: ids)
}

@Suite struct AdapterFolderTests {
    @Test("An adapter's folder reads back bit for bit, beside its base or merged with it")
    func roundTrip() throws {
        try withTemporaryFolder { root in
            let base = root.appendingPathComponent("base"), folder = root.appendingPathComponent("adapter")
            let model = try GoldenModel.load(tied: false).model()
            try model.save(folder: base)
            try Data("{}".utf8).write(to: base.appendingPathComponent("tokenizer.json"))
            let options = AdapterOptions(rank: 3, alpha: 7, dropout: 0.1, targets: ["q_proj", "down_proj"], rankStabilised: true)
            let adapter = try livelyAdapter(for: model, options)
            try adapter.save(folder: folder, base: "../base", storage: .fp32)
            let stored = try StoredModel(folder: folder, precision: .fp32)
            let read = try #require(stored.adapter)
            var expected = options
            expected.targets.sort()
            #expect(read.options == expected)
            #expect(read.fingerprint == adapter.fingerprint)
            #expect(stored.tokenizerFolder.standardizedFileURL.path == base.standardizedFileURL.path)
            let ids = randomDocuments([40], vocabulary: 61, seed: 4)[0].ids
            let unmerged = try logits(stored.model, read, ids)
            #expect(try unmerged == logits(model, adapter, ids))

            let output = root.appendingPathComponent("merged")
            try StoredModel.merge(adapter: folder, into: output)
            #expect(relativeError(try logits(TransformerModel(folder: output), nil, ids), unmerged) <= 1e-5)
            #expect(FileManager.default.fileExists(atPath: output.appendingPathComponent("tokenizer.json").path))
            #expect(
                errorText { try StoredModel.merge(adapter: base, into: output) }
                    == "base: the folder holds a whole model and no adapter")
            // How the base was kept is part of what was tuned.
            try adapter.save(folder: folder, base: "../base", storage: .int8)
            #expect(try StoredModel(folder: folder).model.storage == .int8)
        }
    }

    @Test("A bfloat16 model is kept as such where nothing is lost by it", .enabled(if: Precision.hasFastBFloat16))
    func losslessStorage() throws {
        try withTemporaryFolder { folder in
            let model = try GoldenModel.load(tied: true).model()
            try model.save(folder: folder)
            #expect(try StoredModel(folder: folder, precision: .bf16).model.storage == .fp32)
            try model.save(folder: folder, precision: .bf16)
            #expect(try StoredModel(folder: folder, precision: .fp32).model.storage == .fp32)
            let stored = try StoredModel(folder: folder, precision: .bf16)
            #expect(stored.model.storage == .bf16)
            let ids = randomDocuments([70], vocabulary: 61, seed: 4)[0].ids
            let whole = GradientEngine(model: try TransformerModel(folder: folder), precision: .bf16, workers: 1)
            let packed = GradientEngine(
                model: stored.model, adapter: nil, precision: .bf16, engineSettings { $0.computesGradient = false })
            #expect(try whole.logits(of: ids) == packed.logits(of: ids))
        }
    }

    @Test(
        "An adapter with an option that is not computed, or for another model, is refused by name",
        arguments: [
            (#""use_dora": true"#, "'use_dora': true is not supported by the native engine"),
            (#""bias": "all""#, "'bias': all is not supported by the native engine"),
            (#""modules_to_save": ["lm_head"]"#, "'modules_to_save': a value is not supported by the native engine"),
            (#""rank_pattern": {"q_proj": 2}"#, "'rank_pattern': a value is not supported by the native engine"),
            (#""peft_type": "IA3""#, "'peft_type': IA3 is not supported by the native engine"),
            (#""init_lora_weights": "pissa""#, "'init_lora_weights': pissa is not supported by the native engine"),
            (#""some_new_option": 3"#, "'some_new_option': a value is not supported by the native engine"),
            (#""r": 0"#, "'r' is missing or not a rank"), (#""lora_alpha": null"#, "'lora_alpha' is missing or not a number"),
            (#""r": 5"#, "has shape [4, 16], expected [5, 16]"),
        ])
    func refusedConfigurations(change: String, expected: String) throws {
        try withTemporaryFolder { folder in
            let model = try GoldenModel.load(tied: false).model()
            try livelyAdapter(for: model).save(folder: folder, base: "base", storage: .fp32)
            let file = folder.appendingPathComponent("adapter_config.json")
            var json = try JSONValue.parse(Data(contentsOf: file), named: "config").object ?? [:]
            json.merge(try JSONValue.parse(Data("{\(change)}".utf8), named: "change").object ?? [:]) { $1 }
            try JSONEncoder().encode(JSONValue.object(json)).write(to: file)
            let text = errorText { try Adapter(folder: folder, for: model) }
            #expect(text.hasSuffix(expected), "\(text)")
        }
    }

    @Test("An adapter with damaged, foreign or missing tensors or without its base is refused by name")
    func damagedFolders() throws {
        try withTemporaryFolder { folder in
            let model = try GoldenModel.load(tied: false).model(), adapter = try livelyAdapter(for: model)
            try adapter.save(folder: folder, base: "nowhere", storage: .fp32)
            #expect(errorText { try StoredModel(folder: folder) }.hasSuffix("the base model 'nowhere' does not exist"))
            let file = folder.appendingPathComponent("adapter_model.safetensors")
            let old = folder.appendingPathComponent("adapter_model.bin")
            try FileManager.default.moveItem(at: file, to: old)
            #expect(
                errorText { try Adapter(folder: folder, for: model) }
                    == "adapter_model.bin: the adapter is in PyTorch's own format, which is not read")
            try FileManager.default.moveItem(at: old, to: file)
            let good = try SafetensorsFile(contentsOf: file)
            func rewrite(_ change: (SafetensorsFile.Tensor) -> SafetensorsFile.Tensor?, value: Float = 1) throws {
                try SafetensorsFile.write(good.tensors.compactMap(change), to: file) { tensor in
                    [Float](repeating: value, count: tensor.elementCount).withUnsafeBytes { Data($0) }
                }
            }
            let first = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"
            try rewrite { $0.name == first ? nil : $0 }
            #expect(
                errorText { try Adapter(folder: folder, for: model) } == "adapter_model.safetensors: tensor '\(first)' is missing"
            )
            try rewrite { tensor in
                var tensor = tensor
                if tensor.name == first { tensor.name = "base_model.model.lm_head.lora_A.weight" }
                return tensor
            }
            #expect(
                errorText { try Adapter(folder: folder, for: model) }
                    == "adapter_model.safetensors: tensor 'base_model.model.lm_head.lora_A.weight' is not a low-rank matrix of a "
                    + "linear layer of the base model")
            try rewrite({ $0 }, value: .nan)
            #expect(errorText { try Adapter(folder: folder, for: model) }.hasSuffix("holds values that are not finite"))
            adapter.setWeights(Array(repeating: .infinity, count: 4 * 16), of: adapter.tensors[0].name)
            #expect(
                errorText { try adapter.save(folder: folder, base: "b", storage: .fp32) }
                    .hasSuffix("the adapter holds values that are not finite; it is not saved"))
        }
    }

    @Test("Writes a base, adapters and their logits for the interop tier", .enabled(if: InteropFolder.url != nil))
    func writesAdaptersForInterop() throws {
        let root = try #require(InteropFolder.url)
        let golden = try GoldenModel.load(tied: false), model = golden.model(), ids = golden.documents[0].ids
        let base = root.appendingPathComponent("base")
        try model.save(folder: base)
        for (name, options) in [
            ("all", AdapterOptions(rank: 4, alpha: 8)),
            ("some", AdapterOptions(rank: 3, alpha: 5, dropout: 0.1, targets: ["q_proj", "up_proj"], rankStabilised: true)),
        ] {
            let adapter = try livelyAdapter(for: model, options), folder = root.appendingPathComponent(name)
            try adapter.save(folder: folder, base: base.path, storage: .fp32)
            let json: JSONValue = .object([
                "ids": .array(ids.map { .number(Double($0)) }),
                "logits": .array(try logits(model, adapter, ids).map { .number(Double($0)) }),
            ])
            try JSONEncoder.stable().encode(json).write(to: folder.appendingPathComponent("logits.json"))
        }
    }

    @Test("Reads an adapter that peft wrote, for the interop tier", .enabled(if: InteropFolder.theirs != nil))
    func readsAdapterFromInterop() throws {
        let folder = try #require(InteropFolder.theirs)
        let text = try JSONValue.parse(Data(contentsOf: folder.appendingPathComponent("logits.json")), named: "logits.json")
        let ids = (text["ids"]?.array ?? []).compactMap(\.number).map { Int32($0) }
        let expected = (text["logits"]?.array ?? []).compactMap(\.number).map { Float($0) }
        let stored = try StoredModel(folder: folder, storage: .fp32)
        #expect(stored.adapter != nil && !expected.isEmpty)
        let found = try logits(stored.model, stored.adapter, ids)
        #expect(found.count == expected.count)
        #expect((zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity) <= 1e-4)
    }
}
