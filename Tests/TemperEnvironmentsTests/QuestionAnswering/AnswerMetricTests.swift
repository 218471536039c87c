import TemperCore
import TemperEnvironments
import Testing

@Suite struct AnswerMetricTests {
    @Test(
        "Yes/no is told by the first word; FireAct's rule by the first letters",
        arguments: [
            ("yes", "yes", 1.0, 1.0), ("Yes.", "yes", 1, 1), ("No, it is not", "no", 1, 1), ("not sure", "no", 0, 1),
            ("nobody", "no", 0, 1), ("true", "yes", 0, 0), ("no", "yes", 0, 0), ("", "no", 0, 0), ("\"yes\"", "yes", 1, 0),
            ("yesterday", "yes", 0, 1), ("yes", "true", 1, 1), ("no", "False", 1, 1),
        ])
    func yesNo(prediction: String, gold: String, reward: Double, prefix: Double) {
        let score = AnswerMetric.yesNo.score(prediction, gold)
        #expect(score == Score(reward: reward, metrics: ["exact_match": reward, "prefix_match": prefix]), "\(prediction)")
    }

    @Test(
        "A choice is told by its letter or its text",
        arguments: [
            ("B", 1.0), ("b", 1), ("(B)", 1), ("B.", 1), ("B) four", 1), ("B: four", 1), (" b. ", 1), ("four", 1), ("Four.", 1),
            ("-4", 0), ("A", 0), ("Bfour", 0), ("both", 0), ("because", 0), ("four or five", 0), ("", 0), ("E", 0), ("a b", 0),
        ])
    func choice(prediction: String, reward: Double) {
        let metric = AnswerMetric.choice(["-4", "four", "4", "5"])
        #expect(metric.score(prediction, "B").reward == reward, "\(prediction)")
        #expect(metric.score(prediction, "b").reward == reward)
    }

    @Test("Signs count in an option's text, letters that are options count as letters, equal options are one")
    func oddOptions() {
        #expect(AnswerMetric.choice(["-4", "x", "4", "5"]).score("4", "A").reward == 0)
        #expect(AnswerMetric.choice(["-4", "x", "4", "5"]).score("-4", "A").reward == 1)
        #expect(AnswerMetric.choice(["A", "E", "I", "O"]).score("E", "B").reward == 1)
        #expect(AnswerMetric.choice(["A", "E", "I", "O"]).score("A", "B").reward == 0)
        #expect(AnswerMetric.choice(["12", "-4", "4", "12"]).score("12", "D").reward == 1)
        #expect(AnswerMetric.choice([]).score("four", "B").reward == 0)
        #expect(
            AnswerMetric.choice([]).score("an apple", "A") == Score(reward: 0, metrics: ["exact_match": 0, "prefix_match": 1]))
        #expect(AnswerMetric.choice([]).score(nil, "B").reward == 0 && AnswerMetric.yesNo.score(nil, "no").reward == 0)
    }

    struct Vector: Decodable {
        var kind: String
        var prediction: String
        var answer: String
        var options: [String]
        var match: Double
        var prefix: Double
    }

    @Test("Scores agree with an independent implementation") func labelsGolden() throws {
        let vectors = try questionGolden("answer-labels", as: [Vector].self)
        #expect(vectors.count > 150)
        for vector in vectors {
            let metric: AnswerMetric = vector.kind == "choice" ? .choice(vector.options) : .yesNo
            let wanted = ["exact_match": vector.match, "prefix_match": vector.prefix]
            #expect(metric.score(vector.prediction, vector.answer).metrics == wanted, "\(vector)")
        }
    }
}
