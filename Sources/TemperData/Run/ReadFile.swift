package import Foundation
package import TemperCore

/// Reading with errors that name the file.
package enum ReadFile {
    /// - Throws: ``TemperError`` with code `data` when the file is missing or cannot be read.
    package static func data(_ url: URL) throws -> Data {
        do {
            return try Data(contentsOf: url)
        } catch {
            let isThere = FileManager.default.fileExists(atPath: url.path)
            throw TemperError(
                .data, isThere ? "the file cannot be read" : "there is no such file", place: url.path, boundary: .data,
                cause: error)
        }
    }

    static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try data(url)) }

    /// The file as JSON of a type.
    ///
    /// - Parameter expecting: what a file that a person wrote should hold; nil for one of Temper's own.
    /// - Throws: ``TemperError`` with code `data` that names the file.
    package static func json<Value: Decodable>(_ type: Value.Type, from url: URL, expecting: String? = nil) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: try data(url))
        } catch let error as TemperError {
            throw error
        } catch {
            throw TemperError(
                .data,
                "\(expecting.map { "no JSON with \($0)" } ?? "not what Temper writes here"): \(TemperError.describe(error))",
                place: url.path, boundary: .data, cause: error)
        }
    }
}

extension SHA256 {
    /// The digest of a file, in hexadecimal.
    ///
    /// - Throws: ``TemperError`` with code `data` when the file cannot be read.
    package static func hex(file: URL) throws -> String {
        hex(try ReadFile.bytes(file))
    }
}

extension AtomicFile {
    /// Writes bytes, making the folder if it does not exist.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when the disk is full or the folder cannot be written.
    package static func write(_ data: Data, to url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw TemperError(
                .unavailable, "the folder cannot be created: \(error.localizedDescription)",
                place: url.deletingLastPathComponent().path, boundary: .data, cause: error)
        }
        try write(to: url) { try $0.write(contentsOf: data) }
    }

    /// Writes JSON with sorted keys, so that the same value is the same file.
    package static func writeJSON(_ value: some Encodable, to url: URL) throws {
        let text: Data
        do {
            text = try JSONEncoder.stable(pretty: true).encode(value)
        } catch {
            throw TemperError(
                .internal, "a value cannot be written as JSON: \(TemperError.describe(error))", place: url.path, boundary: .data,
                cause: error)
        }
        try write(text + Data("\n".utf8), to: url)
    }
}
