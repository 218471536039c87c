public import Foundation
import TemperCore

/// What a training run needs to go on exactly where it stopped: weights, optimiser moments and the caller's own notes.
///
/// One safetensors file: the model's tensors under their names, moments under `moment1.NAME` and `moment2.NAME`, notes and
/// the step count in the metadata.
public enum TrainingState {
    private static let stepKey = "optimiser_step"
    private static let hashKey = "content_hash"

    private static func parts(_ model: TransformerModel, _ optimiser: AdamW) -> [(prefix: String, memory: Memory)] {
        [("", model.weights), ("moment1.", optimiser.moment1), ("moment2.", optimiser.moment2)]
    }

    private static func hash(_ model: TransformerModel, _ optimiser: AdamW) -> String {
        parts(model, optimiser).map { String($0.memory.fingerprint, radix: 16) }.joined(separator: " ")
    }

    /// Writes the file whole or not at all.
    public static func save(_ model: TransformerModel, _ optimiser: AdamW, notes: [String: String], to url: URL) throws {
        var places: [String: UnsafeMutablePointer<Float>] = [:]
        var tensors: [SafetensorsFile.Tensor] = []
        for (prefix, memory) in parts(model, optimiser) {
            for entry in model.layout.entries {
                tensors.append(SafetensorsFile.Tensor(name: prefix + entry.name, type: .float32, shape: entry.shape))
                places[prefix + entry.name] = memory.floats + entry.offset
            }
        }
        var metadata = notes
        metadata[stepKey] = String(optimiser.step)
        metadata[hashKey] = hash(model, optimiser)
        try SafetensorsFile.write(tensors, metadata: metadata, to: url) { tensor in
            guard let place = places[tensor.name] else { return Data() }
            return Data(bytes: place, count: tensor.byteCount)
        }
    }

    /// Fills model and optimiser from a file.
    ///
    /// - Returns: the notes.
    /// - Throws: ``TemperError`` that names the file and what is wrong with it.
    public static func load(_ url: URL, into model: TransformerModel, _ optimiser: AdamW) throws -> [String: String] {
        let file = try SafetensorsFile(contentsOf: url)
        guard let step = file.metadata[stepKey].flatMap({ Int($0) }) else {
            throw TemperError(.data, "the checkpoint states no step", place: url.path, boundary: .engine)
        }
        for (prefix, memory) in parts(model, optimiser) {
            for entry in model.layout.entries {
                try file.readFloats(prefix + entry.name, shape: entry.shape, into: memory.floats + entry.offset)
            }
        }
        guard file.metadata[hashKey] == hash(model, optimiser) else {
            throw TemperError(
                .data, "the checkpoint's numbers are not those that were written", hint: "remove the file to train anew",
                place: url.path, boundary: .engine)
        }
        optimiser.step = step
        return file.metadata
    }
}
