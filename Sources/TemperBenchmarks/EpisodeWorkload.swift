package import Foundation
import TemperCore

/// Episodes of an agent as token ids: they begin alike, then read and write in turns.
///
/// The reply of a turn is as long as the workload says whatever it holds, so that every implementation does the same work
/// (`Benchmarks/sampling.py` makes the file).
package struct EpisodeWorkload: Codable, Sendable, Hashable {
    package struct Turn: Codable, Sendable, Hashable {
        /// The question or an observation.
        package var read: [Int32]
        /// The tokens that the model then writes; at least 1.
        package var write: Int
    }

    package struct Episode: Codable, Sendable, Hashable {
        package var turns: [Turn]
    }

    /// What all episodes begin with: instructions and a demonstration.
    package var prefix: [Int32]
    package var episodes: [Episode]

    /// - Throws: ``TemperError`` with code `data` for a file that cannot be read or has a turn that writes nothing.
    package init(contentsOf file: URL) throws {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw TemperError(
                .data, "the workload cannot be read", hint: "Benchmarks/sampling.py --workload FILE writes one", place: file.path,
                boundary: .data, cause: error)
        }
        do {
            self = try JSONDecoder().decode(EpisodeWorkload.self, from: data)
        } catch {
            throw TemperError(
                .data, "the file holds no episodes", hint: "Benchmarks/sampling.py --workload FILE writes such a file",
                place: file.path, boundary: .data, cause: error)
        }
        for (number, episode) in episodes.enumerated() where !episode.turns.allSatisfy({ $0.write > 0 }) {
            throw TemperError(.data, "episode \(number) has a turn that writes no token", place: file.path, boundary: .data)
        }
        guard !episodes.isEmpty, !prefix.isEmpty, episodes.allSatisfy({ !$0.turns.isEmpty }) else {
            throw TemperError(
                .data, "the workload has no prefix, no episodes, or one without turns", place: file.path, boundary: .data)
        }
    }

    package init(prefix: [Int32], episodes: [Episode]) {
        self.prefix = prefix
        self.episodes = episodes
    }

    package var writtenTokens: Int { episodes.reduce(0) { $0 + $1.turns.reduce(0) { $0 + $1.write } } }
}
