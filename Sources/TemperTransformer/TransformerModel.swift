import CTemperKernels
package import Foundation
package import TemperCore

/// A decoder's shape and its fp32 weights.
///
/// It is not `Sendable`: the training loop or the sampling engine that holds it is its owner.
package final class TransformerModel {
    /// How weights are stored in a folder.
    package enum StoredPrecision: String, Codable, Sendable, Hashable, CaseIterable {
        case fp32, bf16
    }

    package let configuration: ModelConfiguration
    package let storage: WeightStorage
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
    /// Radford et al. 2019), norms 1, biases 0. Each tensor draws from a generator of its own.
    package convenience init(configuration: ModelConfiguration, seed: UInt64) {
        self.init(configuration)
        for entry in layout.entries {
            let target = weights.floats + entry.offset
            guard entry.kind == .matrix else {
                target.update(repeating: entry.isNorm ? 1 : 0, count: entry.count)
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
    package convenience init(folder: URL, storage: WeightStorage = .fp32) throws {
        let configuration = try ModelConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        // Names and shapes are compared before memory is taken, so that a damaged configuration is an error and not an exhausted
        // machine.
        let files = try ModelFolder(folder, configuration)
        self.init(configuration, storage)
        for entry in layout.entries { try read(entry, from: files.file(of: entry.name)) }
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
    package func frozen(as storage: WeightStorage) -> TransformerModel {
        let copy = TransformerModel(configuration, storage)
        for entry in layout.entries { copy.setWeights(values(of: entry), of: entry) }
        return copy
    }

    /// Writes a Hugging Face folder's `config.json` and `model.safetensors`, or shards with their index when the weights are
    /// larger than one file may be; each file appears whole or not at all.
    ///
    /// - Parameter maximumFileBytes: the size of one file of weights; a tensor that is larger still gets a file of its own.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk refuses, `internal` for weights that are not finite.
    package func save(folder: URL, precision: StoredPrecision = .fp32, maximumFileBytes: Int = 5_000_000_000) throws {
        for entry in layout.entries where temper_all_finite(values(of: entry), Int64(entry.count)) == 0 {
            throw TemperError(
                .internal, "tensor '\(entry.name)' holds values that are not finite; the model is not saved", place: folder.path,
                boundary: .engine)
        }
        let type: SafetensorsFile.ElementType = precision == .fp32 ? .float32 : .bfloat16
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
        let tensors = layout.entries.map { SafetensorsFile.Tensor(name: $0.name, type: type, shape: $0.shape) }
        try ModelFolder.write(tensors, maximumFileBytes: maximumFileBytes, to: folder) { tensor in
            guard let entry = entries[tensor.name] else { return Data() }
            let source = values(of: entry)
            guard precision == .bf16 else { return source.withUnsafeBytes { Data($0) } }
            var rounded = [UInt16](repeating: 0, count: tensor.elementCount)
            temper_to_bfloat16(source, &rounded, Int64(tensor.elementCount))
            return rounded.withUnsafeBytes { Data($0) }
        }
        let text = try configuration.text(storedAs: precision == .fp32 ? "float32" : "bfloat16")
        try AtomicFile.write(to: folder.appendingPathComponent("config.json")) { try $0.write(contentsOf: text) }
    }

    /// Trainable numbers.
    package var parameterCount: Int { layout.entries.reduce(0) { $0 + $1.count } }

    /// Names and shapes in the order of the arena.
    package var tensors: [(name: String, shape: [Int])] { layout.entries.map { ($0.name, $0.shape) } }

    /// A copy of one tensor, row-major; nil when there is none of that name.
    package func weights(of name: String) -> [Float]? { layout.entry(name).map(values) }

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
    package func setWeights(_ values: [Float], of name: String) {
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
    package var byteCount: Int { packed?.byteCount ?? weights.byteCount }

    /// A hash of all weights: the same weights in the same shape give the same text in every process.
    package var fingerprint: String { String(packed?.fingerprint ?? weights.fingerprint, radix: 16) }

    /// Two models' weights bit for bit.
    package func hasSameWeights(as other: TransformerModel) -> Bool {
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
