public import Foundation
public import TemperCore
public import TemperTokenizers

/// A Hugging Face folder as a `LanguageModel`: callers at the same time share every step of one sampling engine.
///
/// The actor owns model and engine. A step never suspends; between steps callers join and leave.
public actor NativeLanguageModel: LanguageModel {
    public nonisolated let name: String
    public nonisolated let author: Author
    public nonisolated let tokenizer: Tokenizer
    public nonisolated let template: ChatTemplate
    private nonisolated let contextLength: Int
    private nonisolated let stopIDs: Set<Int32>
    private let engine: SamplingEngine
    private var waiting: [Int: CheckedContinuation<SampledReply, any Error>] = [:]
    private var isStepping = false

    /// Loads model, tokenizer and chat template.
    ///
    /// - Parameters:
    ///   - name: how reports call it; `model:` and the folder's path when nil.
    ///   - template: overrules the folder's own.
    /// - Throws: ``TemperError`` that names the file that is missing or damaged.
    public init(
        folder: URL, name: String? = nil, author: Author = .policy, template: ChatTemplate? = nil,
        precision: Precision = .auto, workers: Int? = nil
    ) throws {
        try precision.requireAvailable()
        let tokenizer = try Tokenizer(folder: folder)
        guard let template = template ?? tokenizer.chatTemplate else {
            throw TemperError(
                .data, "the model has no chat template", hint: "name one of its templates in the recipe",
                place: folder.path, boundary: .policy)
        }
        if case .model(let own) = template { try own.requireReadable() }
        let model = try TransformerModel(folder: folder)
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw TemperError(
                .data,
                "the tokenizer has \(tokenizer.vocabularySize) tokens, the model only \(model.configuration.vocabularySize)",
                hint: "do tokenizer.json and model.safetensors belong together?", place: folder.path, boundary: .policy)
        }
        self.name = name ?? "model:\(folder.path)"
        self.author = author
        self.tokenizer = tokenizer
        self.template = template
        contextLength = model.configuration.contextLength
        stopIDs = Set(template.stopTokenIDs(tokenizer) + model.configuration.endOfTextIDs)
        // Two models at once, base and tuned, stay well below 2 GiB.
        engine = SamplingEngine(model: model, precision: precision, workers: workers, cacheBytes: 128 << 20) {
            tokenizer.bytes(of: $0)
        }
    }

    public nonisolated var contextLimit: Int? { contextLength }

    /// The exact length of the prompt that ``complete(_:)`` would compute.
    public nonisolated func tokenCount(_ messages: [Message]) -> Int {
        do {
            return try template.encode(messages, tokenizer: tokenizer, addGenerationPrompt: true).ids.count
        } catch {
            // A chat that the template refuses has no length of its own; its texts still have one.
            return messages.reduce(0) { $0 + tokenizer.encode($1.text).count }
        }
    }

    /// Writes a reply, batched with those of other callers; a cancelled caller frees its place.
    ///
    /// - Throws: ``TemperError`` with code `data` when the prompt does not fit the context or the template, or
    ///   `CancellationError`.
    public func complete(_ request: CompletionRequest) async throws -> Completion {
        var prompt = try template.encode(
            request.messages, tools: template.takesTools ? request.tools : [], tokenizer: tokenizer, addGenerationPrompt: true
        ).ids
        if !request.replyStart.isEmpty { prompt += tokenizer.encode(request.replyStart) }
        var stops = request.stop
        if tokenizer.id(ofSpecial: template.endOfTurn) == nil { stops += template.stopStrings }
        let reply = try await sample(
            SamplingRequest(
                prompt: prompt, maximumNewTokens: request.maximumNewTokens, temperature: request.temperature,
                topP: request.topP, seed: request.seed, stopIDs: stopIDs, stopStrings: stops.map { Array($0.utf8) },
                choices: request.choices.map { tokenizer.encode($0) }))
        return Completion(
            text: String(decoding: reply.bytes, as: UTF8.self),
            usage: TokenUsage(promptTokens: prompt.count, completionTokens: reply.ids.count),
            finishReason: reply.finish == .stop ? .stop : .length)
    }

    /// Continues token ids, batched with all other callers.
    public func sample(_ request: SamplingRequest) async throws -> SampledReply {
        try Task.checkCancellation()
        let ticket = try engine.enqueue(request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Cancelled before this point: the handler has found nobody to wake.
                if Task.isCancelled {
                    engine.cancel(ticket)
                    return continuation.resume(throwing: CancellationError())
                }
                waiting[ticket] = continuation
                startStepping()
            }
        } onCancel: {
            Task { await self.cancel(ticket) }
        }
    }

    private func cancel(_ ticket: Int) {
        guard let continuation = waiting.removeValue(forKey: ticket) else { return }
        engine.cancel(ticket)
        continuation.resume(throwing: CancellationError())
    }

    private func startStepping() {
        guard !isStepping else { return }
        isStepping = true
        Task { await self.stepUntilIdle() }
    }

    private func stepUntilIdle() async {
        while !engine.isIdle {
            for (ticket, reply) in engine.step() { waiting.removeValue(forKey: ticket)?.resume(returning: reply) }
            // Lets callers in and out between steps.
            await Task.yield()
        }
        isStepping = false
    }
}
