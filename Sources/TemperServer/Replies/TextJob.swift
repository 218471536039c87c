import TemperCore
import TemperTokenizers
import TemperTransformer

/// Answers one text completion.
struct TextJob: Sendable {
    let request: TextRequest
    let served: ServedModel
    let prompts: [[Int32]]
    let head: ReplyHead
    private let scores: LogProbabilities

    /// - Throws: ``APIError`` when a prompt does not fit the model.
    init(_ request: TextRequest, _ served: ServedModel, created: Int) throws {
        self.request = request
        self.served = served
        scores = LogProbabilities(tokenizer: served.model.tokenizer)
        head = ReplyHead("cmpl", model: served.name, created: created)
        var prompts: [[Int32]] = []
        for prompt in request.prompts {
            switch prompt {
            case .text(let text):
                try served.requireMayFit(byteCount: text.utf8.count)
                // The client writes the whole prompt, control tokens included.
                prompts.append(served.model.tokenizer.encode(text, allowingSpecialTokens: true))
            case .ids(let ids): prompts.append(ids)
            }
        }
        for prompt in prompts {
            guard !prompt.isEmpty else { throw APIError.field("prompt", "has no tokens") }
            try served.requireFits(prompt, room: request.maximumNewTokens == 0 ? 0 : 1)
        }
        self.prompts = prompts
    }

    private var requests: [SamplingRequest] {
        let guided = request.sampling.guidedTokens(served)
        return prompts.flatMap { prompt in
            (0..<request.sampling.count).map { index in
                var sampling = request.sampling.request(
                    prompt, choice: index, maximumNewTokens: request.maximumNewTokens, alternatives: request.alternatives,
                    guided: guided, served: served)
                if request.echoes, request.alternatives != nil { sampling.scoredFrom = 1 }
                return sampling
            }
        }
    }

    /// The whole reply.
    func whole(deadline: ContinuousClock.Instant) async throws -> (body: JSONValue, usage: Usage) {
        let replies = try await Generation.replies(requests, served.model, deadline: deadline)
        var usage = Usage(promptTokens: prompts.reduce(0) { $0 + $1.count })
        var values: [JSONValue] = []
        for (index, reply) in replies.enumerated() {
            usage.add(reply, isFirstOfPrompt: index % request.sampling.count == 0)
            let prompt = request.echoes ? prompts[index / request.sampling.count] : []
            let ids = prompt + reply.ids.prefix(reply.textTokenCount)
            let known = reply.promptScores + reply.scores.prefix(reply.textTokenCount)
            let bytes = prompt.flatMap { served.model.tokenizer.bytes(of: $0) } + reply.bytes
            values.append(
                choice(
                    index, String(decoding: bytes, as: UTF8.self),
                    request.alternatives.map { _ in scores.text(ids, known, offset: 0) }, reply.finish.rawValue))
        }
        return (head.json("text_completion", choices: values, usage: usage.json), usage)
    }

    /// The reply in chunks.
    func stream(
        deadline: ContinuousClock.Instant, onFirstToken: () -> Void, _ send: (JSONValue) -> Void
    ) async throws -> Usage {
        let requests = requests
        var lengths = requests.map { _ in 0 }
        var usage = Usage(promptTokens: prompts.reduce(0) { $0 + $1.count })
        let end: JSONValue? = request.sampling.includesUsage ? .null : nil
        try await Generation.stream(requests, served.model, deadline: deadline, onFirstToken: onFirstToken) {
            index, event in
            switch event {
            case .piece(let piece):
                let text = String(decoding: piece.bytes, as: UTF8.self)
                let logProbabilities = request.alternatives.map { _ in
                    scores.text(piece.ids, piece.scores, offset: lengths[index])
                }
                lengths[index] += text.unicodeScalars.count
                send(
                    head.json("text_completion", choices: [choice(index, text, logProbabilities, nil)], usage: end))
            case .end(let reply):
                usage.add(reply, isFirstOfPrompt: index % request.sampling.count == 0)
                send(
                    head.json("text_completion", choices: [choice(index, "", nil, reply.finish.rawValue)], usage: end))
            }
        }
        if request.sampling.includesUsage { send(head.json("text_completion", choices: [], usage: usage.json)) }
        return usage
    }

    private func choice(_ index: Int, _ text: String, _ logProbabilities: JSONValue?, _ finish: String?) -> JSONValue {
        .object([
            "index": .number(Double(index)), "text": .string(text), "logprobs": logProbabilities ?? .null,
            "finish_reason": finish.map { .string($0) } ?? .null,
        ])
    }
}
