import TemperCore

/// When a stretch of a test example counts as seen in training.
///
/// AgentTuning (Zeng et al. 2023, section 3.4 and table 7) takes Llama 2's analysis (Touvron et al. 2023, appendix A.6): matches of
/// 10 tokens with up to 4 mismatched ones. The two papers word the budget differently, so both readings are here.
package struct ContaminationRule: Sendable, Hashable {
    /// Where mismatched tokens may stand.
    package enum Reading: String, Codable, Sendable, Hashable, ConfigurationChoice {
        /// Any `length` aligned tokens of which at most `mismatches` differ, wherever they stand.
        case paper
        /// A match begins with `length` equal tokens; at most `mismatches` tokens may differ further on, and the last token is equal.
        case strict
    }

    package var reading: Reading
    /// Tokens of a match, at most 32; 10 in both papers.
    package var length: Int
    /// Tokens that may differ; 4 in both papers.
    package var mismatches: Int
    /// An example is dirty when a larger share of its tokens is covered by matches.
    package var dirtyAbove: Double
    /// An example is clean when a smaller share is.
    package var cleanBelow: Double

    package init(
        _ reading: Reading = .strict, length: Int = 10, mismatches: Int = 4, dirtyAbove: Double = 0.8, cleanBelow: Double = 0.2
    ) {
        precondition(
            (1...32).contains(length) && mismatches >= 0 && mismatches < length, "a match has more tokens than mismatches")
        self.reading = reading
        self.length = length
        self.mismatches = mismatches
        self.dirtyAbove = dirtyAbove
        self.cleanBelow = cleanBelow
    }

    /// The longest run of equal tokens that every match has: with m mismatches the length − m equal tokens stand in at most
    /// m + 1 runs.
    var seedLength: Int {
        reading == .strict ? length : (length - mismatches + mismatches) / (mismatches + 1)
    }
}
