/// The table over the suites of one kind.
struct OverallBlock {
    let overallKind: String
    let overallSuites: [String]
    let overallLines: [OverallLine]

    /// One for each kind, in the order of the scores.
    static func blocks(of scores: [OverallScore]) -> [OverallBlock] {
        scores.grouped(by: \.kind).map { kind, scores in
            let title = kind?.title ?? "all suites"
            return OverallBlock(
                overallKind: title.prefix(1).uppercased() + title.dropFirst(),
                overallSuites: scores[0].parts.map(\.suite), overallLines: scores.map(OverallLine.init))
        }
    }
}

/// One policy in the table over all suites.
struct OverallLine {
    struct Cell {
        let cellScore: String
        let cellInterval: String
    }

    let overallPolicy: String
    let cells: [Cell]
    let overallMean: String
    let overallInterval: String

    init(_ score: OverallScore) {
        overallPolicy = score.policy
        cells = score.parts.map {
            Cell(cellScore: NumberText.score($0.normalised), cellInterval: NumberText.interval($0.interval))
        }
        overallMean = NumberText.score(score.mean)
        overallInterval = NumberText.interval(score.interval)
    }
}
