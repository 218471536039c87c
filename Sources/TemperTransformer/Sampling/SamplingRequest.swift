/// What a sequence is to become.
public struct SamplingRequest: Sendable {
    /// At least one token.
    public var prompt: [Int32]
    public var maximumNewTokens: Int
    /// 0 takes the most likely token each time.
    public var temperature: Double
    /// Nucleus mass in 0…1 (Holtzman et al. 2020); 1 keeps the whole distribution.
    public var topP: Double
    public var seed: UInt64
    /// Tokens that end the reply and are no part of it.
    public var stopIDs: Set<Int32>
    /// The reply ends before the first of these, matched on the tokens' bytes.
    public var stopStrings: [[UInt8]]
    /// When not empty, the reply is exactly one of these token sequences.
    public var choices: [[Int32]]
    /// The name of the adapter that changes the model for this request; nil for the model as it is.
    public var adapter: String?

    public init(
        prompt: [Int32], maximumNewTokens: Int, temperature: Double = 0, topP: Double = 1, seed: UInt64 = 0,
        stopIDs: Set<Int32> = [], stopStrings: [[UInt8]] = [], choices: [[Int32]] = [], adapter: String? = nil
    ) {
        self.prompt = prompt
        self.maximumNewTokens = maximumNewTokens
        self.temperature = temperature
        self.topP = topP
        self.seed = seed
        self.stopIDs = stopIDs
        self.stopStrings = stopStrings
        self.choices = choices
        self.adapter = adapter
    }
}

/// A finished reply.
public struct SampledReply: Sendable, Hashable {
    public enum Finish: String, Sendable, Hashable {
        /// A stop token, a stop string or the end of a choice.
        case stop
        /// The new tokens or the context ran out.
        case length
    }

    /// The tokens drawn, without the stop token, with those of a stop string.
    public var ids: [Int32]
    /// Their bytes up to a stop string.
    public var bytes: [UInt8]
    public var finish: Finish
    /// Prompt tokens that an earlier sequence had computed.
    public var reusedTokens: Int
}
