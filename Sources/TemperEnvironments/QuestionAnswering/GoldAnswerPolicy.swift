package import TemperCore

/// Gives a task's own answer at once: what checks that the answers of a suite score 1 under its own metric.
package struct GoldAnswerPolicy: LanguageModel {
    package let name = "gold"
    package let author = Author.reference

    package init() {}

    /// - Throws: ``TemperError`` with code `usage` without a scene.
    package func complete(_ request: CompletionRequest) async throws -> Completion {
        let scene = try request.sceneForScript(name)
        let answer = scene.task.referenceAnswer ?? ""
        switch scene.key.method {
        case .cot, .io: return Completion(text: "Answer: \(answer)")
        default: return Completion(text: TurnText.write(thought: nil, action: Action("finish", answer)))
        }
    }
}
