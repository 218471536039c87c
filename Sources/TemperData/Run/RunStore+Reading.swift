import Foundation
import GRDB
package import TemperCore

/// Sums over the finished episodes of a group.
package struct GroupTotals: Codable, Sendable, Hashable {
    package var group: String
    package var episodes: Int
    package var outcomes: [String: Int]
    package var turns: Int
    package var usage: TokenUsage
    /// US dollars.
    package var price: Double
    /// Time spent in policy and environment, summed over episodes that may have run side by side.
    package var seconds: Double
}

/// Sums over the calls of paid services, with those of episodes that were never finished.
package struct CallTotals: Codable, Sendable, Hashable {
    package var calls: Int
    package var cached: Int
    package var usage: TokenUsage
    /// US dollars.
    package var price: Double
}

extension RunStore {
    /// The finished episodes of a group, or of all groups, in order of (group, suite, task, method, attempt) whatever the
    /// order in which they ended.
    package func trajectories(group: String? = nil) throws -> [Trajectory] {
        try read { db in
            try Row.fetchAll(
                db, sql: "\(Self.finishedEpisodes) \(Self.order)", arguments: [group, group]
            ).compactMap { try self.episode(from: $0, db).trajectory }
        }
    }

    /// The keys of the finished episodes, in the same order.
    package func keys(group: String? = nil) throws -> [EpisodeKey] {
        try read { db in
            try Row.fetchAll(db, sql: "\(Self.finishedEpisodes) \(Self.order)", arguments: [group, group]).map(Self.key)
        }
    }

    package func finishedCount(group: String? = nil) throws -> Int {
        try read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(Self.finishedEpisodes))", arguments: [group, group]) ?? 0
        }
    }

    /// Sums per group, in order of group.
    package func totals() throws -> [GroupTotals] {
        try read { db in
            let outcomes = try Row.fetchAll(
                db,
                sql: """
                    SELECT grouping, outcome, count(*) AS number FROM episodes
                    WHERE discarded = 0 AND outcome IS NOT NULL GROUP BY grouping, outcome ORDER BY grouping, outcome
                    """)
            let sums = try Row.fetchAll(
                db,
                sql: """
                    SELECT grouping, count(DISTINCT episodes.id) AS episodes, count(turns.position) AS turns,
                        coalesce(sum(prompt_tokens), 0) AS prompt, coalesce(sum(completion_tokens), 0) AS completion,
                        coalesce(max(is_estimated), 0) AS estimated, total(price) AS price, total(seconds) AS seconds
                    FROM episodes LEFT JOIN turns ON turns.episode = episodes.id
                    WHERE discarded = 0 AND outcome IS NOT NULL GROUP BY grouping ORDER BY grouping
                    """)
            return try sums.map { row in
                let group: String = try row.decode(forColumn: "grouping")
                let own = try outcomes.filter { try $0.decode(String.self, forColumn: "grouping") == group }
                return GroupTotals(
                    group: group, episodes: try row.decode(forColumn: "episodes"),
                    outcomes: Dictionary(
                        try own.map { (try $0.decode(forColumn: "outcome"), try $0.decode(forColumn: "number")) }
                    ) { first, _ in first }, turns: try row.decode(forColumn: "turns"),
                    usage: TokenUsage(
                        promptTokens: try row.decode(forColumn: "prompt"),
                        completionTokens: try row.decode(forColumn: "completion"),
                        isEstimated: try row.decode(forColumn: "estimated")),
                    price: try row.decode(forColumn: "price"), seconds: try row.decode(forColumn: "seconds"))
            }
        }
    }

    /// What paid services were asked and cost in this run, in all.
    package func callTotals() throws -> CallTotals {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS calls, coalesce(sum(was_cached), 0) AS cached, coalesce(sum(prompt_tokens), 0) AS prompt,
                        coalesce(sum(completion_tokens), 0) AS completion, total(price) AS price FROM calls
                    """)
            guard let row else { return CallTotals(calls: 0, cached: 0, usage: TokenUsage(), price: 0) }
            return CallTotals(
                calls: try row.decode(forColumn: "calls"), cached: try row.decode(forColumn: "cached"),
                usage: TokenUsage(
                    promptTokens: try row.decode(forColumn: "prompt"), completionTokens: try row.decode(forColumn: "completion")),
                price: try row.decode(forColumn: "price"))
        }
    }

    /// How many attempts were given up because their turns led elsewhere on resuming.
    package func discardedCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM episodes WHERE discarded > 0") ?? 0 }
    }

    /// The finished episode a person means: its full key, the id of its task, or its 1-based position in the run or group.
    ///
    /// - Throws: ``TemperError`` with code `usage` that lists near ones when there is none, or several.
    package func trajectory(matching text: String, group: String? = nil) throws -> Trajectory {
        let keys = try keys(group: group)
        var found = keys.filter { $0.text == text }
        if found.isEmpty { found = keys.filter { $0.task == text } }
        if found.isEmpty, let position = Int(text), keys.indices.contains(position - 1) { found = [keys[position - 1]] }
        guard let key = found.first, found.count == 1 else {
            let near = found.isEmpty ? Self.near(text, keys) : found.prefix(5).map(\.text)
            let what =
                found.isEmpty ? "there is no episode '\(text)' among the \(keys.count)" : "'\(text)' is \(found.count) episodes"
            throw TemperError(
                .usage, what, hint: near.isEmpty ? nil : "such as: \(near.joined(separator: ", "))", place: url.path,
                boundary: .data)
        }
        return try read { db in
            let sql = "SELECT * FROM episodes WHERE \(Self.keyCondition)"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: Self.arguments(key)),
                let trajectory = try self.episode(from: row, db).trajectory
            else { throw TemperError(.data, "the episode \(key.text) is no longer stored", boundary: .data) }
            return trajectory
        }
    }

    private static let finishedEpisodes =
        "SELECT * FROM episodes WHERE discarded = 0 AND outcome IS NOT NULL AND (? IS NULL OR grouping = ?)"
    private static let order = "ORDER BY grouping, suite, task, method, attempt"

    /// Keys that contain the text, or else those spelt most like it (looked for among the first 2,000).
    private static func near(_ text: String, _ keys: [EpisodeKey]) -> [String] {
        let lowered = text.lowercased()
        let containing = keys.map(\.text).filter { $0.lowercased().contains(lowered) }
        if !containing.isEmpty { return Array(containing.prefix(5)) }
        let ranked = keys.prefix(2_000).map { (distance: EditDistance.between(text, $0.text), text: $0.text) }
        return ranked.sorted { $0 < $1 }.prefix(5).map(\.text)
    }

    private static func key(_ row: Row) throws -> EpisodeKey {
        let name: String = try row.decode(forColumn: "method")
        guard let method = Method(rawValue: name) else {
            throw TemperError(.data, "the store names a method '\(name)' that this Temper does not know", boundary: .data)
        }
        return EpisodeKey(
            group: try row.decode(forColumn: "grouping"), suite: try row.decode(forColumn: "suite"),
            task: try row.decode(forColumn: "task"), method: method, attempt: try row.decode(forColumn: "attempt"))
    }

    /// An episode with its turns; without a trajectory when it was not finished.
    func episode(from row: Row, _ db: Database) throws -> (trajectory: Trajectory?, turns: [Turn]) {
        let decoder = JSONDecoder()
        let id: Int64 = try row.decode(forColumn: "id")
        let key = try Self.key(row)
        let bodies = try Data.fetchAll(
            db.cachedStatement(sql: "SELECT body FROM turns WHERE episode = ? ORDER BY position"), arguments: [id])
        let turns = try bodies.map { try decoder.decode(Turn.self, from: $0) }
        guard let outcomeName = try row.decode(String?.self, forColumn: "outcome") else { return (nil, turns) }
        let taskBody = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT body FROM tasks WHERE suite = ? AND id = ?"), arguments: [key.suite, key.task])
        guard let outcome = Outcome(rawValue: outcomeName), let taskBody else {
            throw TemperError(.data, "the episode \(key.text) is stored without its task or outcome", boundary: .data)
        }
        let seed = try row.decode(Int64?.self, forColumn: "seed") ?? 0
        let score: Data? = try row.decode(forColumn: "score")
        let failure: Data? = try row.decode(forColumn: "failure")
        let trajectory = Trajectory(
            key: key, task: try decoder.decode(AgentTask.self, from: taskBody, configuration: formats),
            policy: try row.decode(String?.self, forColumn: "policy") ?? "",
            seed: UInt64(bitPattern: seed), opening: try row.decode(forColumn: "opening"), turns: turns, outcome: outcome,
            answer: try row.decode(forColumn: "answer"),
            score: try score.map { try decoder.decode(Score.self, from: $0) },
            failure: try failure.map { try decoder.decode(EpisodeFailure.self, from: $0) })
        return (trajectory, turns)
    }
}
