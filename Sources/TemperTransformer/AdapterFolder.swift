import CTemperKernels
package import Foundation
package import TemperCore

/// A folder in the format of peft: `adapter_config.json` and `adapter_model.safetensors`.
///
/// Format: <https://huggingface.co/docs/peft/developer_guides/checkpoint>. Options that would change the result and are not
/// computed here are refused by name, never ignored.
package enum AdapterFolder {
    static let configurationName = "adapter_config.json"
    static let weightsName = "adapter_model.safetensors"
    static let prefix = "base_model.model."
    /// How the base's weights were kept in training, in the weights' metadata.
    static let storageKey = "base_storage"

    /// Whether a folder holds an adapter.
    package static func isOne(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(configurationName).path)
    }

    /// `base_model_name_or_path`.
    ///
    /// - Throws: ``TemperError`` that names the file.
    package static func baseName(of folder: URL) throws -> String {
        let (json, place) = try configuration(folder)
        guard let name = json["base_model_name_or_path"]?.string, !name.isEmpty else {
            throw TemperError(
                .data, "'base_model_name_or_path' does not say what the adapter belongs to", place: place, boundary: .engine)
        }
        return name
    }

    /// The file of an adapter's tensors.
    ///
    /// - Throws: ``TemperError`` with code `data` for one in PyTorch's own format.
    static func weights(of folder: URL) throws -> SafetensorsFile {
        let file = folder.appendingPathComponent(weightsName)
        let old = folder.appendingPathComponent("adapter_model.bin")
        if !FileManager.default.fileExists(atPath: file.path), FileManager.default.fileExists(atPath: old.path) {
            throw TemperError(
                .data, "the adapter is in PyTorch's own format, which is not read",
                hint: "load it with peft and save it again: that writes \(weightsName)", place: old.path, boundary: .data)
        }
        return try SafetensorsFile(contentsOf: file)
    }

    /// How the base was kept when the adapter was trained; nil in adapters that others made.
    static func storage(of folder: URL) throws -> WeightStorage? {
        try weights(of: folder).metadata[storageKey]
            .flatMap(WeightStorage.init)
    }

    static func configuration(_ folder: URL) throws -> (json: JSONValue, place: String) {
        let url = folder.appendingPathComponent(configurationName)
        do {
            return (try JSONValue.parse(Data(contentsOf: url), named: url.path), url.path)
        } catch let error as TemperError {
            throw error
        } catch {
            throw TemperError(
                .unavailable, "the file cannot be read: \(error.localizedDescription)", place: url.path, boundary: .data,
                cause: error)
        }
    }

    /// Keys that change nothing once the adapter's numbers are there.
    private static let harmless: Set<String> = [
        "peft_type", "r", "lora_alpha", "lora_dropout", "use_rslora", "base_model_name_or_path", "target_modules",
        "auto_mapping",
        "inference_mode", "init_lora_weights", "layers_pattern", "layers_to_transform", "exclude_modules", "revision",
        "task_type",
        "peft_version", "megatron_core", "megatron_config", "qalora_group_size", "ensure_weight_tying", "loftq_config",
        "eva_config", "corda_config", "lora_ga_config",
    ]

    /// The options that a configuration states; the targets are those of its tensors.
    static func options(_ json: JSONValue, _ place: String) throws -> AdapterOptions {
        func problem(_ text: String, hint: String? = nil) -> TemperError {
            TemperError(.data, text, hint: hint, place: place, boundary: .engine)
        }
        func refuse(_ key: String, _ value: JSONValue) -> TemperError {
            let text = value.string ?? value.bool.map { "\($0)" } ?? "a value"
            return problem(
                "'\(key)': \(text) is not supported by the native engine", hint: "merge the adapter with peft and use the model")
        }
        guard let fields = json.object else { throw problem("it is not a JSON object") }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) where !harmless.contains(key) {
            let isDefault =
                value == .null || value == .bool(false) || value.array == [] || value.object == [:] || value.string == "none"
            if !isDefault { throw refuse(key, value) }
        }
        guard json["peft_type"]?.string == "LORA" else { throw refuse("peft_type", json["peft_type"] ?? .null) }
        // Other ways to start change the base's weights.
        if let start = json["init_lora_weights"]?.string, !["gaussian", "eva", "orthogonal"].contains(start) {
            throw refuse("init_lora_weights", .string(start))
        }
        guard let rank = json["r"]?.number, rank >= 1, rank <= 4096, rank == rank.rounded() else {
            throw problem("'r' is missing or not a rank")
        }
        guard let alpha = json["lora_alpha"]?.number else { throw problem("'lora_alpha' is missing or not a number") }
        let options = AdapterOptions(
            rank: Int(rank), alpha: alpha, dropout: json["lora_dropout"]?.number ?? 0,
            rankStabilised: json["use_rslora"]?.bool ?? false)
        if let text = options.problem { throw problem(text) }
        return options
    }
}

extension Adapter {
    /// Reads a peft folder.
    ///
    /// - Throws: ``TemperError`` that names the file, and the key or tensor that is wrong.
    package convenience init(folder: URL, for model: TransformerModel) throws {
        let (json, place) = try AdapterFolder.configuration(folder)
        var options = try AdapterFolder.options(json, place)
        let file = try AdapterFolder.weights(of: folder)
        let known = Set(model.layout.linears.flatMap(\.parts).map(\.name))
        var parts: Set<String> = []
        for tensor in file.tensors {
            let name = tensor.name.hasPrefix(AdapterFolder.prefix) ? tensor.name.dropFirst(AdapterFolder.prefix.count) : ""
            let part = [".lora_A.weight", ".lora_B.weight"].first(where: name.hasSuffix).map { String(name.dropLast($0.count)) }
            guard let part, known.contains(part) else {
                throw TemperError(
                    .data, "tensor '\(tensor.name)' is not a low-rank matrix of a linear layer of the base model",
                    hint: "does the adapter belong to this base?", place: file.place, boundary: .engine)
            }
            parts.insert(part)
        }
        guard !parts.isEmpty else { throw TemperError(.data, "the adapter has no tensors", place: file.place, boundary: .engine) }
        options.targets = Self.targets(parts, among: known)
        self.init(options, AdapterLayout(model.layout, parts: parts, rank: options.rank))
        for entry in layout.entries {
            let target = weights.floats + entry.offset
            try file.readFloats(AdapterFolder.prefix + entry.name, shape: entry.shape, into: target)
            guard temper_all_finite(target, Int64(entry.count)) == 1 else {
                throw TemperError(
                    .data, "tensor '\(AdapterFolder.prefix)\(entry.name)' holds values that are not finite", place: file.place,
                    boundary: .data)
            }
        }
    }

    /// Writes a peft folder; each file appears whole or not at all.
    ///
    /// - Parameters:
    ///   - base: what the adapter belongs to: a folder or a name.
    ///   - storage: how the base was kept in training, to be used the same way again.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk refuses, `internal` for weights that are not finite.
    package func save(folder: URL, base: String, storage: WeightStorage) throws {
        guard temper_all_finite(weights.floats, Int64(layout.count)) == 1 else {
            throw TemperError(
                .internal, "the adapter holds values that are not finite; it is not saved", place: folder.path, boundary: .engine)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { (AdapterFolder.prefix + $0.name, $0) })
        let tensors = entries.map { SafetensorsFile.Tensor(name: $0.key, type: .float32, shape: $0.value.shape) }
        let metadata = ["format": "pt", AdapterFolder.storageKey: storage.rawValue]
        let file = folder.appendingPathComponent(AdapterFolder.weightsName)
        try SafetensorsFile.write(tensors, metadata: metadata, to: file) { tensor in
            guard let entry = entries[tensor.name] else { return Data() }
            return Data(bytes: weights.floats + entry.offset, count: tensor.byteCount)
        }
        let targets = options.targets == [AdapterOptions.allLinear] ? Self.targets(Set(layout.parts), among: []) : options.targets
        let json: JSONValue = .object([
            "peft_type": .string("LORA"), "task_type": .string("CAUSAL_LM"), "inference_mode": .bool(true),
            "base_model_name_or_path": .string(base), "revision": .null, "auto_mapping": .null,
            "r": .number(Double(options.rank)), "lora_alpha": .number(options.alpha), "lora_dropout": .number(options.dropout),
            "use_rslora": .bool(options.rankStabilised), "use_dora": .bool(false), "bias": .string("none"),
            "fan_in_fan_out": .bool(false), "init_lora_weights": .bool(true), "modules_to_save": .null,
            "layers_to_transform": .null, "layers_pattern": .null, "rank_pattern": .object([:]), "alpha_pattern": .object([:]),
            "target_modules": .array(targets.map { .string($0) }),
        ])
        let text = try JSONEncoder.stable(pretty: true).encode(json)
        try AtomicFile.write(to: folder.appendingPathComponent(AdapterFolder.configurationName)) {
            try $0.write(contentsOf: text)
        }
    }

    /// The shortest list of targets that means these linear layers: ends of names that all layers share, or else whole names.
    private static func targets(_ parts: Set<String>, among known: Set<String>) -> [String] {
        func end(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
        let ends = Set(parts.map(end))
        let missing = known.filter { ends.contains(end($0)) && !parts.contains($0) }
        return (missing.isEmpty ? ends : parts).sorted()
    }
}
