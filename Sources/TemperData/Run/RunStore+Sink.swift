import Foundation
import GRDB
import Synchronization
package import TemperCore

extension RunStore: EpisodeSink {
    package func stored(_ key: EpisodeKey) async throws -> StoredEpisode? {
        try read { db in
            let sql = "SELECT * FROM episodes WHERE \(Self.keyCondition)"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: Self.arguments(key)) else { return nil }
            let episode = try self.episode(from: row, db)
            if let trajectory = episode.trajectory { return .finished(trajectory) }
            return episode.turns.isEmpty ? nil : .partial(episode.turns)
        }
    }

    package func turnFinished(_ turn: Turn, of key: EpisodeKey) async throws {
        let record = try TurnRecord(turn)
        try await write { db in
            try record.insert(episode: try self.row(of: key, db), db)
        }
    }

    package func discardPartial(_ key: EpisodeKey, reason: String) async throws {
        openEpisodes.withLock { $0[key] = nil }
        try await write { db in
            let next = """
                SELECT max(discarded) + 1 FROM episodes
                WHERE grouping = ? AND suite = ? AND task = ? AND method = ? AND attempt = ?
                """
            guard let number = try Int.fetchOne(db, sql: next, arguments: Self.arguments(key)) else { return }
            try db.execute(
                sql: "UPDATE episodes SET discarded = ?, discard_reason = ? WHERE \(Self.keyCondition)",
                arguments: [number, reason] + Self.arguments(key))
        }
        openEpisodes.withLock { $0[key] = nil }
    }

    package func episodeFinished(_ trajectory: Trajectory) async throws {
        try await importEpisodes([trajectory])
    }

    /// Writes finished episodes in one transaction: all of them or none. An episode that is stored already is replaced.
    package func importEpisodes(_ trajectories: [Trajectory]) async throws {
        let records = try trajectories.map(EpisodeRecord.init)
        try await write { db in
            for record in records { try record.insert(row: try self.row(of: record.key, db), db) }
        }
        openEpisodes.withLock { open in
            for trajectory in trajectories { open[trajectory.key] = nil }
        }
    }

    /// The row of the episode that counts, made if it does not exist.
    private func row(of key: EpisodeKey, _ db: Database) throws -> Int64 {
        if let row = openEpisodes.withLock({ $0[key] }) { return row }
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO episodes (grouping, suite, task, method, attempt) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: Self.arguments(key))
        let found = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM episodes WHERE \(Self.keyCondition)"), arguments: Self.arguments(key))
        guard let row = found else { throw TemperError(.internal, "an episode was not stored", boundary: .data) }
        openEpisodes.withLock { $0[key] = row }
        return row
    }

    static let keyCondition = "grouping = ? AND suite = ? AND task = ? AND method = ? AND attempt = ? AND discarded = 0"

    static func arguments(_ key: EpisodeKey) -> StatementArguments {
        [key.group, key.suite, key.task, key.method.rawValue, key.attempt]
    }
}

/// A finished episode as the values of its rows, encoded before the writer is asked.
private struct EpisodeRecord: Sendable {
    let key: EpisodeKey
    let task: StatementArguments
    let episode: StatementArguments
    let turns: [TurnRecord]

    init(_ trajectory: Trajectory) throws {
        let encoder = JSONEncoder.stable()
        key = trajectory.key
        task = [trajectory.key.suite, trajectory.key.task, try encoder.encode(trajectory.task)]
        episode = [
            trajectory.policy, Int64(bitPattern: trajectory.seed), trajectory.opening, trajectory.outcome.rawValue,
            trajectory.answer, try trajectory.score.map { try encoder.encode($0) },
            try trajectory.failure.map { try encoder.encode($0) },
        ]
        turns = try trajectory.turns.map(TurnRecord.init)
    }

    func insert(row: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO tasks (suite, id, body) VALUES (?, ?, ?)").execute(arguments: task)
        try db.cachedStatement(
            sql: """
                UPDATE episodes SET policy = ?, seed = ?, opening = ?, outcome = ?, answer = ?, score = ?, failure = ?
                WHERE id = ?
                """
        ).execute(arguments: episode + [row])
        // The trajectory is the truth: turns of an earlier, longer try at the same episode must not stay behind.
        try db.cachedStatement(sql: "DELETE FROM turns WHERE episode = ?").execute(arguments: [row])
        for turn in turns { try turn.insert(episode: row, db) }
    }
}

/// A turn as the values of its row.
private struct TurnRecord: Sendable {
    let values: StatementArguments

    init(_ turn: Turn) throws {
        values = [
            turn.index, turn.usage.promptTokens, turn.usage.completionTokens, turn.usage.isEstimated, turn.price, turn.seconds,
            try JSONEncoder.stable().encode(turn),
        ]
    }

    func insert(episode: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO turns
                    (position, prompt_tokens, completion_tokens, is_estimated, price, seconds, body, episode)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: values + [episode])
    }
}
