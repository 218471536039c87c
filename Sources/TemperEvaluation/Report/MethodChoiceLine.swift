import TemperCore

/// One policy and suite in the table of method choices: each method by itself, and three ways to choose among them.
struct MethodChoiceBlock {
    let choiceHeading: String
    let choicePlace: String
    let choiceMetric: String
    let choiceLines: [MethodChoiceLine]

    init(_ choice: MethodChoice) {
        choiceHeading = choice.policy
        let leftOut = choice.leftOut > 0 ? "; \(NumberText.count(choice.leftOut)) lack a score in some method" : ""
        choicePlace = "\(choice.suite), \(NumberText.count(choice.n)) tasks run in every method\(leftOut)"
        choiceMetric = MetricName.title(choice.metric)
        choiceLines =
            choice.methods.map { single in
                let note = single.method == choice.bestSingle ? "the best single one" : ""
                return MethodChoiceLine(single.method.rawValue, note, single.mean, nil, single.meanTurns)
            } + [
                MethodChoiceLine("random", "any method with equal chance", choice.random),
                MethodChoiceLine("oracle", "the best method of each task, known afterwards", choice.oracle),
            ]
    }
}

/// A method, or a way of choosing one.
struct MethodChoiceLine {
    let choiceName: String
    let choiceNote: String
    let choiceMean: String
    let choiceInterval: String
    let choiceTurns: String

    init(_ name: String, _ note: String, _ mean: Double, _ interval: Interval?, _ turns: Double) {
        choiceName = name
        choiceNote = note
        choiceMean = NumberText.score(mean)
        choiceInterval = interval.map { NumberText.interval($0) } ?? ""
        choiceTurns = NumberText.fixed(turns, 1)
    }

    init(_ name: String, _ note: String, _ choice: MethodChoice.Choice) {
        self.init(name, note, choice.mean, choice.interval, choice.meanTurns)
    }
}
