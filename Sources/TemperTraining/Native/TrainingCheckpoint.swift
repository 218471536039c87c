import Foundation
import TemperCore
import TemperTransformer

/// The progress of a training run, beside weights and moments.
struct TrainingCheckpoint: Codable {
    var step = 0
    /// The place of the next document.
    var position = 0
    var tokensSeen = 0
    var trainedTokens = 0
    var heldOutLossBefore: Double?
    /// Identifies plan, model shape and documents: a checkpoint serves only the run that wrote it.
    var fingerprint: String

    /// The checkpoint's file, in the folder of the model that is trained.
    static let fileName = "checkpoint.safetensors"

    private static let key = "run"

    /// Discards the progress of a training in a folder.
    static func discard(in folder: URL) throws {
        let file = folder.appendingPathComponent(fileName)
        for leftover in [file, AtomicFile.temporary(for: file)] where FileManager.default.fileExists(atPath: leftover.path) {
            try FileManager.default.removeItem(at: leftover)
        }
    }

    func save(_ engine: GradientEngine, _ optimiser: AdamW, to url: URL) throws {
        let text = String(decoding: try JSONEncoder.stable().encode(self), as: UTF8.self)
        try TrainingState.save(engine, optimiser, notes: [Self.key: text], to: url)
    }

    /// The way out of a checkpoint that cannot be used.
    private static let hint = "--restart-stage throws the checkpoint away and trains again"

    /// Fills what the engine trains and the optimiser; nil when there is no file.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file, what is wrong with it, and how to go on.
    static func load(
        _ url: URL, into engine: GradientEngine, _ optimiser: AdamW, fingerprint: String
    ) throws -> TrainingCheckpoint? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            return try read(url, into: engine, optimiser, fingerprint: fingerprint)
        } catch var error as TemperError {
            if error.code == .data { error.hint = hint }
            throw error
        }
    }

    private static func read(
        _ url: URL, into engine: GradientEngine, _ optimiser: AdamW, fingerprint: String
    ) throws -> TrainingCheckpoint {
        let notes = try TrainingState.load(url, into: engine, optimiser)
        guard let text = notes[key] else {
            throw TemperError(.data, "the checkpoint does not say how far its run has come", place: url.path, boundary: .engine)
        }
        let checkpoint: TrainingCheckpoint
        do {
            checkpoint = try JSONDecoder().decode(TrainingCheckpoint.self, from: Data(text.utf8))
        } catch {
            throw TemperError(
                .data, "the checkpoint's notes are damaged: \(TemperError.describe(error))", place: url.path, boundary: .engine,
                cause: error)
        }
        guard checkpoint.fingerprint == fingerprint else {
            throw TemperError(
                .data, "the checkpoint belongs to a run with another plan, model or dataset",
                place: url.path, boundary: .engine)
        }
        return checkpoint
    }
}
