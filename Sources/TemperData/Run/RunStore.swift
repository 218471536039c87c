package import Foundation
import GRDB
import Synchronization
package import TemperCore

/// The record of a run in SQLite: tasks, episodes, turns, policy calls and the replies of paid services.
///
/// Every finished turn is one transaction. The journal is a write-ahead log with `synchronous = NORMAL`: what was
/// committed survives the end of the process; the last commits may be lost when the machine itself loses power.
package final class RunStore: Sendable {
    package let url: URL
    let pool: DatabasePool
    /// The words that stored tasks may be written in, beside ReAct's.
    let formats: [TurnFormat]
    /// Row of each episode that is being written, so that a turn is one statement.
    let openEpisodes = Mutex<[EpisodeKey: Int64]>([:])

    /// Opens the store, or creates it.
    ///
    /// - Parameter formats: the words that its tasks may be written in, beside ReAct's: those of the known suites.
    /// - Throws: ``TemperError`` with code `data` that names the file when it is damaged or of another version,
    ///   `unavailable` when it cannot be opened or the disk is full.
    package convenience init(_ url: URL, formats: [TurnFormat]) throws {
        try self.init(url, formats: formats, maximumPages: nil)
    }

    /// - Parameter maximumPages: the size in pages at which the store counts as full; a test of full disks sets it.
    init(_ url: URL, formats: [TurnFormat], maximumPages: Int?) throws {
        self.url = url
        self.formats = formats
        var configuration = Configuration()
        configuration.label = "temper-store"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            if let maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Self.refuseEmptied(url)
            try Self.create(url)
            pool = try DatabasePool(path: url.path, configuration: configuration)
            try pool.write { try StoreSchema.prepare($0, place: url.path) }
        } catch {
            throw Self.translated(error, url)
        }
    }

    /// A new store appears whole, so that whatever ends the process in its first moment leaves no empty file behind.
    private static func create(_ url: URL) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: url.path) else { return }
        let partial = url.appendingPathExtension("\(ProcessInfo.processInfo.processIdentifier).\(UUID().uuidString).partial")
        defer { try? files.removeItem(at: partial) }
        let queue = try DatabaseQueue(path: partial.path)
        try queue.write { try StoreSchema.prepare($0, place: url.path) }
        try queue.close()
        do {
            try files.moveItem(at: partial, to: url)
        } catch  where files.fileExists(atPath: url.path) {
            // Another process was first; its store is as good.
            return
        }
    }

    /// SQLite takes an empty file for a new database: a store that lost its contents would pass for a run without episodes.
    private static func refuseEmptied(_ url: URL) throws {
        func size(_ path: String) -> Int64? {
            var status = stat()
            return stat(path, &status) == 0 ? Int64(status.st_size) : nil
        }
        // What a killed process had not yet moved out of the log is read from there.
        guard size(url.path) == 0, (size(url.path + "-wal") ?? 0) == 0 else { return }
        throw TemperError(
            .data, "the store is damaged: the file is empty", hint: "restore the file, or remove it to start over",
            place: url.path, boundary: .data)
    }

    /// - Throws: ``TemperError`` with code `data` when SQLite finds pages, rows or indexes that do not fit together.
    package func requireIntact() throws {
        let findings = try read { try String.fetchAll($0, sql: "PRAGMA quick_check(3)") }
        guard findings != ["ok"] else { return }
        throw TemperError(
            .data, "the store is damaged: \(findings.joined(separator: "; "))",
            hint: "restore the file, or start over with --run", place: url.path, boundary: .data)
    }

    /// Closes the file; later calls throw.
    package func close() throws {
        do { try pool.close() } catch { throw Self.translated(error, url) }
    }

    func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
        do { return try pool.read(body) } catch { throw Self.translated(error, url) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch { throw Self.translated(error, url) }
    }

    /// An error of SQLite in words that name the file.
    static func translated(_ error: any Error, _ url: URL) -> any Error {
        if error is CancellationError { return error }
        if var error = error as? TemperError {
            error.place = error.place ?? url.path
            return error
        }
        func failure(_ code: TemperError.Code, _ message: String, hint: String? = nil) -> TemperError {
            TemperError(code, message, hint: hint, place: url.path, boundary: .data, cause: error)
        }
        guard let error = error as? DatabaseError else {
            if error is DecodingError || error is RowDecodingError {
                return failure(.data, "the store is damaged: \(TemperError.describe(error))")
            }
            return failure(.unavailable, "the store cannot be used: \(error.localizedDescription)")
        }
        let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_SCHEMA, .SQLITE_ERROR:
            return failure(.data, "the store is damaged: \(detail)", hint: "restore the file, or start over with --run")
        case .SQLITE_FULL:
            return failure(.unavailable, "the disk is full; what was stored before is safe", hint: "free space and run again")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return failure(.unavailable, "the store is in use by another process")
        default:
            return failure(.unavailable, "the store cannot be used: \(detail)")
        }
    }
}
