extension Method {
    /// All actions planned at once, carried out, then one answer from the evidence (ReWOO, Xu et al. 2023).
    public static let rewoo = Method(ReWOO())
}

/// A plan of all actions, their evidence, then the answer: the words of ``PlanText``.
struct ReWOO: MethodText {
    let name = "rewoo"
    let summary = "a plan of all actions, their evidence, then the answer (ReWOO)"
    let plans = true

    func expectation(_ format: TurnFormat) -> String { PlanText.expectation }
    func stopStrings(_ format: TurnFormat) -> [String] { ["\n" + PlanText.evidenceMark] }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { PlanText.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        guard action.name == "finish" else { return PlanText.write(number: number, plan: thought, action: action) }
        guard let thought, !thought.isEmpty else { return "Answer: \(action.argument)" }
        return TurnText.write(thought: thought, answer: action.argument)
    }

    /// A plan is one call and its answer another, however many actions it has.
    func maximumCalls(turns maximumTurns: Int) -> Int { 2 }

    func purpose(after turns: [Turn]) -> Scene.Purpose { turns.contains { $0.plan != nil } ? .turn : .plan }

    /// The next action of a plan that is under way, with its evidence filled in.
    func turn(after turns: [Turn]) -> Turn? {
        guard let (step, evidence) = PlanText.pending(in: turns) else { return nil }
        let author = turns.last { $0.plan != nil }?.reply.first?.author ?? .policy
        var turn = Turn(
            index: turns.count, reply: [Span(step.text, by: author)], thought: step.reading.thought,
            action: step.reading.action, diagnosis: step.reading.diagnosis)
        if let action = turn.action {
            let resolved = PlanText.resolved(action, evidence: evidence)
            if resolved != action { turn.carriedOut = resolved }
        }
        return turn
    }

    func firstTurn(of reply: Turn) -> Turn {
        guard let first = PlanText.steps(of: reply.replyText).first else { return reply }
        var turn = reply
        turn.plan = reply.replyText
        turn.reply = [Span(first.text, by: reply.reply.first?.author ?? .policy)]
        return turn
    }

    /// A plan is one reply of several turns, and its evidence one message.
    func exchanges(of turns: [Turn], _ format: TurnFormat) -> [Conversation.Exchange] {
        var exchanges: [Conversation.Exchange] = []
        var index = 0
        while index < turns.count {
            let turn = turns[index]
            guard let plan = turn.plan else {
                let answer = turn.observation.map { write(observation: $0, format) }
                exchanges.append(Conversation.Exchange(turns: [turn], reply: turn.reply, answer: answer))
                index += 1
                continue
            }
            let steps = PlanText.steps(of: plan)
            let done = Array(turns[index..<min(turns.count, index + max(1, steps.count))])
            let evidence = zip(steps, done).compactMap { step, turn in turn.observation.map { (step.number, $0) } }
            exchanges.append(
                Conversation.Exchange(
                    turns: done, reply: Self.plan(of: done.map(\.reply)),
                    answer: evidence.isEmpty ? nil : PlanText.write(evidence: evidence)))
            index += done.count
        }
        return exchanges
    }

    /// A plan may hold any line.
    func isUnified(_ reply: String) -> Bool { false }

    func fault(of turns: [Turn]) -> String? {
        if turns.last?.action?.name != "finish" { return "it gives no answer" }
        let areActions = turns.dropLast().allSatisfy { $0.action != nil && $0.action?.name != "finish" }
        return areActions ? nil : "not every turn is an action"
    }

    func joined(_ turns: [Turn]) -> [Turn] {
        guard turns.count > 1 else { return turns }
        var turns = turns
        turns[0].plan = turns.dropLast().map(\.replyText).joined(separator: "\n")
        return turns
    }

    /// Parts of a plan with the line ends between them.
    private static func plan(of parts: [[Span]]) -> [Span] {
        var spans: [Span] = []
        for part in parts {
            if var first = part.first {
                // The line end belongs to the plan as its author wrote it.
                if !spans.isEmpty { first.text = "\n" + first.text }
                spans += [first] + part.dropFirst()
            }
        }
        return spans
    }
}
