/// Asks a model for the next text.
package struct CompletionRequest: Sendable {
    package var messages: [Message]
    package var maximumNewTokens: Int
    /// 0 means greedy.
    package var temperature: Double
    /// Nucleus mass in 0…1; 1 keeps the whole distribution.
    package var topP: Double
    /// The reply ends before the first of these.
    package var stop: [String]
    package var seed: UInt64
    /// When not empty, the reply is exactly one of these (the admissible-choice constraint).
    package var choices: [String]
    /// The functions the model may call; given only to models that take them (``LanguageModel/takesTools``).
    package var tools: [ToolDefinition] = []
    /// The model goes on from this text, which the completion does not repeat.
    package var replyStart = ""

    package init(
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
package struct Completion: Sendable, Hashable, Codable {
    /// Why the text ends.
    package enum FinishReason: String, Sendable, Codable {
        case stop, length, refused
    }

    package var text: String
    package var usage: TokenUsage
    package var finishReason: FinishReason
    /// US dollars; 0 when local or answered from the cache.
    package var price: Double
    package var wasCached: Bool

    package init(
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
package protocol LanguageModel: Sendable {
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
    package var contextLimit: Int? { nil }
    package var takesTools: Bool { false }
    package func tokenCount(_ messages: [Message]) -> Int { TokenEstimate.count(messages) }
}

/// The prompt does not fit the model: the cause of the error a model throws then. The episode ends as an outcome, not an error.
package struct ContextLengthExceeded: Error, Sendable {
    package init() {}
}

/// Keeps replies of paid services so that an identical request is never billed twice.
package protocol CompletionCache: Sendable {
    /// The reply stored for a request, identified by the model's address and the exact body sent.
    func cachedCompletion(model: String, body: [UInt8]) async throws -> Completion?
    func store(_ completion: Completion, model: String, body: [UInt8]) async throws
}
