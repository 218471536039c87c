package import Foundation
import TemperCore

/// The folder of a run: the names of what it holds (design, section 5).
package struct RunFolder: Sendable, Hashable {
    package let url: URL

    /// Names a folder without touching the disk.
    package init(_ url: URL) {
        self.url = url
    }

    /// Creates the folder if it does not exist.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when that is not possible.
    package static func create(_ url: URL) throws -> RunFolder {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw TemperError(
                .unavailable, "the run folder cannot be created: \(error.localizedDescription)",
                hint: "choose another with --run", place: url.path, boundary: .data, cause: error)
        }
        return RunFolder(url)
    }

    /// A folder that a run has written before.
    ///
    /// - Throws: ``TemperError`` with code `data` when there is none.
    package static func existing(_ url: URL) throws -> RunFolder {
        let folder = RunFolder(url)
        let known = [folder.manifest, folder.store, folder.conversations]
        guard known.contains(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw TemperError(
                .data, "this is not a run folder: neither manifest.json nor store.sqlite nor conversations is in it",
                place: url.path,
                boundary: .data)
        }
        return folder
    }

    package var manifest: URL { url.appendingPathComponent("manifest.json") }
    package var store: URL { url.appendingPathComponent("store.sqlite") }
    package var dataset: URL { url.appendingPathComponent("dataset", isDirectory: true) }
    package var model: URL { url.appendingPathComponent("model", isDirectory: true) }
    /// The models of further training seeds, `models/SEED`.
    package var models: URL { url.appendingPathComponent("models", isDirectory: true) }
    /// What each further training seed led to, by the seed.
    package var seedModels: URL { models.appendingPathComponent("trained.json") }
    package var metrics: URL { url.appendingPathComponent("metrics.jsonl") }
    package var evaluation: URL { url.appendingPathComponent("evaluation.json") }
    /// The tasks of the evaluation, each with its hash.
    package var panels: URL { url.appendingPathComponent("panels.json") }
    package var report: URL { url.appendingPathComponent("report.html") }
    package var reportJSON: URL { url.appendingPathComponent("report.json") }

    /// Takes the folder for this process alone, until the lock is released or the process ends, however it ends.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when another run holds it.
    package func lock() throws -> RunLock { try RunLock(url.appendingPathComponent(".lock")) }
}

/// Holds a run folder. Freed when the value goes away or the process dies.
package final class RunLock: Sendable {
    private let descriptor: Int32

    init(_ url: URL) throws {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw TemperError(
                .unavailable, "the run folder cannot be locked: \(String(cString: strerror(errno)))", place: url.path,
                boundary: .data)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw TemperError(
                .unavailable, "the run is in use by another process",
                hint: "wait until it ends, or choose another folder with --run",
                place: url.deletingLastPathComponent().path, boundary: .data)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
