import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct ModelFolderTests {
    @Test("A saved model reads back bit for bit in fp32, and rounded in bf16", arguments: [true, false])
    func roundTrip(tied: Bool) throws {
        try withTemporaryFolder { folder in
            let model = TransformerModel(configuration: GoldenModel.configuration(tied: tied), seed: 3)
            try model.save(folder: folder)
            let loaded = try TransformerModel(folder: folder)
            #expect(loaded.configuration == model.configuration)
            #expect(loaded.hasSameWeights(as: model))
            try model.save(folder: folder, precision: .bf16)
            let rounded = try TransformerModel(folder: folder)
            for (name, _) in model.tensors {
                let error = relativeError(rounded.weights(of: name) ?? [], model.weights(of: name) ?? [1])
                #expect(error < 0.004, "\(name)")
            }
            #expect(!rounded.hasSameWeights(as: model))
            try rounded.save(folder: folder, precision: .bf16)
            #expect(try TransformerModel(folder: folder).hasSameWeights(as: rounded))
        }
    }

    @Test("The same seed gives the same weights, another seed others")
    func initialisation() {
        let configuration = GoldenModel.configuration(tied: true)
        let models = [1, 1, 2].map { TransformerModel(configuration: configuration, seed: $0) }
        #expect(models[0].hasSameWeights(as: models[1]))
        #expect(!models[0].hasSameWeights(as: models[2]))
        let values = models[0].weights(of: "model.embed_tokens.weight") ?? []
        let deviation = (values.reduce(0.0) { $0 + Double($1 * $1) } / Double(values.count)).squareRoot()
        #expect(abs(deviation - 0.02) < 0.002)
    }

    @Test("A folder with a missing, misshapen or non-finite tensor is refused by file and tensor")
    func damagedFolders() throws {
        try withTemporaryFolder { folder in
            let configuration = GoldenModel.configuration(tied: true)
            let model = TransformerModel(configuration: configuration, seed: 3)
            try model.save(folder: folder)
            let file = folder.appendingPathComponent("model.safetensors")
            let good = try SafetensorsFile(contentsOf: file)
            func rewrite(_ change: (SafetensorsFile.Tensor) -> SafetensorsFile.Tensor?, _ edit: (String, inout [Float]) -> Void)
                throws
            {
                var values: [String: [Float]] = [:]
                var tensors: [SafetensorsFile.Tensor] = []
                for tensor in good.tensors {
                    guard let changed = change(tensor) else { continue }
                    values[changed.name] = model.weights(of: tensor.name)
                    edit(tensor.name, &values[changed.name, default: []])
                    tensors.append(changed)
                }
                try SafetensorsFile.write(tensors, to: file) { tensor in (values[tensor.name] ?? []).withUnsafeBytes { Data($0) }
                }
            }
            try rewrite({ $0.name == "model.norm.weight" ? nil : $0 }) { _, _ in }
            #expect(
                errorText { try TransformerModel(folder: folder) } == "model.safetensors: tensor 'model.norm.weight' is missing")
            try rewrite({ tensor in
                var tensor = tensor
                if tensor.name.hasSuffix("0.mlp.down_proj.weight") { tensor.shape.reverse() }
                return tensor
            }) { _, _ in }
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "model.safetensors: tensor 'model.layers.0.mlp.down_proj.weight' has shape [24, 16], expected [16, 24]")
            try rewrite({ $0 }) { name, values in if name == "model.embed_tokens.weight" { values[5] = .nan } }
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "model.safetensors: tensor 'model.embed_tokens.weight' holds values that are not finite")
            try rewrite({ tensor in
                var tensor = tensor
                if tensor.name == "model.norm.weight" { tensor.name = "model.norm.bias" }
                return tensor
            }) { _, _ in }
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "model.safetensors: tensor 'model.norm.bias' is not part of the model that config.json describes")
            try rewrite({ $0 }) { _, _ in }
            try Data(try Data(contentsOf: file).dropLast(100)).write(to: file)
            #expect(errorText { try TransformerModel(folder: folder) }.hasPrefix("model.safetensors: tensor '"))
            try FileManager.default.removeItem(at: file)
            #expect(errorText { try TransformerModel(folder: folder) }.hasPrefix("model.safetensors: the file cannot be read"))
        }
    }

    @Test("A model that is larger than one file may be is saved in shards, and a later save leaves no old file")
    func shards() throws {
        try withTemporaryFolder { folder in
            let model = TransformerModel(configuration: GoldenModel.configuration(tied: false), seed: 3)
            func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
            try model.save(folder: folder)
            try model.save(folder: folder, maximumFileBytes: 12_000)
            #expect(
                try files() == [
                    "config.json", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                    "model-00003-of-00003.safetensors", "model.safetensors.index.json",
                ])
            for name in try files() where name.hasSuffix(".safetensors") {
                let shard = try SafetensorsFile(contentsOf: folder.appendingPathComponent(name))
                #expect(shard.tensors.reduce(0) { $0 + $1.byteCount } <= 12_000)
            }
            #expect(try TransformerModel(folder: folder).hasSameWeights(as: model))
            // A name that leads elsewhere, a file that is not there, a tensor that is there twice.
            let index = folder.appendingPathComponent("model.safetensors.index.json")
            let good = try Data(contentsOf: index)
            let text = String(decoding: good, as: UTF8.self)
            try Data(text.replacingOccurrences(of: "model-00002", with: "../model-00002").utf8).write(to: index)
            #expect(
                errorText { try TransformerModel(folder: folder) }.hasPrefix(
                    "model.safetensors.index.json: 'weight_map' places tensor '"))
            try Data(text.replacingOccurrences(of: "model-00002", with: "model-00004").utf8).write(to: index)
            #expect(
                errorText { try TransformerModel(folder: folder) }.hasPrefix(
                    "model-00004-of-00003.safetensors: the file cannot be read"))
            try Data(#"{"weight_map": {"a": "model-00001-of-00003.safetensors", "b": "copy.safetensors"}}"#.utf8).write(to: index)
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("model-00001-of-00003.safetensors"),
                to: folder.appendingPathComponent("copy.safetensors"))
            #expect(errorText { try TransformerModel(folder: folder) }.hasSuffix("is in another file of the folder too"))
            try Data(#"{"weight_map": {}}"#.utf8).write(to: index)
            #expect(
                errorText { try TransformerModel(folder: folder) } == "model.safetensors.index.json: 'weight_map' lists no file")
            try model.save(folder: folder, precision: .bf16)
            #expect(try files() == ["config.json", "copy.safetensors", "model.safetensors"])
        }
    }

    @Test("A tied model whose file has another head is refused; an equal head is passed over, in another type too")
    func contradictedTie() throws {
        try withTemporaryFolder { folder in
            let model = TransformerModel(configuration: GoldenModel.configuration(tied: true), seed: 3)
            try model.save(folder: folder)
            let file = folder.appendingPathComponent("model.safetensors")
            let good = try SafetensorsFile(contentsOf: file)
            let embeddings = try #require(good.tensor("model.embed_tokens.weight"))
            let values = Dictionary(uniqueKeysWithValues: good.tensors.map { ($0.name, model.weights(of: $0.name) ?? []) })
            func write(head change: (inout [Float]) -> Void) throws {
                var head = embeddings
                head.name = "lm_head.weight"
                var changed = values[embeddings.name] ?? []
                change(&changed)
                try SafetensorsFile.write(good.tensors + [head], to: file) { tensor in
                    (tensor.name == head.name ? changed : values[tensor.name] ?? []).withUnsafeBytes { Data($0) }
                }
            }
            try write { _ in }
            #expect(try TransformerModel(folder: folder).configuration.tiesEmbeddings)
            try write { $0[7] += 1 }
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "model.safetensors: 'tie_word_embeddings' is true, but 'lm_head.weight' differs from the embeddings")
        }
    }

    @Test("A folder with weights in PyTorch's format says how to convert them")
    func oldFormat() throws {
        try withTemporaryFolder { folder in
            try TransformerModel(configuration: GoldenModel.configuration(tied: true), seed: 3).save(folder: folder)
            try FileManager.default.moveItem(
                at: folder.appendingPathComponent("model.safetensors"), to: folder.appendingPathComponent("pytorch_model.bin"))
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "pytorch_model.bin: the weights are in PyTorch's own format, which is not read")
        }
    }

    @Test("A configuration that claims a huge model is an error of the folder, not of the machine's memory")
    func hugeClaim() throws {
        try withTemporaryFolder { folder in
            try TransformerModel(configuration: GoldenModel.configuration(tied: true), seed: 3).save(folder: folder)
            let url = folder.appendingPathComponent("config.json")
            let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            try Data(text.replacingOccurrences(of: "\"vocab_size\" : 61", with: "\"vocab_size\" : 16777216").utf8).write(to: url)
            #expect(
                errorText { try TransformerModel(folder: folder) }
                    == "model.safetensors: tensor 'model.embed_tokens.weight' has shape [61, 16], expected [16777216, 16]")
        }
    }

    @Test("A model that is not finite is not saved")
    func refusesToSaveNonsense() throws {
        try withTemporaryFolder { folder in
            let model = TransformerModel(configuration: GoldenModel.configuration(tied: true), seed: 3)
            model.setWeights(Array(repeating: .infinity, count: 16), of: "model.norm.weight")
            #expect(
                errorText { try model.save(folder: folder) }.hasSuffix(
                    "tensor 'model.norm.weight' holds values that are not finite; the model is not saved"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.isEmpty)
        }
    }

    @Test(
        "A configuration with an option that is not computed is refused by its name",
        arguments: [
            (#""model_type": "gpt2""#, "'model_type': gpt2 is not supported by the native engine"),
            (
                #""architectures": ["LlamaForSequenceClassification"]"#,
                "'architectures': LlamaForSequenceClassification is not supported by the native engine"
            ),
            (#""hidden_act": "gelu""#, "'hidden_act': gelu is not supported by the native engine"),
            (#""sliding_window": 64"#, "'sliding_window': 64 is not supported by the native engine"),
            (#""attention_dropout": 0.1"#, "'attention_dropout': 0.1 is not supported by the native engine"),
            (#""pretraining_tp": 2"#, "'pretraining_tp': 2 is not supported by the native engine"),
            (#""quantization_config": {"bits": 4}"#, "'quantization_config': an object is not supported by the native engine"),
            (#""rope_scaling": {"rope_type": "yarn"}"#, "'rope_scaling': yarn is not supported by the native engine"),
            (#""rope_scaling": {"rope_type": "llama3"}"#, "'rope_scaling.factor' is missing"),
            (
                #""rope_scaling": {"type": "linear", "factor": 2, "attention_factor": 1.5}"#,
                "'rope_scaling.attention_factor' is an option that the native engine does not know"
            ),
            (
                #""rope_scaling": {"type": "linear", "factor": 0.5}"#,
                "the rope scaling's 'factor' is 0.5, it must be at least 1"
            ),
            (
                #""rope_scaling": {"type": "linear", "factor": 2}, "rope_parameters": {"rope_type": "default"}"#,
                "'rope_scaling' and 'rope_parameters' contradict each other"
            ),
            (#""rope_parameters": {"rope_theta": 7}"#, "'rope_theta' is given twice, with two values"),
            (
                #""rope_parameters": {"partial_rotary_factor": 0.5}"#,
                "'rope_parameters.partial_rotary_factor': 0.5 is not supported by the native engine"
            ),
            (#""logit_scale": 0.5"#, "'logit_scale' is an option that the native engine does not know"),
            (#""attention_bias": "yes""#, "'attention_bias' is yes, expected true or false"),
            (#""layer_types": ["full_attention"]"#, "'layer_types' does not name the kind of each of the 2 layers"),
            (
                #""layer_types": ["full_attention", "chunked_attention"]"#,
                "'layer_types': chunked_attention is not supported by the native engine"
            ),
            (#""layer_types": ["full_attention", "sliding_attention"]"#, "'layer_types' contradicts 'sliding_window'"),
            (#""num_key_value_heads": 3"#, "num_attention_heads 4 is not a multiple of num_key_value_heads 3"),
            (#""head_dim": null, "hidden_size": 18"#, "hidden_size 18 is not a multiple of num_attention_heads 4"),
            (#""hidden_size": "wide""#, "'hidden_size' is wide, expected a number"),
            (#""hidden_size": null"#, "'hidden_size' is missing"),
            (#""vocab_size": 0"#, "'vocab_size' is 0, expected a whole number above 0"),
            (#""eos_token_id": ["</s>"]"#, "'eos_token_id' is a list, expected a token id"),
            (#""max_position_embeddings": 900000000"#, "'max_position_embeddings' is 900000000, it must be in 1…1048576"),
        ])
    func refusedConfigurations(change: String, expected: String) throws {
        var json = GoldenModel.configuration(tied: true).json(storedAs: "float32").object ?? [:]
        let changed = try JSONValue.parse(Data("{\(change)}".utf8), named: "change").object ?? [:]
        json.merge(changed) { $1 }
        #expect(errorText { try ModelConfiguration(json: .object(json), place: "config.json") } == "config.json: " + expected)
    }

    @Test("Configurations of both transformers generations are understood")
    func configurationGenerations() throws {
        let text = #"""
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 100, "hidden_size": 32, "dtype": "float32",
             "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "eos_token_id": [2, 3], "hidden_act": "silu",
             "rope_parameters": {"rope_theta": 500000.0, "rope_type": "default"}, "rms_norm_eps": 1e-06, "rope_scaling": null}
            """#
        let configuration = try ModelConfiguration(json: JSONValue.parse(Data(text.utf8), named: "text"), place: "text")
        #expect(configuration.rotaryBase == 500_000 && configuration.keyValueHeadCount == 4 && configuration.headWidth == 8)
        #expect(configuration.endOfTextIDs == [2, 3] && !configuration.tiesEmbeddings)
        let again = try ModelConfiguration(json: configuration.json(storedAs: "float32"), place: "again")
        #expect(again == configuration)
    }

    @Test("Logits agree with transformers'", arguments: [true, false])
    func logitsGolden(tied: Bool) throws {
        let golden = try GoldenModel.load(tied: tied)
        let engine = GradientEngine(model: golden.model(), precision: .fp32, workers: 1, computesGradient: false)
        let logits = try engine.logits(of: golden.documents[0].ids).suffix(golden.logitsHead.count)
        let worst = zip(logits, golden.logitsHead).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst <= 1e-4)
    }

    @Test("Writes a model and its logits for the interop tier", .enabled(if: InteropFolder.url != nil))
    func writesForInterop() throws {
        let root = try #require(InteropFolder.url)
        for tied in [true, false] {
            let folder = root.appendingPathComponent(tied ? "temper-tied" : "temper-untied")
            let golden = try GoldenModel.load(tied: tied)
            let model = golden.model()
            try model.save(folder: folder)
            let ids = golden.documents[0].ids
            let logits = try GradientEngine(model: model, precision: .fp32, workers: 1, computesGradient: false).logits(of: ids)
            let json: JSONValue = .object([
                "ids": .array(ids.map { .number(Double($0)) }), "logits": .array(logits.map { .number(Double($0)) }),
            ])
            try JSONEncoder.stable().encode(json).write(to: folder.appendingPathComponent("logits.json"))
        }
    }

    @Test("Reads a folder that transformers wrote, for the interop tier", .enabled(if: InteropFolder.theirs != nil))
    func readsFromInterop() throws {
        let folder = try #require(InteropFolder.theirs)
        let text = try JSONValue.parse(Data(contentsOf: folder.appendingPathComponent("logits.json")), named: "logits.json")
        let ids = (text["ids"]?.array ?? []).compactMap(\.number).map { Int32($0) }
        let expected = (text["logits"]?.array ?? []).compactMap(\.number).map { Float($0) }
        let engine = GradientEngine(
            model: try TransformerModel(folder: folder), precision: .fp32, workers: 1, computesGradient: false)
        let logits = try engine.logits(of: ids)
        #expect(logits.count == expected.count && !logits.isEmpty)
        #expect((zip(logits, expected).map { abs($0 - $1) }.max() ?? .infinity) <= 1e-4)
    }
}

/// Folders that Tests/Interop/test_engine.py hands over.
enum InteropFolder {
    /// `TEMPER_INTEROP_OUT`: where the Swift side writes its models.
    static var url: URL? { folder("TEMPER_INTEROP_OUT") }
    /// `TEMPER_INTEROP_IN`: a folder written by transformers with `logits.json` beside.
    static var theirs: URL? { folder("TEMPER_INTEROP_IN") }

    private static func folder(_ variable: String) -> URL? {
        ProcessInfo.processInfo.environment[variable].map { URL(fileURLWithPath: $0, isDirectory: true) }
    }
}
