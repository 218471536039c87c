package import TemperCore

/// What a recipe says under `curate`. These defaults are the only ones.
package struct CurationOptions: Configurable {
    /// What to do with an episode in which old turns were left out of the prompt.
    package enum DroppedTurns: String, Codable, Sendable, ConfigurationChoice {
        /// One document per call, with what the policy saw then; that call's reply alone is trained.
        case byCall = "by_call"
        case drop
    }

    /// What to do with a reply that could not be read as an action, or was not what was carried out.
    package enum InvalidReplies: String, Codable, Sendable, ConfigurationChoice {
        /// It stays in the context and is not trained.
        case mask
        /// The episode is left out.
        case drop
        case train
    }

    /// Which of a task's episodes come first.
    package enum Choice: String, Codable, Sendable, ConfigurationChoice {
        /// All of them, in order of method and attempt.
        case all
        /// The highest reward, then the fewest turns.
        case best
        /// The fewest turns.
        case shortest
    }

    /// How far groups of episodes may differ in size.
    package struct Balance: Configurable {
        package enum Grouping: String, Codable, Sendable, ConfigurationChoice {
            case suite, method
            case suiteMethod = "suite_method"
        }

        package var by = Grouping.suite
        /// How many times the episodes of the smallest group any group may have; at least 1.
        package var atMost = 1.0

        package static let keys: [ConfigurationKey<Balance>] = [
            ConfigurationKey("by", \.by, "What forms a group."),
            ConfigurationKey(
                "at_most", \.atMost, in: .atLeast(1), "No group has more than this many times the episodes of the smallest."),
        ]

        package init() {}

        package init(by: Grouping, atMost: Double = 1) {
            self.by = by
            self.atMost = atMost
        }
    }

    /// How much the replies count that meet a condition.
    package struct TurnWeight: Configurable {
        /// As ``EpisodeCondition`` says: `turn == turns`, `suite == 'db' and action == 'sql'`.
        package var when = ""
        /// A reply with weight 0 is not trained; one that no condition names has weight 1.
        package var weight = 1.0

        package static let keys: [ConfigurationKey<TurnWeight>] = [
            ConfigurationKey("when", \.when, use: .required, "A condition on the reply, such as `turn == turns`."),
            ConfigurationKey(
                "weight", \.weight, in: .atLeast(0), use: .required, "The weight of its tokens; 0 does not train them."),
        ]

        package init() {}

        package init(when: String, weight: Double) {
            self.when = when
            self.weight = weight
        }
    }

    /// Which training episodes are dropped because a test set holds their task (AgentTuning, section 3.4).
    package struct Contamination: Configurable {
        /// `SUITE:SPLIT`, or a file of test records.
        package var against: [String] = []
        package var rule = ContaminationRule.Reading.strict

        package static let keys: [ConfigurationKey<Contamination>] = [
            ConfigurationKey("against", \.against, "The test sets: `SUITE:SPLIT`, or files of test records."),
            ConfigurationKey("rule", \.rule, "The paper's released rule, or the strict one."),
        ]

        package init() {}

        package init(against: [String], rule: ContaminationRule.Reading = .strict) {
            self.against = against
            self.rule = rule
        }
    }

    /// The least reward by suite, 0…1; `default` stands for every suite not named. See ``minimumReward(for:)``.
    package var minimumReward: [String: Double] = [:]
    /// What a suite asks for by itself where ``minimumReward`` does not name it; nil is `right_element`.
    package var rewardFilter: RewardFilter?
    /// A condition on episodes, such as `turns <= 8 and 0 < pass_rate < 1`; nil keeps all. See ``EpisodeCondition``.
    package var keep: String?
    /// Texts whose five-word shingles overlap this far (Jaccard, 0…1) count as one; nil compares whole texts only.
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
    /// The most episodes of one task, the first in the order of `choose`; nil means no limit, or 1 when `choose` is `best` or
    /// `shortest`.
    package var maximumPerTask: Int?
    /// How many episodes are held out of training, to measure the loss on them.
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

    package init() {}

    /// Suites of which an episode is good below reward 1: in Mind2Web's, two thirds (AgentTuning, Zeng et al. 2023, section 2.3).
    package static let ownMinimumRewards = ["mind2web": 2.0 / 3]

    /// What else a suite asks for by itself.
    package enum RewardFilter: String, Codable, Sendable, ConfigurationChoice {
        /// Mind2Web's episodes need the right element too: a wrong one with the right operation and no value to write has a
        /// reward of two thirds.
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
        func fault(_ key: String, _ message: String, hint: String? = nil) -> TemperError {
            TemperError(.data, "'curate.\(key)' \(message)", hint: hint, boundary: .recipe)
        }
        try requireRanges(in: "curate")
        if let author = trainOn.first(where: Author.neverTrained.contains) {
            let allowed = Author.allCases.filter { !Author.neverTrained.contains($0) }.map(\.rawValue).joined(separator: ", ")
            throw fault(
                "train_on", "names '\(author.rawValue)', whose text can never be trained", hint: "it may name: \(allowed)")
        }
        if trainOn.isEmpty { throw fault("train_on", "names no author, so there is nothing to train") }
        if let keep { _ = try EpisodeCondition(keep, key: "curate.keep") }
        if let contamination, contamination.against.isEmpty {
            throw fault("contamination", "names no test set", hint: "for example against: [pocket/hotpotqa:test]")
        }
        try redact?.validate()
        for rule in turnWeights ?? [] { _ = try EpisodeCondition(rule.when, key: "curate.turn_weights") }
        try mix?.validate()
    }
}
