/// A comparison over tasks and training seeds, with each seed's mean.
struct SeedBlock {
    let seedHeading: String
    let seedPlace: String
    let seedMetric: String
    let seedVerdict: String
    let seedLines: [SeedLine]

    init(_ comparison: SeededComparison) {
        seedHeading = "\(comparison.policy.policy) minus \(comparison.baseline.policy)"
        seedPlace = "\(comparison.suite), \(NumberText.count(comparison.n)) tasks"
        seedMetric = MetricName.title(comparison.metric)
        seedVerdict =
            "\(comparison.verdict.rawValue): \(NumberText.signed(comparison.difference)) \(NumberText.signed(comparison.interval)); "
            + "the smallest difference that would have been called is \(NumberText.score(comparison.floor))"
        let sides = [comparison.policy, comparison.baseline]
        seedLines = sides.flatMap { score in
            [SeedLine(score)] + (score.isTrained ? score.seeds.map(SeedLine.init) : [])
        }
    }
}

/// A policy over its seeds, or one of them.
struct SeedLine {
    let seedName: String
    let seedMean: String
    let seedInterval: String

    init(_ score: SeededScore) {
        seedName = score.policy
        seedMean = NumberText.score(score.mean)
        seedInterval = score.interval.map { NumberText.interval($0) } ?? ""
    }

    init(_ seed: SeededScore.Seed) {
        seedName = "seed \(seed.seed)"
        seedMean = NumberText.score(seed.mean)
        seedInterval = ""
    }
}
