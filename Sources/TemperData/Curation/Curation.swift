import Foundation
package import TemperCore
package import TemperTokenizers

/// What curation needs to know beside trajectories and options.
package struct CurationContext: Sendable {
    /// The recipe's name, which goes into every document.
    package var run: String
    package var seed: UInt64
    package var tokenizer: Tokenizer
    /// The model's context in tokens.
    package var contextLimit: Int?
    /// The test sets that `curate.contamination` names.
    package var testSets: [TestSet] = []
    /// Sources of general conversations that are not files.
    package var generators: [GeneralGenerator] = []
    /// The prompt of a suite for a method; asked only when the prompt style shows one.
    package var prompt: @Sendable (_ suite: String, _ method: Method) throws -> SuitePrompt?

    package init(
        run: String, seed: UInt64, tokenizer: Tokenizer, contextLimit: Int? = nil, testSets: [TestSet] = [],
        generators: [GeneralGenerator] = [],
        prompt: @escaping @Sendable (_ suite: String, _ method: Method) throws -> SuitePrompt? = { _, _ in nil }
    ) {
        self.run = run
        self.seed = seed
        self.tokenizer = tokenizer
        self.contextLimit = contextLimit
        self.testSets = testSets
        self.generators = generators
        self.prompt = prompt
    }
}

/// From trajectories to a dataset, in named and counted steps.
package enum Curation {
    /// Filters, splits, renders. The same trajectories in any order give the same bytes.
    ///
    /// - Parameters:
    ///   - conversations: imported chats that are not episodes; see ``ConversationFile``.
    ///   - allowsNothing: whether a dataset with nothing to train on is a result, as when only the effect of the steps is asked for.
    /// - Throws: ``TemperError`` with code `data` for options that make no sense, when nothing is left to train on (it says
    ///   which step dropped what). A document that fails the checks of ``TokenRenderer`` is dropped with the reason.
    package static func run(
        _ trajectories: [Trajectory], conversations: [Document] = [], options: CurationOptions, context: CurationContext,
        allowsNothing: Bool = false
    ) throws -> CuratedDataset {
        try options.validate()
        let renderer = try TokenRenderer(
            tokenizer: context.tokenizer, template: try template(options, context.tokenizer), trainOn: options.trainOn)
        let ordered = trajectories.sorted(by: isBefore)
        let redactor = try options.redact.map(Redactor.init)
        let conversations = redactor.map { conversations.map($0.redacted) } ?? conversations
        var log = StepLog()

        let scored = log.filter("errors", ordered) { episode in
            if episode.outcome.isError || episode.outcome == .missing { return episode.outcome.rawValue }
            return episode.score == nil ? "no score" : nil
        }
        let good = log.filter("reward", scored, keptBecause: { rewardNote($0, options) }) { options.rewardFault($0) }
        let kept = try options.keep.map { try keep(good, $0, among: scored, &log) } ?? good
        let wellFormed = log.filter("format", kept) { formatFault($0, options) }
        var seen: Set<[String]> = []
        let distinct = log.filter("duplicates", wellFormed) { seen.insert(content($0)).inserted ? nil : "same text" }
        let different = options.nearDuplicates.map { withoutNearDuplicates(distinct, $0, &log) } ?? distinct
        let matcher = options.contamination.flatMap { contaminationMatcher(different, conversations, context.tests($0.rule)) }
        let clean = options.contamination == nil ? different : withoutContamination(different, matcher, &log)
        let chosen = perTask(clean, options, &log)
        let limited = options.balance.map { balanced(chosen, $0, seed: context.seed, &log) } ?? chosen
        let keptOut = heldOutQuestions(limited, options.heldOut, seed: context.seed)
        let training = log.filter("held out", limited) { keptOut.contains(question($0)) ? "kept out" : nil }
        let heldOut = limited.filter { keptOut.contains(question($0)) }

        let chats = try curate(
            conversations, heldOut: max(0, options.heldOut - heldOut.count), contamination: matcher, &log, renderer, options,
            context)
        var agent = try render(training, "training", &log, renderer, redactor, options, context) + chats.train
        var measured = try render(heldOut, "held out", &log, renderer, redactor, options, context) + chats.heldOut
        agent = agent.map(log.explained)
        measured = measured.map(log.explained)
        guard !agent.isEmpty || allowsNothing || options.mix?.agentRatio == 0 else {
            throw TemperError(
                .data, "curation leaves nothing to train on: \(log.summary)",
                hint: log.commonestReason(of: "rendering").map { "rendering: \($0)" }
                    ?? "see 'curate.minimum_reward' and 'curate.held_out'",
                boundary: .recipe)
        }
        let mixed = agent.isEmpty && allowsNothing ? nil : try mix(agent, renderer, redactor, options, context)
        let train = mixed?.documents ?? agent
        var card = DatasetCard(
            run: context.run, seed: context.seed, options: options, template: renderer.template, steps: log.steps,
            episodes: ordered, conversations: conversations, agent: agent, train: train, heldOut: measured,
            mix: mixed?.report)
        if redactor != nil { card.redaction = RedactionReport(of: (train + measured).map(\.document)) }
        if let contamination = options.contamination {
            card.contamination = contaminationTable(
                context.testSets, ContaminationRule(contamination.rule), before: different, conversations, after: train)
        }
        let names = ordered.map(\.episodeName) + conversations.map(\.episodeName)
        return CuratedDataset(
            train: train, heldOut: measured, card: card, fates: fates(of: names, log, agent: agent, train: train, measured))
    }

    /// What became of each episode and conversation, in the order of the names.
    private static func fates(
        of names: [String], _ log: StepLog, agent: [CuratedDocument], train: [CuratedDocument], _ heldOut: [CuratedDocument]
    ) -> [CurationFate] {
        func counts(_ documents: [CuratedDocument]) -> [String: Int] {
            Dictionary(documents.map { ($0.episodeName, 1) }, uniquingKeysWith: +)
        }
        let (usable, drawn, measured) = (counts(agent), counts(train), counts(heldOut))
        return names.map { name in
            let outcome: CurationFate.Outcome
            if measured[name] != nil {
                outcome = .heldOut
            } else if usable[name] != nil {
                outcome = drawn[name] == nil ? .notDrawn : .training
            } else {
                outcome = .dropped
            }
            return CurationFate(
                episode: name, outcome: outcome, documents: measured[name] ?? drawn[name] ?? 0,
                decisions: log.decisions[name] ?? [])
        }
    }

    private static func rewardNote(_ episode: Trajectory, _ options: CurationOptions) -> String {
        "\(episode.score?.reward ?? 0), at least \(options.minimumReward(for: episode.key.suite))"
    }

    /// The order of everything: suite, task, method, attempt, group.
    static func isBefore(_ left: Trajectory, _ right: Trajectory) -> Bool {
        let (one, other) = (left.key, right.key)
        return (one.suite, one.task, one.method.rawValue, one.attempt, one.group)
            < (other.suite, other.task, other.method.rawValue, other.attempt, other.group)
    }

    /// The chat template a recipe asks for, or else the tokenizer's own, or else ChatML.
    ///
    /// - Throws: ``TemperError`` with code `data` for an unknown name.
    package static func template(_ options: CurationOptions, _ tokenizer: Tokenizer) throws -> ChatTemplate {
        guard let name = options.chatTemplate else { return tokenizer.chatTemplate ?? .chatML }
        if let template = ChatTemplate(rawValue: name) { return template }
        throw TemperError(
            .data, "'curate.chat_template' names '\(name)', which is not a chat template",
            hint: "there are: \(ChatTemplate.names.joined(separator: ", "))", boundary: .recipe)
    }

    /// Why an episode is not in the form its method asks for; nil when it is.
    private static func formatFault(_ episode: Trajectory, _ options: CurationOptions) -> String? {
        guard let last = episode.turns.last else { return "no turns" }
        guard episode.outcome == .finished else { return "not finished: \(episode.outcome.rawValue)" }
        guard last.effectiveAction != nil else { return "the last reply is not an action" }
        for turn in episode.turns {
            if turn.carriedOut != nil, !episode.key.method.plans {
                if options.nearestActions == .drop { return "the nearest admissible action was carried out" }
            } else if turn.diagnosis != nil {
                if options.invalidReplies == .drop { return "a reply is invalid" }
            } else if TurnText.read(turn.replyText, method: episode.key.method, format: episode.task.format).action != turn.action
            {
                return "a reply does not read as its action"
            }
        }
        return nil
    }

    /// Everything a document would show of an episode.
    static func content(_ episode: Trajectory) -> [String] {
        [episode.task.instruction, episode.opening ?? ""] + episode.turns.flatMap { [$0.replyText, $0.observation ?? ""] }
    }

    /// Tasks are told apart by what they ask: some sources give one question two ids.
    static func question(_ episode: Trajectory) -> String { episode.key.suite + "\u{0}" + episode.task.instruction }

    /// The questions whose episodes are held out: in an order drawn from the seed and the question alone, as many as fit
    /// into `count` episodes.
    private static func heldOutQuestions(_ episodes: [Trajectory], _ count: Int, seed: UInt64) -> Set<String> {
        guard count > 0 else { return [] }
        let sizes = Dictionary(grouping: episodes, by: question).mapValues(\.count)
        let drawn = sizes.keys.map { (rank: RandomSource.derive(seed, ["held out", $0]), question: $0) }.sorted { $0 < $1 }
        var chosen: Set<String> = []
        var left = count
        for (_, question) in drawn {
            let size = sizes[question, default: 0]
            guard size <= left else { continue }
            chosen.insert(question)
            left -= size
        }
        return chosen
    }

    private static func render(
        _ episodes: [Trajectory], _ side: String, _ log: inout StepLog, _ renderer: TokenRenderer, _ redactor: Redactor?,
        _ options: CurationOptions, _ context: CurationContext
    ) throws -> [CuratedDocument] {
        if !episodes.isEmpty { try renderer.requireUsable() }
        var encoded: [CuratedDocument] = []
        _ = try log.filter("rendering, \(side)", episodes) { episode in
            let prompt = try prompt(for: episode, options, context.prompt)
            switch try Rendering.documents(of: episode, prompt: prompt, options: options, run: context.run) {
            case .success(let rendered):
                var own: [CuratedDocument] = []
                for document in rendered.map({ redactor?.redacted($0) ?? $0 }) {
                    if let reason = renderer.refusal(of: document, into: &own) { return reason }
                }
                encoded += own
            case .failure(let refusal): return refusal.reason
            }
            return nil
        }
        let limit = tokenLimit(options, context)
        return log.filter("length, \(side)", unit: "documents", encoded) { item in
            item.tokens.ids.count > limit ? "more than \(limit) tokens" : nil
        }
    }

    /// Documents of more tokens are left out.
    static func tokenLimit(_ options: CurationOptions, _ context: CurationContext) -> Int {
        [options.maximumTokens, context.contextLimit].compactMap { $0 }.min() ?? .max
    }

    /// The prompt in the form that the turns are written in; nil where the prompt style shows none.
    ///
    /// - Parameter prompts: the prompt of a suite for a method.
    /// - Throws: ``TemperError`` with code `data` where the style shows a prompt and the suite has none.
    package static func prompt(
        for episode: Trajectory, _ options: CurationOptions, _ prompts: (String, Method) throws -> SuitePrompt?
    ) throws -> SuitePrompt? {
        guard options.promptStyle != .task else { return nil }
        let method = options.unify ? Method.react : episode.key.method.promptMethod
        if let prompt = try prompts(episode.key.suite, method) { return prompt }
        throw TemperError(
            .data, "the suite '\(episode.key.suite)' has no prompt for '\(method.rawValue)'",
            hint: "set 'curate.prompt_style: task'", place: episode.key.text, boundary: .recipe)
    }
}
