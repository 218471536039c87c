import TemperCore

/// What a tokenizer consists of, however it was made.
struct TokenizerContents: Sendable {
    var pattern: Tokenizer.Pattern
    /// Index: id; empty where an id is unused.
    var tokenBytes: [[UInt8]] = []
    /// Index: byte.
    var byteIDs: [Int32] = []
    /// In order of rank.
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    var addedTokens: [AddedToken] = []
    /// Whether a pre-token that is in the vocabulary is taken whole even where merges would not lead to it (Llama 3).
    var ignoresMerges = false
    var normalizesToNFC = false
    /// Kept for the file's sake: what Python adds around a text.
    var postProcessor: JSONValue?

    init(pattern: Tokenizer.Pattern) {
        self.pattern = pattern
    }
}
