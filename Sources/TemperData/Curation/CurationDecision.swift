/// What one step of curation decided about an episode, a conversation, or one of its documents.
public struct CurationDecision: Codable, Sendable, Hashable {
    public var step: String
    /// The 0-based turn whose reply alone the document trains; nil when the decision is about the whole episode.
    public var call: Int?
    public var kept: Bool
    /// Why it was dropped; for a kept one what spoke for it, where there is something to say.
    public var reason: String?

    public init(step: String, call: Int? = nil, kept: Bool, reason: String? = nil) {
        self.step = step
        self.call = call
        self.kept = kept
        self.reason = reason
    }
}

/// What became of one episode or imported conversation, and why: a line of `dataset/decisions.jsonl`, and what
/// `temper curate --explain` prints.
public struct CurationFate: Codable, Sendable, Hashable {
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        /// It trains.
        case training
        /// The loss is measured on it.
        case heldOut = "held_out"
        /// It is good, and the mix drew others.
        case notDrawn = "not_drawn"
        case dropped
    }

    /// The text of the episode's key; of an imported conversation `import:SOURCE:NUMBER:ID`.
    public var episode: String
    public var outcome: Outcome
    /// Documents it gives to its side of the dataset.
    public var documents: Int
    /// In order of steps.
    public var decisions: [CurationDecision]

    /// The step that dropped it and why; nil when it was not dropped.
    public var dropped: CurationDecision? {
        outcome == .dropped ? decisions.last { !$0.kept } : nil
    }
}
