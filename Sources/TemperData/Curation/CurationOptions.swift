package import TemperCore

/// What a recipe says under `curate`. These defaults are the only ones.
package struct CurationOptions: Codable, Sendable, Hashable {
    /// What to do with an episode in which old turns were left out of the prompt.
    package enum DroppedTurns: String, Codable, Sendable, CaseIterable {
        /// One document per call, with what the policy saw then; that call's reply alone is trained.
        case byCall = "by_call"
        case drop
    }

    /// What to do with a reply that could not be read as an action, or was not what was carried out.
    package enum InvalidReplies: String, Codable, Sendable, CaseIterable {
        /// It stays in the context and is not trained.
        case mask
        /// The episode is left out.
        case drop
        case train
    }

    /// Which of a task's episodes come first.
    package enum Choice: String, Codable, Sendable, CaseIterable {
        /// In order of method and attempt.
        case all
        /// The highest reward, then the fewest turns.
        case best
        /// The fewest turns.
        case shortest
    }

    /// How far groups of episodes may differ in size.
    package struct Balance: Codable, Sendable, Hashable {
        package enum Grouping: String, Codable, Sendable, CaseIterable {
            case suite, method
            case suiteMethod = "suite_method"
        }

        package var by = Grouping.suite
        /// No group has more than so many times the episodes of the smallest; at least 1.
        package var atMost = 1.0

        enum CodingKeys: String, CodingKey {
            case by
            case atMost = "at_most"
        }

        package init(by: Grouping = .suite, atMost: Double = 1) {
            self.by = by
            self.atMost = atMost
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            by = try values.decodeIfPresent(Grouping.self, forKey: .by) ?? by
            atMost = try values.decodeIfPresent(Double.self, forKey: .atMost) ?? atMost
        }
    }

    /// How much the replies count for which a condition holds.
    package struct TurnWeight: Codable, Sendable, Hashable {
        /// As ``EpisodeCondition`` says: `turn == turns`, `suite == 'db' and action == 'sql'`.
        package var when: String
        /// From 0, which is not trained; a reply that no condition names has 1.
        package var weight: Double

        package init(when: String, weight: Double) {
            self.when = when
            self.weight = weight
        }

        enum CodingKeys: String, CodingKey { case when, weight }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            if let key = try JSONValue(from: decoder).object?.keys.sorted().first(where: { CodingKeys(stringValue: $0) == nil }) {
                throw DecodingError.dataCorruptedError(
                    forKey: .when, in: values, debugDescription: "a weight has no key '\(key)', only when and weight")
            }
            self.init(
                when: try values.decode(String.self, forKey: .when), weight: try values.decode(Double.self, forKey: .weight))
        }
    }

    /// Which training episodes are dropped because a test set holds their task (AgentTuning, section 3.4).
    package struct Contamination: Codable, Sendable, Hashable {
        /// `SUITE:SPLIT`, or a file of test records.
        package var against: [String] = []
        package var rule = ContaminationRule.Reading.strict

        package init(against: [String] = [], rule: ContaminationRule.Reading = .strict) {
            self.against = against
            self.rule = rule
        }

        enum CodingKeys: String, CodingKey { case against, rule }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            against = try values.decodeIfPresent([String].self, forKey: .against) ?? against
            rule = try values.decodeIfPresent(ContaminationRule.Reading.self, forKey: .rule) ?? rule
        }
    }

    /// The least reward by suite, 0…1; `default` stands for every suite not named. See ``minimumReward(for:)``.
    package var minimumReward: [String: Double] = [:]
    /// What a suite asks for by itself where ``minimumReward`` does not name it; nil is `right_element`.
    package var rewardFilter: RewardFilter?
    /// A condition on episodes, such as `turns <= 8 and 0 < pass_rate < 1`; nil keeps all. See ``EpisodeCondition``.
    package var keep: String?
    /// Texts whose five-word shingles overlap so far (Jaccard, 0…1) count as one; nil compares whole texts only.
    package var nearDuplicates: Double?
    package var contamination: Contamination?
    /// Secrets to replace by marks, in episodes and conversations of every source; nil replaces nothing.
    package var redact: RedactionOptions?
    package var choose = Choice.all
    package var balance: Balance?
    /// The authors to learn from.
    package var trainOn: [Author] = Author.allCases.filter(Author.trainedByDefault.contains)
    /// How much each reply of an episode counts in the loss: of the first condition that holds. Imported conversations keep the
    /// weights of their file.
    package var turnWeights: [TurnWeight]?
    /// How much of the suite's prompt a document shows.
    package var promptStyle = PromptStyle.task
    /// Whether every method is written in the one ReAct form (FireAct, section 3).
    package var unify = true
    /// At most so many episodes of one task, the first in the order of `choose`; nil is no limit, or 1 when `choose` is `best` or
    /// `shortest`.
    package var maximumPerTask: Int?
    /// How many episodes are kept out of training to measure the loss on.
    package var heldOut = 0
    /// Documents longer than this, or than the model's context, are left out.
    package var maximumTokens: Int?
    /// `chatml`, `llama-2`, `vicuna`, `alpaca`; by default the tokenizer's own, or else ChatML.
    package var chatTemplate: String?
    package var droppedTurns = DroppedTurns.byCall
    /// General conversations to mix in; nil trains on the agent documents alone.
    package var mix: MixOptions?
    package var invalidReplies = InvalidReplies.mask
    /// What to do with a reply in whose place the nearest admissible action was carried out; nil is `mask`.
    package var nearestActions: InvalidReplies?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case minimumReward = "minimum_reward"
        case rewardFilter = "reward_filter"
        case keep
        case nearDuplicates = "near_duplicates"
        case contamination, redact, choose, balance
        case trainOn = "train_on"
        case turnWeights = "turn_weights"
        case promptStyle = "prompt_style"
        case unify
        case maximumPerTask = "max_per_task"
        case heldOut = "held_out"
        case maximumTokens = "maximum_tokens"
        case chatTemplate = "chat_template"
        case droppedTurns = "dropped_turns"
        case invalidReplies = "invalid_replies"
        case mix
        case nearestActions = "nearest_actions"
    }

    package init() {}

    /// Reads what is given; the rest keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        minimumReward = try values.decodeIfPresent([String: Double].self, forKey: .minimumReward) ?? minimumReward
        rewardFilter = try values.decodeIfPresent(RewardFilter.self, forKey: .rewardFilter)
        keep = try values.decodeIfPresent(String.self, forKey: .keep)
        nearDuplicates = try values.decodeIfPresent(Double.self, forKey: .nearDuplicates)
        contamination = try values.decodeIfPresent(Contamination.self, forKey: .contamination)
        redact = try values.decodeIfPresent(RedactionOptions.self, forKey: .redact).flatMap { $0.isOn ? $0 : nil }
        choose = try values.decodeIfPresent(Choice.self, forKey: .choose) ?? choose
        balance = try values.decodeIfPresent(Balance.self, forKey: .balance)
        trainOn = try values.decodeIfPresent([Author].self, forKey: .trainOn) ?? trainOn
        turnWeights = try values.decodeIfPresent([TurnWeight].self, forKey: .turnWeights)
        promptStyle = try values.decodeIfPresent(PromptStyle.self, forKey: .promptStyle) ?? promptStyle
        unify = try values.decodeIfPresent(Bool.self, forKey: .unify) ?? unify
        maximumPerTask = try values.decodeIfPresent(Int.self, forKey: .maximumPerTask)
        heldOut = try values.decodeIfPresent(Int.self, forKey: .heldOut) ?? heldOut
        maximumTokens = try values.decodeIfPresent(Int.self, forKey: .maximumTokens)
        chatTemplate = try values.decodeIfPresent(String.self, forKey: .chatTemplate)
        droppedTurns = try values.decodeIfPresent(DroppedTurns.self, forKey: .droppedTurns) ?? droppedTurns
        invalidReplies = try values.decodeIfPresent(InvalidReplies.self, forKey: .invalidReplies) ?? invalidReplies
        mix = try values.decodeIfPresent(MixOptions.self, forKey: .mix)
        nearestActions = try values.decodeIfPresent(InvalidReplies.self, forKey: .nearestActions)
    }

    /// Suites of which an episode is good below reward 1: in Mind2Web's, two thirds (AgentTuning, Zeng et al. 2023, section 2.3).
    package static let ownMinimumRewards = ["mind2web": 2.0 / 3]

    /// What else a suite asks for by itself.
    package enum RewardFilter: String, Codable, Sendable, CaseIterable {
        /// In Mind2Web the right element too: a wrong one with the right operation and no value to write has a reward of two thirds.
        case rightElement = "right_element"
        /// The paper's least reward alone.
        case paper
    }

    /// The metric that must be 1 in an episode below reward 1, by suite.
    private static let requiredMetrics = ["mind2web": "element"]

    /// Why an episode is not good enough to learn from; nil when it is.
    package func rewardFault(_ episode: Trajectory) -> String? {
        let suite = episode.key.suite
        let least = minimumReward(for: suite)
        let reward = episode.score?.reward ?? 0
        guard reward >= least else { return "below \(least) in \(suite)" }
        let isNamed = (minimumReward[suite] ?? minimumReward["default"]) != nil
        guard !isNamed, rewardFilter != .paper, reward < 1, let metric = Self.requiredMetrics[suite],
            episode.score?.metrics[metric] != 1
        else { return nil }
        return "wrong \(metric) in \(suite)"
    }

    /// The least reward that counts as good in a suite: what the recipe says of it, or as `default`; else the suite's own of
    /// ``ownMinimumRewards``, else 1.
    package func minimumReward(for suite: String) -> Double {
        minimumReward[suite] ?? minimumReward["default"] ?? Self.ownMinimumRewards[suite] ?? 1
    }

    /// - Throws: ``TemperError`` with code `data` for a value that makes no sense, naming its key.
    package func validate() throws {
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
        if let keep { _ = try EpisodeCondition(keep, key: "curate.keep") }
        if let nearDuplicates, !(nearDuplicates > 0 && nearDuplicates <= 1) {
            throw fault(.nearDuplicates, "must be above 0 and at most 1")
        }
        if let contamination, contamination.against.isEmpty {
            throw fault(.contamination, "names no test set", hint: "for example against: [pocket/hotpotqa:test]")
        }
        try redact?.validate()
        for rule in turnWeights ?? [] {
            _ = try EpisodeCondition(rule.when, key: "curate.turn_weights")
            guard rule.weight >= 0, rule.weight.isFinite else {
                throw fault(.turnWeights, "gives the weight \(rule.weight), but a weight is a number from 0")
            }
        }
        try mix?.validate()
        if let balance, balance.atMost < 1 { throw fault(.balance, "has 'at_most' below 1") }
        if let maximumPerTask, maximumPerTask < 1 { throw fault(.maximumPerTask, "must be at least 1") }
        if heldOut < 0 { throw fault(.heldOut, "must not be negative") }
        if let maximumTokens, maximumTokens < 1 { throw fault(.maximumTokens, "must be at least 1") }
    }
}
