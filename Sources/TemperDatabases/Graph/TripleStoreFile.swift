import Synchronization

/// A file of triples, read when the first episode needs it and shared by all.
package final class TripleStoreFile: Sendable {
    let path: String
    let prefix: String
    private let loaded = Mutex<TripleStore?>(nil)

    package init(path: String, prefix: String) {
        self.path = path
        self.prefix = prefix
    }

    /// - Throws: as ``TripleFile/read(_:prefix:use:)``.
    package func store() throws -> TripleStore {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let store = try TripleStore { use in try TripleFile.read(path, prefix: prefix, use: use) }
            loaded = store
            return store
        }
    }
}
