import TemperCore

/// The scores of all policies on one group of tasks.
struct ScoreBlock {
    let heading: String
    let place: String
    let metricTitle: String
    let showsF1: Bool
    let lines: [ScoreLine]

    /// One block per suite, split, method and group, without the groups that have a table of their own.
    static func blocks(of data: ReportData) -> [ScoreBlock] {
        let controls = Set(data.controls.map(\.policy))
        let rows = data.evaluation.results.filter { !controls.contains($0.policy) && !$0.isDetail }
        return rows.grouped(by: { [$0.suite, $0.split, $0.method.rawValue, $0.group] }).map { cell, rows in
            let metric = data.evaluation.primaryMetrics[cell[0]] ?? data.headline.metric
            return ScoreBlock(
                heading: cell[3] == Grouping.all ? "All tasks" : cell[3].prefix(1).uppercased() + cell[3].dropFirst(),
                place: "\(cell[0]), \(cell[1]) split, \(cell[2])" + (rows[0].kind.map { ", \($0.title)" } ?? ""),
                metricTitle: MetricName.title(metric),
                showsF1: metric != "f1" && rows.contains { $0.metrics["f1"] != nil },
                lines: rows.map { ScoreLine($0, metric: metric, isHeadline: $0.policy == data.headline.policy) })
        }
    }
}

/// One policy in a score block.
struct ScoreLine {
    let policyName: String
    let policyNote: String
    let bar: ReportView.Markup
    let score: String
    let scoreInterval: String
    let f1: String
    let turns: String
    let count: String

    init(_ row: ResultRow, metric: String, isHeadline: Bool) {
        policyName = row.policy
        var notes = [MetricName.outcomes(row.outcomes)].filter { !$0.isEmpty }
        if row.errors > 0 { notes.append("\(NumberText.count(row.errors)) errors, not scored") }
        if let style = row.promptStyle { notes.append("\(style.rawValue) prompt") }
        if let passes = row.passAtK {
            notes.append(passes.map { "pass@\($0.k) \(NumberText.score($0.value))" }.joined(separator: ", "))
        }
        policyNote = notes.joined(separator: "; ")
        score = NumberText.score(row.value(of: metric))
        scoreInterval = NumberText.interval(row.interval(of: metric))
        f1 = NumberText.score(row.metrics["f1"])
        turns = row.meanTurns.map { NumberText.fixed($0, 1) } ?? "–"
        count = NumberText.count(row.n)
        bar = ReportView.Markup(
            description: ScoreBar(
                value: row.value(of: metric), interval: row.interval(of: metric),
                className: isHeadline ? "bar-policy" : "bar-baseline", title: "\(row.policy), \(row.group): \(score)"
            ).svg())
    }
}

/// Policy against baseline, in one row.
struct DifferenceLine {
    let pair: String
    let pairGroup: String
    let pairPlace: String
    let difference: String
    let differenceInterval: String
    let pairCount: String
    let share: String
    let probability: String

    init(_ comparison: PairedComparison) {
        pair = "\(comparison.policy) − \(comparison.baseline)"
        pairGroup = comparison.group == Grouping.all ? "all tasks" : comparison.group
        pairPlace = "\(MetricName.title(comparison.metric)), \(comparison.suite), \(comparison.split) split"
        difference = NumberText.signed(comparison.difference)
        differenceInterval = NumberText.signed(comparison.interval)
        let unpaired = comparison.unpaired > 0 ? " (\(NumberText.count(comparison.unpaired)) unpaired)" : ""
        pairCount = NumberText.count(comparison.nPairs) + unpaired
        share = NumberText.percent(comparison.shareAtOrBelowZero)
        probability = comparison.mcNemarP.map { "p " + NumberText.probability($0) } ?? "–"
    }
}

/// A control with what it shows.
struct ControlLine {
    let controlName: String
    let controlGroup: String
    let explanation: String
    let controlBar: ReportView.Markup
    let controlScore: String
    let controlInterval: String
    let controlCount: String
    let limitText: String
    let isWithin: Bool
    let isBeyond: Bool

    /// Nil when the control was not run. The headline's group is taken, or all tasks where it has no such group.
    init?(_ control: ReportData.Control, _ data: ReportData) {
        let headline = data.headline
        guard let row = data.row(of: control.policy, group: headline.group) ?? data.row(of: control.policy, group: Grouping.all)
        else { return nil }
        let value = row.value(of: headline.metric)
        controlName = control.policy
        controlGroup = row.group == Grouping.all ? "all tasks" : row.group
        explanation = control.explanation
        controlScore = NumberText.score(value)
        controlInterval = NumberText.interval(row.interval(of: headline.metric))
        controlCount = NumberText.count(row.n)
        limitText = control.limit.map { "at most \(NumberText.score($0))" } ?? ""
        isWithin = if let value, let limit = control.limit { value <= limit } else { false }
        isBeyond = if let value, let limit = control.limit { value > limit } else { false }
        controlBar = ReportView.Markup(
            description: ScoreBar(
                value: value, interval: row.interval(of: headline.metric), mark: control.limit, className: "bar-control",
                title: "\(control.policy): \(controlScore)"
            ).svg())
    }
}

/// One question shape: the policy as a bar, the baseline as a mark on it.
struct ShapeLine {
    let shape: String
    let isHeldOutShape: Bool
    let shapeBar: ReportView.Markup
    let shapeScore: String
    let shapeInterval: String
    let shapeBaseline: String
    let shapeCount: String

    /// Trained shapes first, then by name.
    static func lines(of data: ReportData) -> [ShapeLine] {
        let headline = data.headline
        // Of several methods the first, which the headline is about too.
        let method = data.evaluation.results.first { $0.suite == headline.suite }?.method
        let rows = data.evaluation.results.filter {
            $0.isDetail && $0.policy == headline.policy && $0.suite == headline.suite && $0.method == method
        }
        let ordered = rows.sorted {
            (($0.isShapeHeldOut ?? false) ? 1 : 0, $0.group) < (($1.isShapeHeldOut ?? false) ? 1 : 0, $1.group)
        }
        return ordered.map { row in
            let baseline = data.row(of: headline.baseline, group: row.group)?.value(of: headline.metric)
            let score = NumberText.score(row.value(of: headline.metric))
            let bar = ScoreBar(
                value: row.value(of: headline.metric), interval: row.interval(of: headline.metric), mark: baseline,
                className: "bar-policy", title: "\(row.group): \(score), \(headline.baseline) \(NumberText.score(baseline))")
            return ShapeLine(
                shape: MetricName.title(row.group), isHeldOutShape: row.isShapeHeldOut ?? false,
                shapeBar: ReportView.Markup(description: bar.svg()), shapeScore: score,
                shapeInterval: NumberText.interval(row.interval(of: headline.metric)), shapeBaseline: NumberText.score(baseline),
                shapeCount: NumberText.count(row.n))
        }
    }
}
