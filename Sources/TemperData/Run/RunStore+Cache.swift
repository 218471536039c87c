import Foundation
import GRDB
package import TemperCore

extension RunStore: CompletionCache {
    package func cachedCompletion(model: String, body: [UInt8]) async throws -> Completion? {
        let key = Self.cacheKey(model: model, body: body)
        let found = try read { db in
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT body FROM completions WHERE key = ?"), arguments: [key])
        }
        guard let found else { return nil }
        var completion: Completion
        do {
            completion = try JSONDecoder().decode(Completion.self, from: found)
        } catch {
            throw Self.translated(error, url)
        }
        completion.price = 0
        completion.wasCached = true
        let answered = completion
        try await write { db in try Self.record(answered, key: key, model: model, db) }
        return answered
    }

    package func store(_ completion: Completion, model: String, body: [UInt8]) async throws {
        let key = Self.cacheKey(model: model, body: body)
        let data = try JSONEncoder.stable().encode(completion)
        try await write { db in
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO completions (key, model, body) VALUES (?, ?, ?)").execute(
                arguments: [key, model, data])
            try Self.record(completion, key: key, model: model, db)
        }
    }

    /// SHA-256 of the model's name, a zero byte and the exact body.
    static func cacheKey(model: String, body: [UInt8]) -> String { SHA256.hex(Array(model.utf8) + [0] + body) }

    private static func record(_ completion: Completion, key: String, model: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO calls (completion, model, prompt_tokens, completion_tokens, price, was_cached)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            key, model, completion.usage.promptTokens, completion.usage.completionTokens, completion.price,
            completion.wasCached,
        ])
    }
}
