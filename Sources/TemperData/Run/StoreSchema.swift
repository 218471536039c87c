import GRDB
import TemperCore

/// The tables of `store.sqlite` and how an older file is brought up to date.
enum StoreSchema {
    /// `Tmpr`: says that a SQLite file is a store of Temper.
    static let applicationID: Int32 = 0x546D_7072

    /// One entry per version; never change one that was released, append instead.
    static let migrations: [String] = [
        """
        CREATE TABLE tasks (
            suite TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (suite, id)
        ) WITHOUT ROWID;
        CREATE TABLE episodes (
            id INTEGER PRIMARY KEY,
            grouping TEXT NOT NULL, suite TEXT NOT NULL, task TEXT NOT NULL, method TEXT NOT NULL, attempt INTEGER NOT NULL,
            discarded INTEGER NOT NULL DEFAULT 0, -- 0: counts; n: the n-th attempt that was given up
            discard_reason TEXT,
            policy TEXT, seed INTEGER, opening TEXT,
            outcome TEXT, -- null until the episode is finished
            answer TEXT, score BLOB, failure BLOB,
            UNIQUE (grouping, suite, task, method, attempt, discarded)
        );
        CREATE TABLE turns (
            episode INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, is_estimated INTEGER NOT NULL,
            price REAL NOT NULL, seconds REAL NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (episode, position)
        ) WITHOUT ROWID;
        CREATE TABLE completions (key TEXT PRIMARY KEY, model TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY, completion TEXT NOT NULL, model TEXT NOT NULL,
            prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, price REAL NOT NULL,
            was_cached INTEGER NOT NULL, time TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        );
        """
    ]

    /// Brings an empty or older file to the current version.
    ///
    /// - Throws: ``TemperError`` with code `data` for a database of something else or of a newer Temper.
    static func prepare(_ db: Database, place: String) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == applicationID || (application == 0 && tables == 0) else {
            throw TemperError(.data, "the file is a database, but not a store of Temper", place: place, boundary: .data)
        }
        guard (0...migrations.count).contains(version) else {
            throw TemperError(
                .data, "the store has version \(version); this Temper reads up to version \(migrations.count)",
                hint: "use a newer Temper", place: place, boundary: .data)
        }
        guard version < migrations.count else { return }
        for migration in migrations[version...] { try db.execute(sql: migration) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(migrations.count)")
    }
}
