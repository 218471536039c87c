package import Foundation
package import TemperCore

/// Answers a query that was asked before without asking again: from memory and, where a folder is given, across runs.
///
/// Episodes that ask the same at the same time share one request. A failure is not remembered.
package actor CachedSearch: SearchBackend {
    package nonisolated let name: String
    package nonisolated let showsSnippets: Bool
    package nonisolated let otherResults: [SearchPage]
    private let base: any SearchBackend
    private let folder: URL?
    private var asked: [String: Task<SearchPage?, any Error>] = [:]

    /// One stored reply.
    private struct Record: Codable {
        var backend: String
        var query: String
        /// Absent when nothing was found.
        var result: SearchPage?
    }

    /// - Parameter folder: created when missing; nil keeps replies in memory only.
    /// - Throws: ``TemperError`` with code `unavailable` when the folder cannot be made.
    package init(_ base: any SearchBackend, folder: URL? = nil) throws {
        self.base = base
        self.folder = folder
        name = base.name
        showsSnippets = base.showsSnippets
        otherResults = base.otherResults
        guard let folder else { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw TemperError(
                .unavailable, "the folder of recorded searches cannot be made: \(error.localizedDescription)", place: folder.path,
                boundary: .environment, cause: error)
        }
    }

    private init(_ base: any SearchBackend, madeFolder: URL?) {
        self.base = base
        folder = madeFolder
        name = base.name
        showsSnippets = base.showsSnippets
        otherResults = base.otherResults
    }

    /// The stored replies are shared, those in memory are not.
    package nonisolated func reaching(_ access: WorldAccess) -> any SearchBackend {
        CachedSearch(base.reaching(access), madeFolder: folder)
    }

    package func search(_ query: String) async throws -> SearchPage? {
        if let task = asked[query] { return try await task.value }
        let task = Task { try await answer(query) }
        asked[query] = task
        do {
            return try await task.value
        } catch {
            asked[query] = nil
            throw error
        }
    }

    private func answer(_ query: String) async throws -> SearchPage? {
        let file = folder?.appendingPathComponent(Self.fileName(name, query))
        if let file, let stored = try stored(file), stored.backend == name, stored.query == query { return stored.result }
        let result = try await base.search(query)
        if let file {
            let record = try JSONEncoder.stable(pretty: true).encode(Record(backend: name, query: query, result: result))
            try AtomicFile.write(to: file) { try $0.write(contentsOf: record) }
        }
        return result
    }

    private func stored(_ file: URL) throws -> Record? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            return try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
        } catch {
            throw TemperError(
                .data, "the recorded search cannot be read: \(TemperError.describe(error))", hint: "delete the file",
                place: file.path, boundary: .environment, cause: error)
        }
    }

    /// Two hashes of what was asked; the record itself says whether it is the one.
    static func fileName(_ backend: String, _ query: String) -> String {
        [backend + "\u{0}" + query, query + "\u{0}" + backend].map { StableHash.fnv1a($0).padded(16, radix: 16) }.joined()
            + ".json"
    }
}
