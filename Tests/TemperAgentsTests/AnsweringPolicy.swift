import Synchronization
import TemperCore

/// A policy that answers by a function of the request and remembers what it was asked.
final class AnsweringPolicy: LanguageModel {
    let name = "answering"
    let author: Author
    let contextLimit: Int?
    let takesTools: Bool
    private let answer: @Sendable (CompletionRequest) throws -> String
    private let log = Mutex<[CompletionRequest]>([])

    init(
        author: Author = .policy, contextLimit: Int? = nil, takesTools: Bool = false,
        _ answer: @escaping @Sendable (CompletionRequest) throws -> String
    ) {
        self.author = author
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
