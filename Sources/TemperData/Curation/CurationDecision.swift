/// What one step of curation decided about an episode, a conversation, or one of its documents.
package struct CurationDecision: Codable, Sendable, Hashable {
    package var step: String
    /// The 0-based turn whose reply alone the document trains; nil when the decision is about the whole episode.
    package var call: Int?
    package var kept: Bool
    /// Why it was dropped; for a kept one what spoke for it, where there is something to say.
    package var reason: String?

    package init(step: String, call: Int? = nil, kept: Bool, reason: String? = nil) {
        self.step = step
        self.call = call
        self.kept = kept
        self.reason = reason
    }
}

/// What became of one episode or imported conversation, and why: a line of `dataset/decisions.jsonl`, and what
/// `temper curate --explain` prints.
package struct CurationFate: Codable, Sendable, Hashable {
    package enum Outcome: String, Codable, Sendable, CaseIterable {
        /// It trains.
        case training
        /// The loss is measured on it.
        case heldOut = "held_out"
        /// It is good, and the mix drew others.
        case notDrawn = "not_drawn"
        case dropped
    }

    /// The text of the episode's key; of an imported conversation `import:SOURCE:NUMBER:ID`.
    package var episode: String
    package var outcome: Outcome
    /// Documents it gives to its side of the dataset.
    package var documents: Int
    /// The decisions in order of steps.
    package var decisions: [CurationDecision]

    /// The step that dropped it and why; nil when it was not dropped.
    package var dropped: CurationDecision? {
        outcome == .dropped ? decisions.last { !$0.kept } : nil
    }
}
