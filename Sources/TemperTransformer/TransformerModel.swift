import CTemperKernels
public import Foundation
import TemperCore

/// A decoder's shape and its fp32 weights.
///
/// It is not `Sendable`: the training loop or the sampling engine that holds it is its owner.
public final class TransformerModel {
    /// How weights are stored in a folder.
    public enum StoredPrecision: String, Codable, Sendable, Hashable, CaseIterable {
        case fp32, bf16
    }

    public let configuration: ModelConfiguration
    public let storage: WeightStorage
    let layout: WeightLayout
    /// fp32, as the layout says; empty in a frozen model.
    let weights: Memory
    /// What a frozen model has in its place.
    let packed: PackedWeights?

    private init(_ configuration: ModelConfiguration, _ storage: WeightStorage = .fp32) {
        self.configuration = configuration
        self.storage = storage
        layout = WeightLayout(configuration)
        weights = Memory(floats: storage == .fp32 ? layout.count : 0)
        packed = storage == .fp32 ? nil : PackedWeights(layout, storage)
    }

    /// Random weights: normal with deviation 0.02, projections into the residual stream scaled by 1/√(2·layers) (GPT-2,
    /// Radford et al. 2019), norms 1. Each tensor draws from a generator of its own.
    public convenience init(configuration: ModelConfiguration, seed: UInt64) {
        self.init(configuration)
        for entry in layout.entries {
            let target = weights.floats + entry.offset
            if entry.isNorm {
                for index in 0..<entry.count { target[index] = 1 }
                continue
            }
            let entersResidual = entry.name.hasSuffix("o_proj.weight") || entry.name.hasSuffix("down_proj.weight")
            let deviation = entersResidual ? 0.02 / Double(2 * configuration.layerCount).squareRoot() : 0.02
            var random = RandomSource(seed: seed, entry.name)
            for index in 0..<entry.count { target[index] = Float(random.normal() * deviation) }
        }
    }

    /// Reads `config.json` and `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
    ///
    /// - Parameter storage: how the weights are kept; only fp32 ones can be tuned themselves.
    /// - Throws: ``TemperError`` that names the file, and the tensor when one is missing, misshapen or not finite.
    public convenience init(folder: URL, storage: WeightStorage = .fp32) throws {
        let configuration = try ModelConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        // Names and shapes are compared before memory is taken, so that a damaged configuration is an error and not an exhausted
        // machine.
        let files = try Self.files(in: folder)
        let entries = WeightLayout(configuration).entries
        try Self.refuseUnknownTensors(files, entries, configuration)
        for entry in entries {
            guard let file = files.first(where: { $0.tensor(entry.name) != nil }) ?? files.first else { continue }
            try file.withBytes(of: entry.name, shape: entry.shape) { _ in }
        }
        self.init(configuration, storage)
        for entry in layout.entries {
            guard let file = files.first(where: { $0.tensor(entry.name) != nil }) ?? files.first else { continue }
            try read(entry, from: file)
        }
    }

    static func files(in folder: URL) throws -> [SafetensorsFile] {
        let index = folder.appendingPathComponent("model.safetensors.index.json")
        guard FileManager.default.fileExists(atPath: index.path) else {
            return [try SafetensorsFile(contentsOf: folder.appendingPathComponent("model.safetensors"))]
        }
        let map = try JSONValue.parse(Data(contentsOf: index), named: index.path)["weight_map"]?.object ?? [:]
        let names = Set(map.values.compactMap(\.string)).sorted()
        guard !names.isEmpty else { throw TemperError(.data, "'weight_map' lists no file", place: index.path, boundary: .data) }
        return try names.map { try SafetensorsFile(contentsOf: folder.appendingPathComponent($0)) }
    }

    /// A tensor that this shape does not have would change the results; only what is computed anyway is passed over. The
    /// `lm_head.weight` of a tied model is taken to equal its embeddings and not compared.
    private static func refuseUnknownTensors(
        _ files: [SafetensorsFile], _ entries: [WeightLayout.Entry], _ configuration: ModelConfiguration
    ) throws {
        let known = Set(entries.map(\.name))
        for file in files {
            for tensor in file.tensors where !known.contains(tensor.name) {
                if tensor.name.hasSuffix("rotary_emb.inv_freq") { continue }
                if tensor.name == "lm_head.weight", configuration.tiesEmbeddings { continue }
                throw TemperError(
                    .data, "tensor '\(tensor.name)' is no part of the model that config.json describes",
                    hint: "use another engine for this model", place: file.place, boundary: .engine)
            }
        }
    }

    private func read(_ entry: WeightLayout.Entry, from file: SafetensorsFile) throws {
        func requireFinite(_ values: UnsafePointer<Float>, _ count: Int) throws {
            guard temper_all_finite(values, Int64(count)) == 1 else {
                throw TemperError(
                    .data, "tensor '\(entry.name)' holds values that are not finite", place: file.place, boundary: .data)
            }
        }
        guard let packed else {
            let target = weights.floats + entry.offset
            try file.readFloats(entry.name, shape: entry.shape, into: target)
            return try requireFinite(target, entry.count)
        }
        // A few rows at a time: an embedding table as fp32 may be larger than the packed model.
        let width = entry.shape.last ?? 1, rows = max(1, min((1 << 20) / width, entry.count / width))
        let buffer = Memory(floats: rows * width)
        for first in stride(from: 0, to: entry.count, by: rows * width) {
            let range = first..<min(first + rows * width, entry.count)
            try file.readFloats(entry.name, shape: entry.shape, elements: range, into: buffer.floats)
            try requireFinite(buffer.floats, range.count)
            packed.store(buffer.floats, count: range.count, of: entry, first: first)
        }
    }

    /// A frozen copy that takes half or a quarter of the memory; of a frozen model, one in another storage.
    public func frozen(as storage: WeightStorage) -> TransformerModel {
        let copy = TransformerModel(configuration, storage)
        for entry in layout.entries { copy.setWeights(values(of: entry), of: entry) }
        return copy
    }

    /// Writes a Hugging Face folder's `config.json` and `model.safetensors`; each file appears whole or not at all.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when the disk refuses, `internal` for weights that are not finite.
    public func save(folder: URL, precision: StoredPrecision = .fp32) throws {
        for entry in layout.entries where temper_all_finite(values(of: entry), Int64(entry.count)) == 0 {
            throw TemperError(
                .internal, "tensor '\(entry.name)' holds values that are not finite; the model is not saved", place: folder.path,
                boundary: .engine)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let type: SafetensorsFile.ElementType = precision == .fp32 ? .float32 : .bfloat16
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
        let tensors = layout.entries.map { SafetensorsFile.Tensor(name: $0.name, type: type, shape: $0.shape) }
        let file = folder.appendingPathComponent("model.safetensors")
        try SafetensorsFile.write(tensors, metadata: ["format": "pt"], to: file) { tensor in
            guard let entry = entries[tensor.name] else { return Data() }
            let source = values(of: entry)
            guard precision == .bf16 else { return source.withUnsafeBytes { Data($0) } }
            var rounded = [UInt16](repeating: 0, count: tensor.elementCount)
            temper_to_bfloat16(source, &rounded, Int64(tensor.elementCount))
            return rounded.withUnsafeBytes { Data($0) }
        }
        let json = configuration.json(storedAs: precision == .fp32 ? "float32" : "bfloat16")
        let text = try JSONEncoder.stable(pretty: true).encode(json)
        try AtomicFile.write(to: folder.appendingPathComponent("config.json")) { try $0.write(contentsOf: text) }
    }

    /// Trainable numbers.
    public var parameterCount: Int { layout.entries.reduce(0) { $0 + $1.count } }

    /// Names and shapes in the order of the arena.
    public var tensors: [(name: String, shape: [Int])] { layout.entries.map { ($0.name, $0.shape) } }

    /// A copy of one tensor, row-major; nil when there is none of that name.
    public func weights(of name: String) -> [Float]? { layout.entry(name).map(values) }

    func values(of entry: WeightLayout.Entry) -> [Float] {
        [Float](unsafeUninitializedCapacity: entry.count) { buffer, initialized in
            guard let target = buffer.baseAddress else { return }
            if let packed {
                packed.read(entry, into: target)
            } else {
                target.update(from: weights.floats + entry.offset, count: entry.count)
            }
            initialized = entry.count
        }
    }

    /// Replaces one tensor's values; engines made before must be told (``GradientEngine/weightsChanged()``).
    public func setWeights(_ values: [Float], of name: String) {
        guard let entry = layout.entry(name) else { preconditionFailure("there is no tensor '\(name)'") }
        precondition(values.count == entry.count, "tensor '\(name)' has \(entry.count) values, not \(values.count)")
        setWeights(values, of: entry)
    }

    private func setWeights(_ values: [Float], of entry: WeightLayout.Entry) {
        values.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            if let packed {
                packed.store(source, count: entry.count, of: entry, first: 0)
            } else {
                (weights.floats + entry.offset).update(from: source, count: entry.count)
            }
        }
    }

    /// Bytes that the weights take.
    public var byteCount: Int { packed?.byteCount ?? weights.byteCount }

    /// A hash of all weights: the same weights in the same shape give the same text in every process.
    public var fingerprint: String { String(packed?.fingerprint ?? weights.fingerprint, radix: 16) }

    /// Two models' weights bit for bit.
    public func hasSameWeights(as other: TransformerModel) -> Bool {
        guard layout.count == other.layout.count, storage == other.storage else { return false }
        return packed == nil
            ? memcmp(weights.base, other.weights.base, 4 * layout.count) == 0
            : layout.entries.allSatisfy { values(of: $0) == other.values(of: $0) }
    }
}

extension RandomSource {
    /// A draw from the standard normal distribution (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * .pi * unit())
    }
}
