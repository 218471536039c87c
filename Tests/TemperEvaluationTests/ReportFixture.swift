import TemperCore

@testable import TemperEvaluation

/// A made-up run that uses every part of the report.
enum ReportFixture {
    static func task(_ id: Int, shape: String = "bridge", heldOut: Bool = false, answer: String = "Karsk") -> AgentTask {
        AgentTask(
            id: "q\(id)", suite: "pocket/hotpotqa", split: "test", instruction: "Where was the founder of Olvane born?",
            payload: .object(["answer": .string(answer)]), tags: ["shape": shape, "held_out": heldOut ? "true" : "false"])
    }

    static func trajectory(
        _ task: AgentTask, policy: String = "tuned", outcome: Outcome = .finished, reward: Double? = 1, f1: Double? = nil,
        answer: String? = "Karsk", turns: [Turn] = [], failure: EpisodeFailure? = nil
    ) -> Trajectory {
        Trajectory(
            key: EpisodeKey(group: "evaluate/\(policy)", suite: task.suite, task: task.id, method: .react), task: task,
            policy: policy, seed: 7, turns: turns, outcome: outcome, answer: answer,
            score: reward.map { Score(reward: $0, metrics: ["exact_match": $0, "f1": f1 ?? $0]) }, failure: failure)
    }

    static func turn(_ index: Int, _ action: Action?, observation: String? = nil, diagnosis: String? = nil) -> Turn {
        Turn(
            index: index, reply: [Span("…", by: .policy)], thought: "…", action: action, diagnosis: diagnosis,
            observation: observation, usage: TokenUsage(promptTokens: 300, completionTokens: 20), price: 0.001, seconds: 0.5)
    }

    /// Episodes of a policy that is right with a probability per shape.
    static func episodes(of policy: String, right: Double, heldOutRight: Double, n: Int = 200) -> [Trajectory] {
        let shapes = ["bridge", "comparison", "three hop", "founder birthplace", "film director", "either or", "count films"]
        var random = RandomSource(seed: 3, policy)
        return (0..<n).map { id in
            let shape = shapes[id % shapes.count]
            let isHeldOut = id % shapes.count >= 5
            let isRight = random.chance(isHeldOut ? heldOutRight : right)
            let turns = [
                turn(0, Action("search", "Olvane"), observation: id % 2 == 0 ? "Olvane was founded in Karsk." : "No such page."),
                random.chance(0.05) ? turn(1, nil, observation: "?", diagnosis: "no action") : turn(1, Action("lookup", "born")),
                turn(2, Action("finish", isRight ? "Karsk" : "Veld")),
            ]
            let outcome: Outcome =
                isRight ? .finished : random.chance(0.5) ? .finished : random.chance(0.5) ? .turnLimit : .repeatedOutput
            return trajectory(
                task(id, shape: shape, heldOut: isHeldOut), policy: policy, outcome: outcome, reward: isRight ? 1 : 0,
                f1: isRight ? 1 : 0.1, answer: outcome == .finished ? (isRight ? "Karsk" : "Veld") : nil, turns: turns)
        }
    }

    static func data() throws -> ReportData {
        let base = episodes(of: "base", right: 0.04, heldOutRight: 0.02)
        let tuned = episodes(of: "tuned", right: 0.86, heldOutRight: 0.55)
        let copy = episodes(of: "search once and copy", right: 0.22, heldOutRight: 0.1)
        let foreign = episodes(of: "foreign observations", right: 0.08, heldOutRight: 0.05)
        var results: [ResultRow] = []
        for (name, list) in [("base", base), ("tuned", tuned), ("search once and copy", copy), ("foreign observations", foreign)]
        { results += try ResultRow.summarise(list, policy: name, seed: 7, promptStyle: name == "base" ? .full : .task) }
        let comparisons = PairedComparison.compare(baseline: "base", base, policy: "tuned", tuned, metric: "exact_match", seed: 7)
        return ReportData(
            name: "quickstart",
            headline: .init(
                policy: "tuned", baseline: "base", suite: "pocket/hotpotqa", group: "trained shapes", metric: "exact_match",
                about: "questions about unseen entities"), evaluation: Evaluation(results: results, comparisons: comparisons),
            controls: [
                .init(
                    policy: "search once and copy",
                    explanation: "A script that searches for the question and copies the first name it finds.", limit: 0.3),
                .init(
                    policy: "foreign observations",
                    explanation: "The tuned model shown another question's observations: what it knows without reading.",
                    limit: 0.05),
            ],
            errorTallies: [
                ErrorTally(policy: "base", suite: "pocket/hotpotqa", trajectories: base),
                ErrorTally(policy: "tuned", suite: "pocket/hotpotqa", trajectories: tuned),
            ], loss: loss(), stages: stages(),
            dataset: .init(
                collected: 700, kept: 631, dropped: ["reward below 1": 52, "contaminated": 4, "too long": 13], documents: 790,
                tokens: 412_345, trainedTokens: 98_760,
                details: [.init("react documents", "631"), .init("cot documents", "159"), .init("general chat share", "20 %")]),
            samples: (0..<5).map(sample), recipe: recipe,
            facts: [
                .init("seed", "7"), .init("commit", "4a5b6c7 (clean)"), .init("Temper", "0.1.0"), .init("Swift", "6.3.1"),
                .init("machine", "2 cores, AVX-512, Linux"), .init("base model", "pocket-base, 3.5 M parameters"),
            ])
    }

    static func loss() -> ReportData.LossCurve {
        var random = RandomSource(seed: 1, "loss")
        let training = (0..<900).map { step in
            ReportData.LossCurve.Point(step: step, value: 0.35 + 2.6 / (1 + Double(step) / 60) + random.unit() * 0.25)
        }
        let heldOut = (0...9).map { ReportData.LossCurve.Point(step: $0 * 100, value: 0.42 + 2.4 / (1 + Double($0) * 1.7)) }
        let rate = (0..<900).map { step in
            let step = Double(step)
            return ReportData.LossCurve.Point(
                step: Int(step), value: step < 50 ? 1e-3 * step / 50 : 1e-3 * (1 - (step - 50) / 900))
        }
        return .init(training: training, heldOut: heldOut, learningRate: rate)
    }

    static func stages() -> [ReportData.StageCost] {
        [
            .init(name: "collect", seconds: 3.2, note: "700 episodes of the expert"),
            .init(name: "curate", seconds: 1.1, note: "reward filter, contamination, rendering"),
            .init(name: "train", seconds: 251.4, trainingTokens: 4_123_450, note: "10 epochs, native engine, bf16"),
            .init(
                name: "evaluate", seconds: 83.5, promptTokens: 812_345, completionTokens: 23_456, priceDollars: 0.0123,
                note: "base, tuned and 2 controls"),
        ]
    }

    static func sample(_ index: Int) -> ReportData.SampleTrajectory {
        func words(_ text: String, trained: Bool, _ author: Author?) -> [ReportData.SampleTrajectory.Token] {
            text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map {
                .init(($0 == 0 ? "" : " ") + $1, trained: trained, author: author)
            }
        }
        let question = "In which town was the founder of the company Olvane Works born, and who wrote of it?"
        let turns: [(String, String)] = [
            (
                "Thought: I need the page of Olvane Works to learn who founded it.\nAction: search[Olvane Works]",
                "Observation: Olvane Works is a maker of lamps. It was founded by Mirel Tandro in 1911."
            ),
            (
                "Thought: The founder is Mirel Tandro. Now I need the place of birth.\nAction: search[Mirel Tandro]",
                "Observation: Mirel Tandro (born 2 May 1880 in Karsk) was an engineer."
            ), ("Thought: Mirel Tandro was born in Karsk.\nAction: finish[Karsk]", ""),
        ]
        var tokens = words("<|im_start|>user\n", trained: false, nil) + words(question, trained: false, .instruction)
        for (reply, observation) in turns {
            tokens += words("<|im_end|>\n<|im_start|>assistant\n", trained: false, nil) + words(reply, trained: true, .teacher)
            tokens += words("<|im_end|>", trained: true, .teacher)
            if !observation.isEmpty {
                tokens += words("\n<|im_start|>user\n", trained: false, nil) + words(observation, trained: false, .environment)
            }
        }
        let isRight = index != 3
        return .init(
            key: "collect:pocket/hotpotqa:q\(index):react:0", question: question, outcome: isRight ? .finished : .turnLimit,
            reward: isRight ? 1 : 0, answer: isRight ? "Karsk" : nil, gold: "Karsk", tokens: tokens)
    }

    static let recipe = """
        name: quickstart
        seed: 7
        collect:
          policy: expert
          suites: { pocket/hotpotqa: 400 }
          methods: { react: 1.0, cot: 0.4 }
        train: { engine: native, base: pocket-base, learning_rate: 1e-3 }
        evaluate:
          policies: [base, tuned]
          held_in: [pocket/hotpotqa]
        """
}
