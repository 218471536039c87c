/// What `evaluation.json` holds.
package struct Evaluation: Codable, Sendable, Hashable {
    package var results: [ResultRow]
    package var comparisons: [PairedComparison]
    /// Every policy over the suites of each kind; empty where there is one suite.
    package var overall: [OverallScore]
    /// Each policy over several methods, by suite; empty where each suite was run in one.
    package var methodChoices: [MethodChoice]
    /// The metric a table shows first, by suite.
    package var primaryMetrics: [String: String]
    /// The frozen tasks behind the results, by suite and method, without their lists.
    package var panels: [EvaluationPanel]

    package init(
        results: [ResultRow] = [], comparisons: [PairedComparison] = [], overall: [OverallScore] = [],
        methodChoices: [MethodChoice] = [], primaryMetrics: [String: String] = [:],
        panels: [EvaluationPanel] = []
    ) {
        self.results = results
        self.comparisons = comparisons
        self.overall = overall
        self.methodChoices = methodChoices
        self.primaryMetrics = primaryMetrics
        self.panels = panels
    }

    enum CodingKeys: String, CodingKey {
        case results, comparisons, overall, panels
        case methodChoices = "method_choices"
        case primaryMetrics = "primary_metrics"
    }

    /// Evaluations of earlier versions know no choice among methods and no panels, and have one flag for held-out suites and held-out shapes.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        results = try values.decode([ResultRow].self, forKey: .results)
        comparisons = try values.decode([PairedComparison].self, forKey: .comparisons)
        overall = try values.decode([OverallScore].self, forKey: .overall)
        methodChoices = try values.decodeIfPresent([MethodChoice].self, forKey: .methodChoices) ?? []
        primaryMetrics = try values.decode([String: String].self, forKey: .primaryMetrics)
        panels = try values.decodeIfPresent([EvaluationPanel].self, forKey: .panels) ?? []
        let earlier = try values.decode([EarlierRow].self, forKey: .results)
        // Where even the row over all tasks is held out, the suite was, and the flag says nothing of shapes.
        let heldOutSuites = Set(earlier.filter { $0.group == Grouping.all && $0.heldOut == true }.map(\.suite))
        for (index, row) in earlier.enumerated() where !heldOutSuites.contains(row.suite) {
            results[index].isShapeHeldOut = results[index].isShapeHeldOut ?? row.heldOut
        }
    }

    private struct EarlierRow: Decodable {
        var suite: String
        var group: String
        var heldOut: Bool?

        enum CodingKeys: String, CodingKey {
            case suite, group
            case heldOut = "held_out"
        }
    }
}
