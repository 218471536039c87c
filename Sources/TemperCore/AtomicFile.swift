package import Foundation

/// Files that appear whole or not at all.
package enum AtomicFile {
    /// Where a file is written before it is renamed; a killed process may leave it behind.
    package static func temporary(for url: URL) -> URL { url.appendingPathExtension("partial") }

    /// Lets `body` write a file beside `url`, flushes it to the disk and renames it.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` naming the file when the disk refuses; nothing half-written stays.
    package static func write(to url: URL, _ body: (FileHandle) throws -> Void) throws {
        let temporary = temporary(for: url)
        do {
            guard FileManager.default.createFile(atPath: temporary.path, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
            let handle = try FileHandle(forWritingTo: temporary)
            do {
                try body(handle)
                try handle.synchronize()
                try handle.close()
            } catch {
                try handle.close()
                throw error
            }
            guard rename(temporary.path, url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            _ = unlink(temporary.path)
            if let error = error as? TemperError { throw error }
            throw TemperError(
                .unavailable, "the file cannot be written: \(error.localizedDescription)", hint: "is the disk full?",
                place: url.path, boundary: .data, cause: error)
        }
    }
}
