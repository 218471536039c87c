import TemperCore

/// The loss curve, and the learning rate where it was logged, each drawn for wide and for narrow pages.
struct LossView {
    let lossWide: ReportView.Markup
    let lossNarrow: ReportView.Markup
    let lossCaption: String
    let rateWide: ReportView.Markup?
    let rateNarrow: ReportView.Markup?

    /// Nil when there is no point to draw.
    init?(_ curve: ReportData.LossCurve) {
        func points(_ points: [ReportData.LossCurve.Point]) -> [(x: Double, y: Double)] {
            points.map { (Double($0.step), $0.value) }
        }
        var series: [LineChart.Series] = []
        if !curve.training.isEmpty {
            series.append(.init(name: "training", className: "line-training", points: points(curve.training)))
        }
        if !curve.heldOut.isEmpty {
            series.append(
                .init(
                    name: "held out", className: "line-held-out", points: points(curve.heldOut),
                    showsDots: curve.heldOut.count <= 40))
        }
        let chart = LineChart(
            title: "Loss per trained token by training step", xLabel: "step", yLabel: "loss, nats per trained token",
            series: series, yScale: curve.isLogarithmic ? .logarithmic : .linear)
        guard let wide = chart.svg(), let narrow = chart.narrow.svg() else { return nil }
        lossWide = ReportView.Markup(description: wide)
        lossNarrow = ReportView.Markup(description: narrow)
        lossCaption = Self.caption(curve)
        let rate = LineChart(
            title: "Learning rate by training step", xLabel: "step", yLabel: "learning rate",
            series: [.init(name: "learning rate", className: "line-rate", points: points(curve.learningRate))], height: 150)
        rateWide = rate.svg().map(ReportView.Markup.init)
        rateNarrow = rate.narrow.svg().map(ReportView.Markup.init)
    }

    private static func caption(_ curve: ReportData.LossCurve) -> String {
        var parts: [String] = []
        if let first = curve.training.first, let last = curve.training.last {
            parts.append("Training: \(NumberText.fixed(first.value, 3)) → \(NumberText.fixed(last.value, 3)).")
        }
        if let first = curve.heldOut.first, let last = curve.heldOut.last {
            parts.append("Held out: \(NumberText.fixed(first.value, 3)) → \(NumberText.fixed(last.value, 3)).")
        }
        if curve.training.count > LineChart.maximumPoints {
            parts.append("\(NumberText.count(curve.training.count)) logged steps, drawn as the means of equal pieces.")
        }
        if curve.isLogarithmic { parts.append("Logarithmic scale.") }
        return parts.joined(separator: " ")
    }
}

extension LineChart {
    /// The same chart for a page of a phone's width, where the wide one's text would be too small.
    var narrow: LineChart {
        var chart = self
        chart.width = 400
        chart.height = max(150, height * 0.85)
        return chart
    }
}

/// What a stage took.
struct StageLine {
    let stageName: String
    let stageNote: String
    let time: String
    let promptTokens: String
    let completionTokens: String
    let trainingTokens: String
    let price: String

    init(_ stage: ReportData.StageCost) {
        func tokens(_ count: Int) -> String { count == 0 ? "–" : NumberText.count(count) }
        stageName = stage.name
        stageNote = stage.note
        time = NumberText.duration(stage.seconds)
        promptTokens = tokens(stage.promptTokens)
        completionTokens = tokens(stage.completionTokens)
        trainingTokens = tokens(stage.trainingTokens)
        price = NumberText.dollars(stage.priceDollars)
    }

    /// The sums; nil for no stages.
    static func total(of stages: [ReportData.StageCost]) -> StageLine? {
        guard !stages.isEmpty else { return nil }
        let total = stages.reduce(into: ReportData.StageCost(name: "total", seconds: 0)) { sum, stage in
            sum.seconds += stage.seconds
            sum.promptTokens += stage.promptTokens
            sum.completionTokens += stage.completionTokens
            sum.trainingTokens += stage.trainingTokens
            sum.priceDollars += stage.priceDollars
        }
        return StageLine(total)
    }
}

/// Every count from episodes to trained tokens.
struct DatasetView {
    struct Tile {
        let tileValue: String
        let tileName: String
        let tileNote: String
    }

    struct Drop {
        let reason: String
        let dropCount: String
        let dropShare: String
    }

    let tiles: [Tile]
    let drops: [Drop]
    let hasDrops: Bool
    let details: [ReportData.Fact]
    let hasDetails: Bool

    init(_ counts: ReportData.DatasetCounts) {
        func share(_ part: Int, of whole: Int) -> String { whole > 0 ? NumberText.percent(Double(part) / Double(whole)) : "" }
        tiles = [
            Tile(tileValue: NumberText.count(counts.collected), tileName: "episodes", tileNote: "collected"),
            Tile(
                tileValue: NumberText.count(counts.kept), tileName: "kept",
                tileNote: share(counts.kept, of: counts.collected) + " of episodes"),
            Tile(tileValue: NumberText.count(counts.documents), tileName: "documents", tileNote: "in the dataset"),
            Tile(tileValue: NumberText.count(counts.tokens), tileName: "tokens", tileNote: "in all documents"),
            Tile(
                tileValue: NumberText.count(counts.trainedTokens), tileName: "trained tokens",
                tileNote: share(counts.trainedTokens, of: counts.tokens) + " of tokens"),
        ]
        var dropped = counts.dropped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        let rest = counts.collected - counts.kept - dropped.reduce(0) { $0 + $1.1 }
        if rest != 0 { dropped.append(("not accounted for", rest)) }
        drops = dropped.map {
            Drop(reason: $0.0, dropCount: NumberText.count($0.1), dropShare: share($0.1, of: counts.collected))
        }
        hasDrops = !drops.isEmpty
        details = counts.details
        hasDetails = !details.isEmpty
    }
}

/// One trajectory, its tokens joined to runs of one author and one mask.
struct SampleView {
    struct Run {
        let runText: String
        let runClass: String
        let runTitle: String
    }

    let question: String
    let sampleKey: String
    let sampleOutcome: String
    let isGood: Bool
    let sampleReward: String
    let sampleAnswer: String
    let sampleGold: String
    let tokenCounts: String
    let isOpen: Bool
    let runs: [Run]

    init(_ sample: ReportData.SampleTrajectory, isOpen: Bool) {
        question = sample.question
        sampleKey = sample.key
        sampleOutcome = MetricName.title(sample.outcome.rawValue)
        isGood = (sample.reward ?? 0) >= 1
        sampleReward = sample.reward.map { "reward " + SVG.number($0) } ?? "not scored"
        sampleAnswer = sample.answer ?? "–"
        sampleGold = sample.gold ?? "–"
        let trained = sample.tokens.count { $0.trained }
        tokenCounts = "\(NumberText.count(sample.tokens.count)) tokens, \(NumberText.count(trained)) trained"
        self.isOpen = isOpen
        var runs: [(text: String, trained: Bool, author: Author?)] = []
        for token in sample.tokens {
            if let last = runs.last, last.trained == token.trained, last.author == token.author {
                runs[runs.count - 1].text += token.text
            } else {
                runs.append((token.text, token.trained, token.author))
            }
        }
        self.runs = runs.map {
            let author = $0.author?.rawValue ?? "template"
            return Run(
                runText: $0.text, runClass: "by-\(author)" + ($0.trained ? " trained" : ""),
                runTitle: author + ($0.trained ? ", trained" : ", not trained"))
        }
    }
}
