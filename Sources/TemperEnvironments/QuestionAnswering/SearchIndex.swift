import CSQLite
import Foundation
import Synchronization
import TemperCore

/// Full-text search over pages: SQLite FTS5 in memory, ranked by BM25 with titles weighted ten times.
///
/// A query that is a title, letter case and punctuation aside, finds that page first. Any text is a valid query: its words are
/// quoted and joined by OR. Words are stemmed (Porter) and stripped of diacritics. Safe to share between episodes.
package final class SearchIndex: SearchBackend {
    package let pages: [SearchPage]
    package let name: String
    package let showsSnippets: Bool
    package var otherResults: [SearchPage] { pages }
    private let exact: [String: Int]
    private let connection: Mutex<Connection>

    /// Indexes pages; of two with one title the first wins.
    ///
    /// - Throws: ``TemperError`` with code `internal` when SQLite refuses (built without FTS5, out of memory).
    package init(_ pages: [SearchPage], name: String = "local", showsSnippets: Bool = false) throws {
        self.pages = pages
        self.name = name
        self.showsSnippets = showsSnippets
        exact = Dictionary(
            pages.enumerated().map { (Self.words($0.element.title).joined(separator: " "), $0.offset) },
            uniquingKeysWith: { first, _ in first })
        connection = Mutex(try Connection(pages))
    }

    /// The best page, or nil when no page holds any word of the query.
    ///
    /// - Throws: ``TemperError`` with boundary `environment` when SQLite fails.
    package func search(_ query: String) throws -> SearchPage? {
        let words = Self.words(query)
        guard !words.isEmpty else { return nil }
        if let index = exact[words.joined(separator: " ")] { return pages[index] }
        var seen: Set<String> = []
        let distinct = words.filter { seen.insert($0).inserted }.prefix(Self.maximumWords)
        let match = distinct.map { "\"\($0)\"" }.joined(separator: " OR ")
        return try connection.withLock { try $0.best(match) }.map { pages[$0] }
    }

    /// More words than any sensible query holds; keeps a hostile one cheap.
    private static let maximumWords = 64

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// One database, used under the lock only.
    private final class Connection {
        private var database: OpaquePointer?
        private var query: OpaquePointer?

        init(_ pages: [SearchPage]) throws {
            try check(sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil), "open")
            try run("CREATE VIRTUAL TABLE page USING fts5(title, body, tokenize = 'porter unicode61 remove_diacritics 2')")
            try run("BEGIN")
            var insert: OpaquePointer?
            let insertion = "INSERT INTO page(rowid, title, body) VALUES (?, ?, ?)"
            try check(sqlite3_prepare_v2(database, insertion, -1, &insert, nil), "prepare")
            defer { sqlite3_finalize(insert) }
            for (index, page) in pages.enumerated() {
                sqlite3_bind_int64(insert, 1, Int64(index))
                bind(page.title, to: insert, at: 2)
                bind(page.text, to: insert, at: 3)
                guard sqlite3_step(insert) == SQLITE_DONE else { throw failure("insert") }
                sqlite3_reset(insert)
            }
            try run("COMMIT")
            let selection = "SELECT rowid FROM page WHERE page MATCH ? ORDER BY bm25(page, 10.0, 1.0), title LIMIT 1"
            try check(sqlite3_prepare_v2(database, selection, -1, &query, nil), "prepare")
        }

        deinit {
            sqlite3_finalize(query)
            sqlite3_close_v2(database)
        }

        func best(_ match: String) throws -> Int? {
            defer { sqlite3_reset(query) }
            bind(match, to: query, at: 1)
            switch sqlite3_step(query) {
            case SQLITE_ROW: return Int(sqlite3_column_int64(query, 0))
            case SQLITE_DONE: return nil
            default: throw failure("search")
            }
        }

        private func bind(_ text: String, to statement: OpaquePointer?, at index: Int32) {
            // SQLITE_TRANSIENT, a macro Swift does not import: SQLite copies the text.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            sqlite3_bind_text(statement, index, text, -1, copies)
        }

        private func run(_ statement: String) throws {
            try check(sqlite3_exec(database, statement, nil, nil, nil), statement)
        }

        private func check(_ code: Int32, _ what: String) throws {
            if code != SQLITE_OK { throw failure(what) }
        }

        private func failure(_ what: String) -> TemperError {
            let reason = database.map { String(cString: sqlite3_errmsg($0)) } ?? "no database"
            return TemperError(.internal, "the search index failed (\(what)): \(reason)", boundary: .environment)
        }
    }
}
