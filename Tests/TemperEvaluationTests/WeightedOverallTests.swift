import Foundation
import TemperCore
import TemperEvaluation
import Testing

/// Tables 3 and 4 of AgentTuning as printed.
private struct Published: Decodable {
    struct Group: Decodable {
        var name: String
        var scores: [String: [String: Double]]
        var overall: [String: Double]
    }
    var baselines: [String]
    var groups: [Group]
}

@Suite("AgentTuning's overall score")
struct WeightedOverallTests {
    @Test("The 24 overall cells of AgentTuning's table 4 come out as printed") func table4Golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/agenttuning-table4.json")
        let published = try JSONDecoder().decode(Published.self, from: Data(contentsOf: file))
        var cells = 0
        for group in published.groups {
            let found = try WeightedOverall(.init(baselines: published.baselines, scores: group.scores))
            for (model, printed) in group.overall {
                let overall = try #require(found.overall[model])
                // Printed to two digits.
                #expect(abs(overall - printed) < 0.00505, "\(group.name), \(model): \(overall), printed \(printed)")
                cells += 1
            }
        }
        #expect(cells == 24)
        let heldIn = try WeightedOverall(.init(baselines: published.baselines, scores: published.groups[0].scores))
        // Table 3: weights of the held-in tasks, as the paper rounds them.
        let rounded = heldIn.weights.mapValues { Int($0.rounded()) }
        #expect(rounded == ["ALFWorld": 20, "WebShop": 28, "Mind2Web": 9, "KG": 16, "OS": 19, "Database": 12])
    }

    @Test("Weights are the baselines' means, and the baselines are 1 on average") func weights() throws {
        let result = try WeightedOverall(
            .init(
                baselines: ["a", "b"],
                scores: ["a": ["x": 1, "y": 30], "b": ["x": 3, "y": 10], "tuned": ["x": 4, "y": 40]]))
        #expect(result.weights == ["x": 2, "y": 20])
        #expect(result.overall == ["a": 1, "b": 1, "tuned": 2])
    }

    @Test(
        "A table that has no overall score says what is missing",
        arguments: [
            ([], ["a": ["x": 1]], "'baselines' is empty"),
            (["a", "a"], ["a": ["x": 1]], "names a policy twice"),
            (["b"], ["a": ["x": 1]], "the baseline 'b' has no scores"),
            (["a"], ["a": [:]], "'scores' holds no task"),
            (["a"], ["a": ["x": 1], "b": ["y": 1, "x": 1]], "'a' has no score for 'y'"),
            (["a"], ["a": ["x": 0], "b": ["x": 1]], "the baselines' mean for 'x' is not above 0"),
        ] as [([String], [String: [String: Double]], String)])
    func faults(_ baselines: [String], _ scores: [String: [String: Double]], _ words: String) {
        let error = #expect(throws: TemperError.self) {
            try WeightedOverall(.init(baselines: baselines, scores: scores))
        }
        #expect(
            error?.code == .data && error?.message.contains(words) == true && error?.hint != nil, "\(String(describing: error))")
    }
}
