import Foundation
import TemperCore
import TemperEnvironments
import Testing

@Suite struct AnswerMetricsTests {
    struct Case: Decodable {
        var prediction: String
        var answer: String
        var normalized: String
        var exact_match: Bool
        var f1: Double
    }

    struct Released: Decodable {
        var answer: String
        var prediction: String
        var em: Bool
        var f1: Double
    }

    @Test("Normalisation, exact match and F1 equal the Python script's")
    func matchesPythonGolden() throws {
        for item in try golden("answer-metrics", as: [Case].self) {
            #expect(AnswerMetrics.normalized(item.prediction) == item.normalized, "\(item.prediction)")
            #expect(AnswerMetrics.exactMatch(item.prediction, item.answer) == item.exact_match, "\(item.prediction)")
            #expect(abs(AnswerMetrics.f1(item.prediction, item.answer) - item.f1) < 1e-12, "\(item.prediction)")
        }
    }

    @Test("All released FireAct predictions get their recorded scores")
    func matchesFireActRealData() throws {
        guard let url = realData("hotpotqa/em-f1-golden.json") else { return }
        let items = try JSONDecoder().decode([Released].self, from: Data(contentsOf: url))
        #expect(items.count == 730)
        for item in items {
            #expect(AnswerMetrics.exactMatch(item.prediction, item.answer) == item.em, "\(item.prediction)")
            #expect(abs(AnswerMetrics.f1(item.prediction, item.answer) - item.f1) < 1e-9, "\(item.prediction)")
        }
    }

    @Test("No answer scores 0 in both metrics")
    func missingAnswer() {
        #expect(AnswerMetrics.score(nil, "") == Score(reward: 0, metrics: ["exact_match": 0, "f1": 0]))
    }
}
