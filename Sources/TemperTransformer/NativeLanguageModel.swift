package import Foundation
package import TemperCore
package import TemperTokenizers

/// A Hugging Face folder as a `LanguageModel`: callers at the same time share every step of one sampling engine.
///
/// The actor owns model and engine. A step never suspends; between steps callers join and leave.
package actor NativeLanguageModel: LanguageModel {
    /// Who waits for a sequence.
    private enum Waiter {
        case reply(CheckedContinuation<SampledReply, any Error>)
        case stream(AsyncThrowingStream<SampledEvent, any Error>.Continuation)

        func fail(_ error: any Error) {
            switch self {
            case .reply(let continuation): continuation.resume(throwing: error)
            case .stream(let continuation): continuation.finish(throwing: error)
            }
        }
    }

    package nonisolated let name: String
    package nonisolated let tokenizer: Tokenizer
    package nonisolated let template: ChatTemplate
    /// The most tokens of prompt and reply together.
    package nonisolated let contextLength: Int
    /// The tokens at which a reply ends: the template's end of turn, the tokenizer's and the model's end of text.
    package nonisolated let stopIDs: Set<Int32>
    /// What the folder's own adapter is called in requests; nil when the folder is a whole model.
    package nonisolated let adapterName: String?
    private let engine: SamplingEngine
    private var waiting: [Int: Waiter] = [:]
    private var deadlines: [Int: ContinuousClock.Instant] = [:]
    private var isStepping = false

    /// Loads model, tokenizer and chat template; a peft folder together with its base, and not merged.
    ///
    /// - Parameters:
    ///   - name: how reports call it; `model:` and the folder's path when nil.
    ///   - template: overrules the folder's own.
    ///   - maximumActive: the sequences that are computed together; more wait in order of arrival.
    ///   - cacheBytes: the most memory for keys and values; room for eight whole contexts, in 256 MiB…1 GiB, when nil.
    ///   - locate: finds the base that an adapter names, as ``StoredModel``'s.
    /// - Throws: ``TemperError`` that names the file that is missing or damaged.
    package init(
        folder: URL, name: String? = nil, template: ChatTemplate? = nil,
        precision: Precision = .auto, workers: Int? = nil, maximumActive: Int = 64, cacheBytes: Int? = nil,
        locate: ((String) throws -> URL)? = nil
    ) throws {
        try precision.requireAvailable()
        let stored = try StoredModel(folder: folder, precision: precision, locate: locate)
        let model = stored.model
        let tokenizer = try Tokenizer(folder: stored.tokenizerFolder)
        guard let template = template ?? tokenizer.chatTemplate else {
            throw TemperError(
                .data, "the model has no chat template", hint: "name one of its templates in the recipe",
                place: folder.path, boundary: .policy)
        }
        if case .model(let own) = template { try own.requireReadable() }
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw TemperError(
                .data,
                "the tokenizer has \(tokenizer.vocabularySize) tokens, the model only \(model.configuration.vocabularySize)",
                hint: "do tokenizer.json and model.safetensors belong together?", place: folder.path, boundary: .policy)
        }
        self.name = name ?? "model:\(folder.path)"
        self.tokenizer = tokenizer
        self.template = template
        contextLength = model.configuration.contextLength
        stopIDs = Set(template.stopTokenIDs(tokenizer) + model.configuration.endOfTextIDs)
        let contexts = 8 * contextLength * CacheShape(model.configuration, precision.element).tokenBytes
        engine = SamplingEngine(
            model: model, precision: precision, workers: workers, maximumActive: maximumActive,
            cacheBytes: cacheBytes ?? min(max(contexts, 256 << 20), 1 << 30)
        ) { tokenizer.bytes(of: $0) }
        adapterName = stored.adapter.map { _ in "tuned" }
        if let adapter = stored.adapter, let adapterName { engine.add(adapter, named: adapterName) }
    }

    /// Makes an adapter of this model known to requests that name it.
    ///
    /// - Throws: ``TemperError`` that names the file of the peft folder, and what does not fit this model.
    package func addAdapter(folder: URL, named name: String) throws {
        engine.add(try Adapter(folder: folder, for: engine.model), named: name)
    }

    package nonisolated var contextLimit: Int? { contextLength }

    /// What the engine holds now.
    package var state: SamplingEngine.State { engine.state }

    /// The exact length of the prompt that ``complete(_:)`` would compute.
    package nonisolated func tokenCount(_ messages: [Message]) -> Int {
        do {
            return try template.encode(messages, tokenizer: tokenizer, addGenerationPrompt: true).ids.count
        } catch {
            // A chat that the template refuses has no length of its own; its texts still have one.
            return messages.reduce(0) { $0 + tokenizer.encode($1.text).count }
        }
    }

    /// A request in the model's own tokens.
    ///
    /// - Throws: ``TemperError`` with code `data` when the template has no place for a message.
    package nonisolated func samplingRequest(for request: CompletionRequest) throws -> SamplingRequest {
        var prompt = try template.encode(
            request.messages, tools: template.takesTools ? request.tools : [], tokenizer: tokenizer, addGenerationPrompt: true
        ).ids
        if !request.replyStart.isEmpty { prompt += tokenizer.encode(request.replyStart, isContinued: true) }
        return SamplingRequest(
            prompt: prompt, maximumNewTokens: request.maximumNewTokens, temperature: request.temperature,
            topP: request.topP, seed: request.seed, stopIDs: stopIDs, stopStrings: stopStrings(request.stop),
            choices: request.choices.map { tokenizer.encode($0, isContinued: true) }, adapter: adapterName)
    }

    /// A request's stop strings, and the template's end of turn where the tokenizer has no token for it.
    package nonisolated func stopStrings(_ given: [String]) -> [[UInt8]] {
        let own = tokenizer.id(ofSpecial: template.endOfTurn) == nil ? template.stopStrings : []
        return (given + own).map { Array($0.utf8) }
    }

    /// Writes a reply, batched with those of other callers; a cancelled caller frees its place.
    ///
    /// - Throws: ``TemperError`` with code `data` when the prompt does not fit the context or the template, or
    ///   `CancellationError`.
    package func complete(_ request: CompletionRequest) async throws -> Completion {
        let request = try samplingRequest(for: request)
        let reply = try await sample(request)
        return Completion(
            text: String(decoding: reply.bytes, as: UTF8.self),
            usage: TokenUsage(promptTokens: request.prompt.count, completionTokens: reply.ids.count),
            finishReason: reply.finish == .stop ? .stop : .length)
    }

    /// Continues token ids, batched with all other callers.
    ///
    /// - Parameter deadline: after it the sequence gives its place up, at the end of the step under way.
    /// - Throws: as ``complete(_:)``, and ``TemperError`` with cause ``DeadlinePassed``.
    package func sample(
        _ request: SamplingRequest, deadline: ContinuousClock.Instant? = nil
    ) async throws -> SampledReply {
        try Task.checkCancellation()
        let ticket = try engine.enqueue(request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Cancelled before this point: the handler has found nobody to wake.
                if Task.isCancelled {
                    engine.cancel(ticket)
                    return continuation.resume(throwing: CancellationError())
                }
                wait(ticket, .reply(continuation), deadline)
            }
        } onCancel: {
            Task { await self.abandon(ticket, CancellationError()) }
        }
    }

    /// Continues token ids and gives them out as they come; who stops listening frees the place.
    ///
    /// - Throws: as ``sample(_:deadline:)``, what goes wrong later through the stream.
    package func stream(
        _ request: SamplingRequest, deadline: ContinuousClock.Instant? = nil
    ) throws -> AsyncThrowingStream<SampledEvent, any Error> {
        let ticket = try engine.enqueue(request, streaming: true)
        let (stream, continuation) = AsyncThrowingStream<SampledEvent, any Error>.makeStream()
        continuation.onTermination = { reason in
            // One that finished has left the engine by itself.
            if case .cancelled = reason { Task { await self.abandon(ticket, CancellationError()) } }
        }
        wait(ticket, .stream(continuation), deadline)
        return stream
    }

    /// How likely each of some given replies is, as a whole and token by token.
    ///
    /// - Throws: as ``complete(_:)``.
    package nonisolated func score(_ continuations: [String], after messages: [Message]) async throws -> [[TokenScore]] {
        let prompt = try template.encode(messages, tokenizer: tokenizer, addGenerationPrompt: true).ids
        return try await withThrowingTaskGroup(of: (Int, [TokenScore]).self) { group in
            for (index, text) in continuations.enumerated() {
                let request = SamplingRequest(
                    prompt: prompt + tokenizer.encode(text, isContinued: true), maximumNewTokens: 0, scoredFrom: prompt.count,
                    adapter: adapterName)
                // Nothing is scored in an empty reply.
                if request.prompt.count > prompt.count {
                    group.addTask { (index, try await self.sample(request).promptScores) }
                }
            }
            var scores = [[TokenScore]](repeating: [], count: continuations.count)
            for try await (index, values) in group { scores[index] = values }
            return scores
        }
    }

    private func wait(_ ticket: Int, _ waiter: Waiter, _ deadline: ContinuousClock.Instant?) {
        waiting[ticket] = waiter
        deadlines[ticket] = deadline
        guard !isStepping else { return }
        isStepping = true
        Task { await self.stepUntilIdle() }
    }

    private func abandon(_ ticket: Int, _ error: any Error) {
        deadlines[ticket] = nil
        guard let waiter = waiting.removeValue(forKey: ticket) else { return }
        engine.cancel(ticket)
        waiter.fail(error)
    }

    private func stepUntilIdle() async {
        while !engine.isIdle {
            let now = deadlines.isEmpty ? nil : ContinuousClock.now
            for (ticket, deadline) in deadlines where now.map({ $0 >= deadline }) ?? false {
                let error = TemperError(
                    .unavailable, "the reply took longer than allowed", boundary: .policy, cause: DeadlinePassed())
                abandon(ticket, error)
            }
            let finished = engine.step { ticket, piece in
                if case .stream(let continuation)? = waiting[ticket] { continuation.yield(.piece(piece)) }
            }
            for (ticket, reply) in finished {
                deadlines[ticket] = nil
                switch waiting.removeValue(forKey: ticket) {
                case .reply(let continuation): continuation.resume(returning: reply)
                case .stream(let continuation):
                    continuation.yield(.end(reply))
                    continuation.finish()
                case nil: break
                }
            }
            // Lets callers in and out between steps.
            await Task.yield()
        }
        isStepping = false
    }
}

/// What a streamed reply brings.
package enum SampledEvent: Sendable {
    case piece(SampledPiece)
    /// The whole reply, last.
    case end(SampledReply)
}

/// A reply was not ready in time: the cause of the error thrown then.
package struct DeadlinePassed: Error, Sendable {
    package init() {}
}
