import Synchronization
import TemperCore

@testable import TemperAgents

/// A model that answers by a function of the request and remembers what it was asked.
final class AnsweringPolicy: LanguageModel {
    let name = "answering"
    let contextLimit: Int?
    let takesTools: Bool
    private let answer: @Sendable (CompletionRequest) throws -> String
    private let log = Mutex<[CompletionRequest]>([])

    init(
        contextLimit: Int? = nil, takesTools: Bool = false,
        _ answer: @escaping @Sendable (CompletionRequest) throws -> String
    ) {
        self.contextLimit = contextLimit
        self.takesTools = takesTools
        self.answer = answer
    }

    var asked: [CompletionRequest] { log.withLock { $0 } }

    func complete(_ request: CompletionRequest) async throws -> Completion {
        log.withLock { $0.append(request) }
        return Completion(text: try answer(request), usage: TokenUsage(promptTokens: 10, completionTokens: 2), price: 0.5)
    }
}

extension CompletionRequest {
    /// The turns before this one, those that are not shown included.
    var turnCount: Int {
        let notice = messages.lazy.compactMap { $0.text.firstMatch(of: /\[(\d+) earlier turns are not shown/) }.first
        return messages.count { $0.role == .assistant } + (notice.flatMap { Int($0.output.1) } ?? 0)
    }
    /// Whether it asks what went wrong in a failed trial.
    var isReflection: Bool { messages.last?.text.hasSuffix(Trials.question) == true }
    /// Whether it shows the evidence that a plan led to, and asks for the answer.
    var hasEvidence: Bool { messages.last?.text.hasPrefix("Evidence #") == true }
}

/// A script that replies by a function of the scene.
struct AnsweringScript: Script {
    let name = "answering"
    let answer: @Sendable (Scene) -> String

    func reply(in scene: Scene) async throws -> String { answer(scene) }
}
