import TemperCore

/// What an expert does wrong on purpose: a turn that leads nowhere, or a wrong answer.
enum PocketMistakes {
    static func expert(
        _ expert: PocketExpert, share: Double, metric: @escaping @Sendable (AgentTask) -> AnswerMetric
    ) -> ImperfectExpert {
        ImperfectExpert(expert, share: share, wrongTurn: wrongTurn) { scene, random in
            wrongEnding(scene, metric(scene.task), &random)
        }
    }

    /// Searches the whole question or a bare relation, or looks up a word that no page has.
    private static func wrongTurn(_ scene: Scene, _ random: inout RandomSource) -> String? {
        guard scene.key.method.usesTools, let hop = scene.task.payload["hops"]?.array?.first,
            let relation = PocketRelation(rawValue: hop["relation"]?.string ?? "")
        else { return nil }
        let noun = relation.noun
        let isChoice = !scene.task.options.isEmpty
        let question = isChoice ? QuestionTask.stem(of: scene.task.instruction) : scene.task.instruction
        let word = random.pick(["history", "details", "more", "facts", "list"])
        let choices = [
            (
                ["I search the whole question.", "Maybe the question itself finds a page.", "I try the question as it is."],
                Action("search", question)
            ),
            (
                [
                    "I look for a page on the \(noun).", "I search the \(noun) alone.",
                    "Maybe there is a page with every \(noun).",
                ],
                Action("search", noun)
            ),
            (["I look up '\(word)'.", "I try the word '\(word)'.", "Maybe '\(word)' helps."], Action("lookup", word)),
        ]
        let (thoughts, action) = random.pick(choices)
        return TurnText.write(thought: random.pick(thoughts), action: action)
    }

    /// Another label, or a name that the question or a page so far holds and that is not the answer.
    private static func wrongEnding(_ scene: Scene, _ metric: AnswerMetric, _ random: inout RandomSource) -> String? {
        guard let gold = scene.task.referenceAnswer else { return nil }
        let seen = scene.turns.last?.observation ?? scene.task.instruction
        let candidates = metric.labels ?? TextSpans.titles(in: seen) + TextSpans.years(in: seen)
        let wrong = candidates.filter { metric.score($0, gold).reward == 0 }
        guard !wrong.isEmpty else { return nil }
        let answer = random.pick(wrong)
        let thought = random.pick([
            "I take \(answer) for the answer.", "So the answer must be \(answer).", "I think that it is \(answer).",
            "This looks like \(answer).",
        ])
        switch scene.key.method {
        case .io: return "Answer: \(answer)"
        case .cot: return TurnText.write(thought: thought, answer: answer)
        default: return TurnText.write(thought: thought, action: Action("finish", answer))
        }
    }
}
