import Foundation
package import TemperCore

/// Searches the raw question once and copies the span of the observation that fits the question word best: what retrieval
/// without an agent gets.
package struct SearchOncePolicy: Script {
    package let name = "search-once"
    private let metric: @Sendable (AgentTask) -> AnswerMetric

    /// - Parameter metric: what the suite takes for an answer.
    package init(metric: @escaping @Sendable (AgentTask) -> AnswerMetric = { _ in .exactMatch }) {
        self.metric = metric
    }

    package func reply(in scene: Scene) async throws -> String {
        let metric = metric(scene.task)
        let question = metric.isChoice ? QuestionTask.stem(of: scene.task.instruction) : scene.task.instruction
        if scene.key.method.usesTools, scene.turns.isEmpty {
            return TurnText.write(thought: "I search the question.", action: Action("search", question))
        }
        let observation = scene.turns.last?.observation ?? question
        let answer =
            switch metric {
            case .exactMatch: Self.answer(to: question, from: observation)
            case .yesNo: "yes"
            // The first option that the observation holds.
            case .choice(let options):
                zip(AnswerMetric.letters, options).first { observation.contains($0.1) }?.0 ?? AnswerMetric.letters[0]
            }
        guard scene.key.method.usesTools else { return TurnText.write(thought: "I guess.", answer: answer) }
        return TurnText.write(thought: "I copy what fits.", action: Action("finish", answer))
    }

    /// The first span of the right type that the question does not hold.
    static func answer(to question: String, from observation: String) -> String {
        let words = Set(question.lowercased().split { !$0.isLetter }.map(String.init))
        let first = question.lowercased().split { !$0.isLetter }.first.map(String.init) ?? ""
        let asked = TextSpans.titles(in: question)
        let isOpen = !words.isDisjoint(with: ["who", "whom", "what", "which", "where", "when", "how", "name", "tell"])
        if words.contains("or"), asked.count >= 2 { return asked[0] }
        if !isOpen, ["is", "are", "was", "were", "do", "does", "did", "have", "has", "can"].contains(first) { return "yes" }
        let isNew = { (span: String) in !question.contains(span) }
        let numbers = words.contains("year") || words.contains("when") ? TextSpans.years(in: observation) : []
        if let year = numbers.first(where: isNew) { return year }
        if words.contains("many"), let number = TextSpans.numbers(in: observation).first(where: isNew) { return number }
        let titles = TextSpans.titles(in: observation).filter(isNew)
        if !words.isDisjoint(with: ["who", "whom", "person"]) {
            // People have two names or more.
            if let person = titles.first(where: { $0.contains(" ") }) { return person }
        }
        if !words.isDisjoint(with: ["where", "city", "country", "river", "place", "birthplace"]) {
            if let place = titles.first(where: { !$0.contains(" ") }) { return place }
        }
        return titles.first ?? TextSpans.numbers(in: observation).first ?? "yes"
    }
}
