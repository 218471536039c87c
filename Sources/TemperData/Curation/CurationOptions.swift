public import TemperCore

/// What a recipe says under `curate`. These defaults are the only ones.
public struct CurationOptions: Codable, Sendable, Hashable {
    /// What to do with an episode in which old turns were left out of the prompt.
    public enum DroppedTurns: String, Codable, Sendable, CaseIterable {
        /// One document per call, with what the policy saw then; that call's reply alone is trained.
        case byCall = "by_call"
        case drop
    }

    /// What to do with a reply that could not be read as an action.
    public enum InvalidReplies: String, Codable, Sendable, CaseIterable {
        /// It stays in the context and is not trained.
        case mask
        /// The episode is left out.
        case drop
        case train
    }

    /// The least reward by suite, 0…1; `default` stands for every suite not named.
    public var minimumReward: [String: Double] = [:]
    /// The authors to learn from.
    public var trainOn: [Author] = Author.allCases.filter(Author.trainedByDefault.contains)
    /// How much of the suite's prompt a document shows.
    public var promptStyle = PromptStyle.task
    /// Whether every method is written in the one ReAct form (FireAct, section 3).
    public var unify = true
    /// At most so many episodes of one task, the first in order of method and attempt; nil is no limit.
    public var maximumPerTask: Int?
    /// How many episodes are kept out of training to measure the loss on.
    public var heldOut = 0
    /// Documents longer than this, or than the model's context, are left out.
    public var maximumTokens: Int?
    /// `chatml`, `llama-2`, `vicuna`, `alpaca`; by default the tokenizer's own, or else ChatML.
    public var chatTemplate: String?
    public var droppedTurns = DroppedTurns.byCall
    public var invalidReplies = InvalidReplies.mask

    public enum CodingKeys: String, CodingKey, CaseIterable {
        case minimumReward = "minimum_reward"
        case trainOn = "train_on"
        case promptStyle = "prompt_style"
        case unify
        case maximumPerTask = "max_per_task"
        case heldOut = "held_out"
        case maximumTokens = "maximum_tokens"
        case chatTemplate = "chat_template"
        case droppedTurns = "dropped_turns"
        case invalidReplies = "invalid_replies"
    }

    public init() {}

    /// Reads what is given; the rest keeps its default.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        minimumReward = try values.decodeIfPresent([String: Double].self, forKey: .minimumReward) ?? minimumReward
        trainOn = try values.decodeIfPresent([Author].self, forKey: .trainOn) ?? trainOn
        promptStyle = try values.decodeIfPresent(PromptStyle.self, forKey: .promptStyle) ?? promptStyle
        unify = try values.decodeIfPresent(Bool.self, forKey: .unify) ?? unify
        maximumPerTask = try values.decodeIfPresent(Int.self, forKey: .maximumPerTask)
        heldOut = try values.decodeIfPresent(Int.self, forKey: .heldOut) ?? heldOut
        maximumTokens = try values.decodeIfPresent(Int.self, forKey: .maximumTokens)
        chatTemplate = try values.decodeIfPresent(String.self, forKey: .chatTemplate)
        droppedTurns = try values.decodeIfPresent(DroppedTurns.self, forKey: .droppedTurns) ?? droppedTurns
        invalidReplies = try values.decodeIfPresent(InvalidReplies.self, forKey: .invalidReplies) ?? invalidReplies
    }

    /// The least reward that counts as good in a suite; 1 unless said otherwise.
    public func minimumReward(for suite: String) -> Double {
        minimumReward[suite] ?? minimumReward["default"] ?? 1
    }

    /// - Throws: ``TemperError`` with code `data` for a value that makes no sense, naming its key.
    public func validate() throws {
        func fault(_ key: CodingKeys, _ message: String, hint: String? = nil) -> TemperError {
            TemperError(.data, "'curate.\(key.rawValue)' \(message)", hint: hint, boundary: .recipe)
        }
        if let author = trainOn.first(where: Author.neverTrained.contains) {
            let allowed = Author.allCases.filter { !Author.neverTrained.contains($0) }.map(\.rawValue).joined(separator: ", ")
            throw fault(
                .trainOn, "names '\(author.rawValue)', whose text can never be trained", hint: "it may name: \(allowed)")
        }
        if trainOn.isEmpty { throw fault(.trainOn, "names no author, so there is nothing to train") }
        if let odd = minimumReward.sorted(by: { $0.key < $1.key }).first(where: { !(0...1).contains($0.value) }) {
            throw fault(.minimumReward, "is \(odd.value) for '\(odd.key)', but a reward lies in 0…1")
        }
        if let maximumPerTask, maximumPerTask < 1 { throw fault(.maximumPerTask, "must be at least 1") }
        if heldOut < 0 { throw fault(.heldOut, "must not be negative") }
        if let maximumTokens, maximumTokens < 1 { throw fault(.maximumTokens, "must be at least 1") }
    }
}
