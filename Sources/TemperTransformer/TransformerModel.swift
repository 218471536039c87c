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
    let layout: WeightLayout
    let weights: Memory

    private init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        layout = WeightLayout(configuration)
        weights = Memory(floats: layout.count)
    }

    /// Random weights: normal with deviation 0.02, projections into the residual stream scaled by 1/√(2·layers) (GPT-2,
    /// Radford et al. 2019), norms 1, biases 0. Each tensor draws from a generator of its own.
    public convenience init(configuration: ModelConfiguration, seed: UInt64) {
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
    /// - Throws: ``TemperError`` that names the file, and the tensor when one is missing, misshapen or not finite.
    public convenience init(folder: URL) throws {
        let configuration = try ModelConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        // Names and shapes are compared before memory is taken, so that a damaged configuration is an error and not an exhausted
        // machine.
        let files = try ModelFolder(folder, configuration)
        self.init(configuration)
        for entry in layout.entries { try read(entry, from: files.file(of: entry.name)) }
    }

    private func read(_ entry: WeightLayout.Entry, from file: SafetensorsFile) throws {
        let target = weights.floats + entry.offset
        try file.readFloats(entry.name, shape: entry.shape, into: target)
        guard temper_all_finite(target, Int64(entry.count)) == 1 else {
            throw TemperError(
                .data, "tensor '\(entry.name)' holds values that are not finite", place: file.place, boundary: .data)
        }
    }

    /// Writes a Hugging Face folder's `config.json` and `model.safetensors`, or shards with their index when the weights are
    /// larger than one file may be; each file appears whole or not at all.
    ///
    /// - Parameter maximumFileBytes: of one file of weights; a tensor that is larger still gets a file of its own.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk refuses, `internal` for weights that are not finite.
    public func save(folder: URL, precision: StoredPrecision = .fp32, maximumFileBytes: Int = 5_000_000_000) throws {
        for entry in layout.entries where temper_all_finite(weights.floats + entry.offset, Int64(entry.count)) == 0 {
            throw TemperError(
                .internal, "tensor '\(entry.name)' holds values that are not finite; the model is not saved", place: folder.path,
                boundary: .engine)
        }
        let type: SafetensorsFile.ElementType = precision == .fp32 ? .float32 : .bfloat16
        let offsets = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0.offset) })
        let tensors = layout.entries.map { SafetensorsFile.Tensor(name: $0.name, type: type, shape: $0.shape) }
        try ModelFolder.write(tensors, maximumFileBytes: maximumFileBytes, to: folder) { tensor in
            let source = weights.floats + (offsets[tensor.name] ?? 0)
            guard precision == .bf16 else { return Data(bytes: source, count: tensor.byteCount) }
            var rounded = [UInt16](repeating: 0, count: tensor.elementCount)
            temper_to_bfloat16(source, &rounded, Int64(tensor.elementCount))
            return rounded.withUnsafeBytes { Data($0) }
        }
        let text = try configuration.text(storedAs: precision == .fp32 ? "float32" : "bfloat16")
        try AtomicFile.write(to: folder.appendingPathComponent("config.json")) { try $0.write(contentsOf: text) }
    }

    /// Trainable numbers.
    public var parameterCount: Int { layout.entries.reduce(0) { $0 + $1.count } }

    /// Names and shapes in the order of the arena.
    public var tensors: [(name: String, shape: [Int])] { layout.entries.map { ($0.name, $0.shape) } }

    /// A copy of one tensor, row-major; nil when there is none of that name.
    public func weights(of name: String) -> [Float]? {
        layout.entry(name).map { Array(UnsafeBufferPointer(start: weights.floats + $0.offset, count: $0.count)) }
    }

    /// Replaces one tensor's values; engines made before must be told (``GradientEngine/weightsChanged()``).
    public func setWeights(_ values: [Float], of name: String) {
        guard let entry = layout.entry(name) else { preconditionFailure("there is no tensor '\(name)'") }
        precondition(values.count == entry.count, "tensor '\(name)' has \(entry.count) values, not \(values.count)")
        values.withUnsafeBufferPointer { source in
            for index in 0..<entry.count { weights.floats[entry.offset + index] = source[index] }
        }
    }

    /// A hash of all weights: the same weights in the same shape give the same text in every process.
    public var fingerprint: String { String(weights.fingerprint, radix: 16) }

    /// Two models' weights bit for bit.
    public func hasSameWeights(as other: TransformerModel) -> Bool {
        layout.count == other.layout.count && memcmp(weights.base, other.weights.base, 4 * layout.count) == 0
    }
}

extension RandomSource {
    /// A draw from the standard normal distribution (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * .pi * unit())
    }
}
