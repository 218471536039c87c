package import Foundation
import TemperCore

extension ModelConfiguration {
    /// The context that a model's folder states, in tokens, whether or not its architecture is computed here.
    ///
    /// - Returns: nil when there is no `config.json`, or none of its keys states a context.
    /// - Throws: ``TemperError`` with code `data` for a file that is not JSON.
    package static func contextLength(of folder: URL) throws -> Int? {
        let file = folder.appendingPathComponent("config.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let json = try JSONValue.parse(Data(contentsOf: file), named: file.path)
        do {
            return try ModelConfiguration(json: json, place: file.path).contextLength
        } catch is TemperError {
            // Not a model that is computed here: what the file states, without what it says of stretched positions.
            let parts = [json, json["text_config"] ?? .null]
            let stated = parts.flatMap { part in ["max_position_embeddings", "n_positions"].map { part[$0]?.number } }
            return stated.compactMap { $0 }.first { $0 >= 1 && $0 <= 1e9 }.map { Int($0) }
        }
    }
}
