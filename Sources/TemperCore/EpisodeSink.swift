/// What is known of an episode from an earlier, interrupted run.
public enum StoredEpisode: Sendable {
    case finished(Trajectory)
    /// The turns that were committed before the run stopped.
    case partial([Turn])
}

/// Receives each finished turn and episode; implemented by the store. Agents know nothing else of it.
public protocol EpisodeSink: Sendable {
    func stored(_ key: EpisodeKey) async throws -> StoredEpisode?
    /// Called once per turn, when its observation is known; one transaction.
    func turnFinished(_ turn: Turn, of key: EpisodeKey) async throws
    /// The stored turns do not lead where they led before: keep them as a discarded attempt and start clean.
    func discardPartial(_ key: EpisodeKey, reason: String) async throws
    func episodeFinished(_ trajectory: Trajectory) async throws
}
