import Foundation
import TemperCore

/// What a tokenizer consists of, however it was made.
struct TokenizerContents: Sendable {
    /// What words are built from.
    enum Units: Sendable {
        /// Bytes: any text has ids.
        case bytes
        /// Characters, with tokens for single bytes where a character has none of its own.
        case characters(CharacterVocabulary)
        /// Whole pieces, the likeliest ones.
        case unigram(UnigramModel)
    }

    /// The expression of a byte-level tokenizer that cuts by one alone.
    var pattern: Tokenizer.Pattern? { preTokenization.pattern }
    var units = Units.bytes
    /// Index: id; what a token stands for in a text; empty where an id is unused.
    var tokenBytes: [[UInt8]] = []
    /// Index: id; as the vocabulary spells the tokens, where ``decoder`` needs that.
    var spellings: [[UInt8]] = []
    /// Index: byte; -1 for a byte without a token. Byte units only.
    var byteIDs: [Int32] = []
    /// In order of rank.
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    /// The ranks of ``merges`` where several share one (the leftmost pair is merged first then).
    var mergeRanks: [Int32]?
    var addedTokens: [AddedToken] = []
    /// The token for a byte or character without one.
    var unknownID: Int32?
    /// Whether a pre-token that is in the vocabulary is taken whole even where merges would not lead to it (Llama 3).
    var ignoresMerges = false
    var normalizer = TextNormalizer()
    var preTokenization: PreTokenization
    var decoder = TokenDecoder.bytes
    /// What stands before and after a text when the file's own additions are asked for.
    var prefixIDs: [Int32] = []
    var suffixIDs: [Int32] = []
    /// The file it was read from, which is what is saved again.
    var source: Source?

    struct Source: Sendable {
        var name: String
        var data: Data
    }

    init(pattern: Tokenizer.Pattern) {
        preTokenization = .pattern(pattern)
    }

    init(preTokenization: PreTokenization) {
        self.preTokenization = preTokenization
    }
}
