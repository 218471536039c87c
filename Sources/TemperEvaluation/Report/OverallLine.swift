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
