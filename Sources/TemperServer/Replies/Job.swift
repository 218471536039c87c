import TemperCore

/// A completion of either kind.
enum Job: Sendable {
    case chat(ChatJob)
    case text(TextJob)

    /// - Throws: ``APIError`` for a body that asks for nothing this server can do.
    init(_ bytes: [UInt8], isChat: Bool, _ models: ServedModels, created: Int) throws {
        let (body, fields) = try JSONReader.readFields(bytes)
        if isChat {
            let request = try ChatRequest(body, toolsText: fields["tools"].map { String(decoding: bytes[$0], as: UTF8.self) })
            self = .chat(try ChatJob(request, models.find(request.model), created: created))
        } else {
            let request = try TextRequest(body)
            self = .text(try TextJob(request, models.find(request.model), created: created))
        }
    }

    var streams: Bool {
        switch self {
        case .chat(let job): job.request.sampling.streams
        case .text(let job): job.request.sampling.streams
        }
    }

    /// Replies that are written at the same time.
    var choiceCount: Int {
        switch self {
        case .chat(let job): job.request.sampling.count
        case .text(let job): job.request.sampling.count * job.prompts.count
        }
    }

    func whole(deadline: ContinuousClock.Instant) async throws -> (body: JSONValue, usage: Usage) {
        switch self {
        case .chat(let job): try await job.whole(deadline: deadline)
        case .text(let job): try await job.whole(deadline: deadline)
        }
    }

    func stream(
        deadline: ContinuousClock.Instant, onFirstToken: () -> Void, _ send: (JSONValue) -> Void
    ) async throws -> Usage {
        switch self {
        case .chat(let job): try await job.stream(deadline: deadline, onFirstToken: onFirstToken, send)
        case .text(let job): try await job.stream(deadline: deadline, onFirstToken: onFirstToken, send)
        }
    }
}
