/// What a sequence is to become.
package struct SamplingRequest: Sendable {
    /// The prompt's tokens, at least one.
    package var prompt: [Int32]
    /// 0 draws nothing: the prompt is only scored.
    package var maximumNewTokens: Int
    /// 0 takes the most likely token each time.
    package var temperature: Double
    /// How many of the most likely tokens are drawn from; 0 sets no limit. Applied before ``topP``.
    package var topK: Int
    /// Nucleus mass in 0…1 (Holtzman et al. 2020); 1 keeps the whole distribution.
    package var topP: Double
    package var seed: UInt64
    /// Tokens that end the reply and are not part of it.
    package var stopIDs: Set<Int32>
    /// The reply ends before the first of these, matched on the tokens' bytes.
    package var stopStrings: [[UInt8]]
    /// When not empty, the reply is exactly one of these token sequences.
    package var choices: [[Int32]]
    /// The alternatives reported with each token's log-probability; nil reports neither for drawn tokens.
    package var alternatives: Int?
    /// The prompt's tokens from this place on are scored; 1 or more, since the first token follows nothing.
    package var scoredFrom: Int?
    /// The name of the adapter that changes the model for this request; nil for the model as it is.
    package var adapter: String?

    package init(
        prompt: [Int32], maximumNewTokens: Int, temperature: Double = 0, topK: Int = 0, topP: Double = 1, seed: UInt64 = 0,
        stopIDs: Set<Int32> = [], stopStrings: [[UInt8]] = [], choices: [[Int32]] = [], alternatives: Int? = nil,
        scoredFrom: Int? = nil, adapter: String? = nil
    ) {
        self.prompt = prompt
        self.maximumNewTokens = maximumNewTokens
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.seed = seed
        self.stopIDs = stopIDs
        self.stopStrings = stopStrings
        self.choices = choices
        self.alternatives = alternatives
        self.scoredFrom = scoredFrom
        self.adapter = adapter
    }
}

/// A finished reply.
package struct SampledReply: Sendable, Hashable {
    package enum Finish: String, Sendable, Hashable {
        /// A stop token, a stop string or the end of a choice.
        case stop
        /// The new tokens or the context ran out.
        case length
    }

    /// The tokens drawn, without the stop token, with those of a stop string.
    package var ids: [Int32]
    /// Their bytes up to a stop string.
    package var bytes: [UInt8]
    package var finish: Finish
    /// Prompt tokens that an earlier sequence had computed.
    package var reusedTokens: Int
    /// How many of ``ids`` begin before a stop string.
    package var textTokenCount: Int
    /// One for each of ``ids``, if asked for.
    package var scores: [TokenScore] = []
    /// One for each token of the prompt from ``SamplingRequest/scoredFrom`` on.
    package var promptScores: [TokenScore] = []
}

/// What a streamed reply gained; the pieces' bytes one after the other are the reply's.
package struct SampledPiece: Sendable, Hashable {
    /// Whole characters of UTF-8, as long as the model writes such, and never a part of a stop string.
    package var bytes: [UInt8]
    /// Tokens whose bytes are sent with this piece; none of a stop string.
    package var ids: [Int32]
    /// One for each of ``ids``, if asked for.
    package var scores: [TokenScore]
}
