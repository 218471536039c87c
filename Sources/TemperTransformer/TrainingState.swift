package import Foundation
import TemperCore

/// What a training run needs to go on exactly where it stopped: what trains, optimiser moments and the caller's own notes.
///
/// One safetensors file: the tensors of the model, or of the adapter that trains beside it, under their names, moments under `moment1.NAME` and `moment2.NAME`, notes and
/// the step count in the metadata.
package enum TrainingState {
    private static let stepKey = "optimiser_step"
    private static let hashKey = "content_hash"

    private static func parts(_ trained: TrainedWeights, _ optimiser: AdamW) -> [(prefix: String, memory: Memory)] {
        [("", trained.weights), ("moment1.", optimiser.moment1), ("moment2.", optimiser.moment2)]
    }

    private static func hash(_ trained: TrainedWeights, _ optimiser: AdamW) -> String {
        parts(trained, optimiser).map { String($0.memory.fingerprint, radix: 16) }.joined(separator: " ")
    }

    /// Writes the file whole or not at all.
    package static func save(_ engine: GradientEngine, _ optimiser: AdamW, notes: [String: String], to url: URL) throws {
        let trained = engine.trained
        var places: [String: UnsafeMutablePointer<Float>] = [:]
        var tensors: [SafetensorsFile.Tensor] = []
        for (prefix, memory) in parts(trained, optimiser) {
            for entry in trained.entries {
                tensors.append(SafetensorsFile.Tensor(name: prefix + entry.name, type: .float32, shape: entry.shape))
                places[prefix + entry.name] = memory.floats + entry.offset
            }
        }
        var metadata = notes
        metadata[stepKey] = String(optimiser.step)
        metadata[hashKey] = hash(trained, optimiser)
        try SafetensorsFile.write(tensors, metadata: metadata, to: url) { tensor in
            guard let place = places[tensor.name] else { return Data() }
            return Data(bytes: place, count: tensor.byteCount)
        }
    }

    /// Fills what the engine trains and the optimiser from a file.
    ///
    /// - Returns: the notes.
    /// - Throws: ``TemperError`` that names the file and what is wrong with it.
    package static func load(_ url: URL, into engine: GradientEngine, _ optimiser: AdamW) throws -> [String: String] {
        let trained = engine.trained
        let file = try SafetensorsFile(contentsOf: url)
        guard let step = file.metadata[stepKey].flatMap({ Int($0) }) else {
            throw TemperError(.data, "the checkpoint states no step", place: url.path, boundary: .engine)
        }
        for (prefix, memory) in parts(trained, optimiser) {
            for entry in trained.entries {
                try file.readFloats(prefix + entry.name, shape: entry.shape, into: memory.floats + entry.offset)
            }
        }
        guard file.metadata[hashKey] == hash(trained, optimiser) else {
            throw TemperError(
                .data, "the checkpoint's numbers are not those that were written",
                place: url.path, boundary: .engine)
        }
        optimiser.step = step
        engine.weightsChanged()
        return file.metadata
    }
}
