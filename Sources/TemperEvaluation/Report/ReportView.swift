/// What the template reads: ``ReportData`` in words. Every string is plain text and escaped by the template, save those of
/// type ``Markup``.
///
/// The template library looks a name up in the enclosing values when it is nil in the innermost one, so no two nested
/// values share a name.
struct ReportView {
    /// Markup made by this module's SVG writers, or its style sheet; the template puts it in as it is.
    struct Markup: CustomStringConvertible { var description: String }

    let style: Markup
    let runName: String
    let headline: HeadlineView
    let policyTitle: String
    let baselineTitle: String
    let metricName: String
    let overall: [OverallBlock]
    let hasOverall: Bool
    let blocks: [ScoreBlock]
    let differences: [DifferenceLine]
    let hasDifferences: Bool
    let footnotes: [String]
    let choices: [MethodChoiceBlock]
    let hasChoices: Bool
    let controls: [ControlLine]
    let hasControls: Bool
    let shapes: [ShapeLine]
    let hasShapes: Bool
    let shapesLead: String
    let errors: ErrorTable?
    let loss: LossView?
    let stages: [StageLine]
    let hasStages: Bool
    let stageTotal: StageLine?
    let dataset: DatasetView?
    let samples: [SampleView]
    let hasSamples: Bool
    let recipe: String
    let facts: [ReportData.Fact]
    let hasFacts: Bool

    init(_ data: ReportData, style: String) {
        self.style = Markup(description: style)
        runName = data.name
        headline = HeadlineView(data)
        policyTitle = data.headline.policy
        baselineTitle = data.headline.baseline
        metricName = MetricName.title(data.headline.metric)
        overall = OverallBlock.blocks(of: data.evaluation.overall)
        hasOverall = !overall.isEmpty
        blocks = ScoreBlock.blocks(of: data)
        differences = data.evaluation.comparisons.map(DifferenceLine.init)
        hasDifferences = !differences.isEmpty
        footnotes = Self.footnotes(of: data.evaluation)
        choices = data.evaluation.methodChoices.map(MethodChoiceBlock.init)
        hasChoices = !choices.isEmpty
        controls = data.controls.compactMap { ControlLine($0, data) }
        hasControls = !controls.isEmpty
        shapes = ShapeLine.lines(of: data)
        hasShapes = !shapes.isEmpty
        shapesLead =
            Self.capitalised(data.headline.policy) + " as a bar with its interval, \(data.headline.baseline) as a mark on it."
        errors = ErrorTable(data.errorTallies)
        loss = data.loss.flatMap(LossView.init)
        stages = data.stages.map { StageLine($0) }
        hasStages = !stages.isEmpty
        stageTotal = StageLine.total(of: data.stages)
        dataset = data.dataset.map(DatasetView.init)
        samples = data.samples.enumerated().map { SampleView($1, isOpen: $0 == 0) }
        hasSamples = !samples.isEmpty
        recipe = data.recipe
        facts = data.facts
        hasFacts = !facts.isEmpty
    }

    /// The rows' notes, each once, and what an interval without width means where there is one.
    private static func footnotes(of evaluation: Evaluation) -> [String] {
        var notes: [String] = []
        for note in evaluation.results.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
        let rows = evaluation.results
        if rows.contains(where: { row in row.interval.map { $0.low == $0.high } ?? false }) {
            notes.append("An interval without width means that all n episodes scored alike; the true mean may still be 3/n away.")
        }
        return notes
    }

    /// A policy's word as the start of a sentence: `tuned` becomes `Tuned`, an address stays as it is.
    static func capitalised(_ policy: String) -> String {
        policy.allSatisfy(\.isLetter) ? policy.prefix(1).uppercased() + policy.dropFirst() : policy
    }
}

extension ReportData {
    /// The first row of a policy in a group of the headline's suite.
    func row(of policy: String, group: String) -> ResultRow? {
        evaluation.results.first { $0.policy == policy && $0.suite == headline.suite && $0.group == group }
    }
}

/// The sentence on top.
struct HeadlineView {
    struct Side {
        let sideName: String
        let sideScore: String
        let sideInterval: String

        init(_ name: String, _ row: ResultRow?, _ metric: String) {
            sideName = name
            sideScore = NumberText.score(row?.value(of: metric))
            sideInterval = NumberText.interval(row?.interval(of: metric))
        }

        init(_ score: OverallScore) {
            sideName = ReportView.capitalised(score.policy)
            sideScore = NumberText.score(score.mean)
            sideInterval = NumberText.interval(score.interval)
        }
    }

    let after: Side
    let before: Side
    /// `exact match on 200 questions about unseen entities`
    let subject: String
    let pairedSentence: String?

    init(_ data: ReportData) {
        let headline = data.headline
        // The suites of the headline's kind, which is the first.
        let overall = data.evaluation.overall.filter { $0.kind == data.evaluation.overall.first?.kind }
        if let policy = overall.first(where: { $0.policy == headline.policy }),
            let baseline = overall.first(where: { $0.policy == headline.baseline })
        {
            (after, before) = (Side(policy), Side(baseline))
            let kind = policy.kind.map { "\($0.title) " } ?? ""
            subject = "Mean over \(policy.parts.count) \(kind)suites from guessing (0) to the expert (1), with 95 % intervals"
            pairedSentence = nil
            return
        }
        let row = data.row(of: headline.policy, group: headline.group)
        after = Side(ReportView.capitalised(headline.policy), row, headline.metric)
        before = Side(headline.baseline, data.row(of: headline.baseline, group: headline.group), headline.metric)
        let group = headline.group == Grouping.all ? "" : ", \(headline.group)"
        let metric = MetricName.title(headline.metric)
        subject =
            "\(metric.prefix(1).uppercased())\(metric.dropFirst()) on \(NumberText.count(row?.n ?? 0)) \(headline.about)\(group), "
            + "with 95 % intervals"
        pairedSentence = data.evaluation.comparisons.first {
            $0.policy == headline.policy && $0.baseline == headline.baseline && $0.suite == headline.suite
                && $0.group == headline.group && $0.metric == headline.metric
        }.map {
            "Paired difference over the same \(NumberText.count($0.nPairs)) tasks: \(NumberText.signed($0.difference)) "
                + NumberText.signed($0.interval)
        }
    }
}
