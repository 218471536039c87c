package import TemperCore

/// Gives a task's own answer at once: what checks that the answers of a suite score 1 under its own metric.
package struct GoldAnswerPolicy: Script {
    package let name = "gold"
    package let author: Author? = .reference

    package init() {}

    package func reply(in scene: Scene) async throws -> String {
        let answer = scene.task.referenceAnswer ?? ""
        switch scene.key.method {
        case .cot, .io: return "Answer: \(answer)"
        default: return TurnText.write(thought: nil, action: Action("finish", answer))
        }
    }
}
