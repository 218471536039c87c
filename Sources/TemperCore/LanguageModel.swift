/// Asks a model for the next text.
public struct CompletionRequest: Sendable {
    public var messages: [Message]
    public var maximumNewTokens: Int
    /// 0 means greedy.
    public var temperature: Double
    /// Nucleus mass in 0…1; 1 keeps the whole distribution.
    public var topP: Double
    /// The reply ends before the first of these.
    public var stop: [String]
    public var seed: UInt64
    /// When not empty, the reply is exactly one of these (the admissible-choice constraint).
    public var choices: [String]
    /// The functions the model may call; given only to models that take them (``LanguageModel/takesTools``).
    public var tools: [ToolDefinition] = []
    /// The model goes on from this text, which the completion does not repeat.
    public var replyStart = ""

    public init(
        messages: [Message], maximumNewTokens: Int = 256, temperature: Double = 0, topP: Double = 1, stop: [String] = [],
        seed: UInt64 = 0, choices: [String] = []
    ) {
        self.messages = messages
        self.maximumNewTokens = maximumNewTokens
        self.temperature = temperature
        self.topP = topP
        self.stop = stop
        self.seed = seed
        self.choices = choices
    }
}

/// What a model answered.
public struct Completion: Sendable, Hashable, Codable {
    /// Why the text ends.
    public enum FinishReason: String, Sendable, Codable {
        case stop, length, refused
    }

    public var text: String
    public var usage: TokenUsage
    public var finishReason: FinishReason
    /// US dollars; 0 when local or answered from the cache.
    public var price: Double
    public var wasCached: Bool

    public init(
        text: String, usage: TokenUsage = TokenUsage(), finishReason: FinishReason = .stop, price: Double = 0,
        wasCached: Bool = false
    ) {
        self.text = text
        self.usage = usage
        self.finishReason = finishReason
        self.price = price
        self.wasCached = wasCached
    }
}

/// What writes the next text: a hosted model, the native engine.
public protocol LanguageModel: Sendable {
    /// The recipe's word for it.
    var name: String { get }
    /// The most tokens of prompt and reply together, if known.
    var contextLimit: Int? { get }
    /// Whether ``CompletionRequest/tools`` reach the model in its own way; to others the prompt describes them.
    var takesTools: Bool { get }
    /// Length of a conversation in this model's tokens; an estimate where its tokenizer is unknown.
    func tokenCount(_ messages: [Message]) -> Int

    /// Writes a reply.
    ///
    /// - Throws: ``TemperError``; with code `budget` when a spending limit was reached.
    func complete(_ request: CompletionRequest) async throws -> Completion
}

extension LanguageModel {
    public var contextLimit: Int? { nil }
    public var takesTools: Bool { false }
    public func tokenCount(_ messages: [Message]) -> Int { TokenEstimate.count(messages) }
}

/// The prompt does not fit the model: the cause of the error a model throws then. The episode ends as an outcome, not an error.
public struct ContextLengthExceeded: Error, Sendable {
    public init() {}
}

/// Keeps replies of paid services so that an identical request is never billed twice.
public protocol CompletionCache: Sendable {
    /// The reply stored for a request, identified by the model's address and the exact body sent.
    func cachedCompletion(model: String, body: [UInt8]) async throws -> Completion?
    func store(_ completion: Completion, model: String, body: [UInt8]) async throws
}
