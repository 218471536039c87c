import Foundation
import TemperCore

/// Writes many sequences at once: they join and leave at any step, and what earlier sequences computed is used again.
///
/// A reply depends on its own request alone, bit for bit: not on what else runs, not on what is cached. Keys and values of all
/// sequences, running and finished, never take more memory than stated: caches of finished ones are dropped first, the least
/// recently used before the others, then the youngest running sequences pause and compute theirs again later. Not `Sendable`:
/// one owner calls it; inside a step it uses all cores.
package final class SamplingEngine {
    /// Prompt tokens of one sequence in one step, and of all sequences per worker, so that a long prompt does not hold up the
    /// replies of others.
    static let promptChunk = 128
    /// Prompt tokens of one sequence whose logits are computed in one step: each takes 4·V bytes.
    static let scoringChunk = 16
    /// A shared beginning longer than this is worth waiting for.
    static let worthWaiting = 64

    package let model: TransformerModel
    private var adapters: [String: AdapterOperands] = [:]
    private let bytesOfToken: (Int32) -> [UInt8]
    let shape: CacheShape
    let rotary: RotaryTable
    private let team: WorkerTeam
    private let networks: [SamplingNetwork]
    private var buffers: SamplingBuffers
    /// Rows that products take at once; 1 where each row is by itself.
    private let tile: Int
    /// Sequences that are computed together.
    let maximumActive: Int
    let maximumBlocks: Int
    /// What waits for a place, in order of arrival; paused ones among them.
    var queue: [RunningSequence] = []
    /// The sequences that run, in order of arrival.
    var active: [RunningSequence] = []
    /// Caches of finished sequences, the most recently used last.
    var kept: [KeyValueCache] = []
    private var nextTicket = 0

    /// - Parameters:
    ///   - bytesOfToken: a token's bytes, for stop strings and the reply's bytes.
    ///   - cacheBytes: the most memory for keys and values of all sequences; at least one whole context is always allowed.
    package init(
        model: TransformerModel, precision: Precision = .auto, workers: Int? = nil, maximumActive: Int = 64,
        cacheBytes: Int = 512 << 20, bytesOfToken: @escaping (Int32) -> [UInt8]
    ) {
        self.model = model
        self.bytesOfToken = bytesOfToken
        self.maximumActive = max(1, maximumActive)
        let weights = OperandWeights(model, precision.element, inPanels: true)
        let rotary = RotaryTable(model.configuration)
        let shape = CacheShape(model.configuration, precision.element)
        self.shape = shape
        self.rotary = rotary
        team = WorkerTeam(workers ?? WorkerTeam.defaultCount)
        tile = weights.isAllInPanels ? 1 : SamplingPass.tile
        let buffers = SamplingBuffers(model.configuration, precision.element, rows: SamplingPass.tile, wanted: SamplingPass.tile)
        self.buffers = buffers
        networks = (0..<team.count).map { [team] in SamplingNetwork(weights, rotary, shape, team, worker: $0, buffers) }
        // One more than a context: a sequence that takes over a beginning copies the block that it goes on in.
        let context = CacheBlock.count(for: model.configuration.contextLength) + 1
        maximumBlocks = max(context, cacheBytes / shape.blockBytes)
    }

    /// Makes an adapter of this model known to requests; one of the same name is replaced for requests to come.
    package func add(_ adapter: Adapter, named name: String) {
        adapters[name] = AdapterOperands(adapter, shape.element)
    }

    /// The names that requests may give.
    package var adapterNames: [String] { adapters.keys.sorted() }

    package var isIdle: Bool { queue.isEmpty && active.isEmpty }

    package var workerCount: Int { team.count }
    /// What products are computed in, `auto` resolved.
    package var precision: Precision { shape.element == .bfloat16 ? .bf16 : .fp32 }

    /// What the engine holds now.
    package var state: State {
        State(
            active: active.count, queued: queue.count, cacheBytes: shape.liveBlocks * shape.blockBytes,
            maximumCacheBytes: maximumBlocks * shape.blockBytes)
    }

    package struct State: Sendable, Hashable {
        /// Sequences that are computed, and those that wait.
        package var active = 0, queued = 0
        /// Memory of keys and values, and the most it will ever be.
        package var cacheBytes = 0, maximumCacheBytes = 0

        package init() {}

        init(active: Int, queued: Int, cacheBytes: Int, maximumCacheBytes: Int) {
            self.active = active
            self.queued = queued
            self.cacheBytes = cacheBytes
            self.maximumCacheBytes = maximumCacheBytes
        }
    }

    /// Takes a request in; ``step(_:)`` reports its end under the returned ticket.
    ///
    /// - Parameter streaming: whether ``step(_:)`` reports what is drawn as it comes.
    /// - Throws: ``TemperError`` with code `data` when prompt and reply cannot fit the context or hold unknown tokens.
    package func enqueue(_ request: SamplingRequest, streaming: Bool = false) throws -> Int {
        let context = model.configuration.contextLength, vocabulary = Int32(model.configuration.vocabularySize)
        var request = request
        request.stopIDs = request.stopIDs.filter { $0 >= 0 && $0 < vocabulary }
        let draws = !request.choices.isEmpty || request.maximumNewTokens > 0 || request.scoredFrom == nil
        let longest = draws ? max(request.choices.map(\.count).max() ?? 0, 1) : 0
        guard !request.prompt.isEmpty else { throw TemperError(.data, "the prompt has no tokens", boundary: .policy) }
        guard request.prompt.count + longest <= context else {
            throw TemperError(
                .data, "the prompt has \(request.prompt.count) tokens and does not fit the model's context of \(context)",
                boundary: .policy, cause: ContextLengthExceeded())
        }
        if let id = (request.prompt + request.choices.joined()).first(where: { $0 < 0 || $0 >= vocabulary }) {
            throw TemperError(
                .data, "the prompt has the token \(id), the model's vocabulary \(vocabulary) tokens", boundary: .policy)
        }
        if let name = request.adapter, adapters[name] == nil {
            throw TemperError(
                .data, "there is no adapter '\(name)'", hint: "adapters: \(adapterNames.joined(separator: ", "))",
                boundary: .policy)
        }
        if let from = request.scoredFrom, !(1...request.prompt.count).contains(from) {
            throw TemperError(
                .data, "the prompt of \(request.prompt.count) tokens cannot be scored from token \(from) on", boundary: .policy)
        }
        request.alternatives = request.alternatives.map { min(max($0, 0), Int(vocabulary)) }
        let room = context - request.prompt.count
        let limit = request.choices.isEmpty ? min(max(request.maximumNewTokens, 0), room) : room
        nextTicket += 1
        let adapter = request.adapter.flatMap { adapters[$0] }
        queue.append(RunningSequence(nextTicket, request, adapter, limit: limit, streams: streaming))
        return nextTicket
    }

    /// Forgets a request; its cache can still be used.
    package func cancel(_ ticket: Int) {
        queue.removeAll { $0.ticket == ticket }
        if let index = active.firstIndex(where: { $0.ticket == ticket }) { keep(active.remove(at: index)) }
    }

    /// Computes one chunk of prompts or one token of each reply.
    ///
    /// - Parameter report: takes what streamed replies gain, in the order of their tickets.
    /// - Returns: the requests that ended.
    package func step(_ report: (Int, SampledPiece) -> Void = { _, _ in }) -> [(ticket: Int, reply: SampledReply)] {
        var finished = admit()
        guard !active.isEmpty else { return finished }
        let planned = plan()
        rotary.reserve(active.map(\.cache.count).max() ?? 0)
        compute(planned)
        var ends: [Int: SampledReply.Finish] = [:]
        for (sequence, slice) in planned where slice.logitRows > 0 {
            ends[sequence.ticket] = sequence.takePicked(bytesOfToken: bytesOfToken)
        }
        for sequence in active {
            let finish = ends[sequence.ticket]
            if let piece = sequence.news(isFinished: finish != nil) { report(sequence.ticket, piece) }
            guard let finish else { continue }
            finished.append((sequence.ticket, sequence.reply(finish)))
            keep(sequence)
        }
        active.removeAll { ends[$0.ticket] != nil }
        return finished.sorted { $0.ticket < $1.ticket }
    }

    /// Takes all slices through the network; then each sequence scores and picks its tokens.
    private func compute(_ planned: [Planned]) {
        let hasAdapters = planned.contains { $0.sequence.adapter != nil }
        let pass = SamplingPass(planned.map(\.slice), tile: hasAdapters ? SamplingPass.tile : tile)
        reserve(rows: pass.rows, wanted: pass.wanted.count)
        let vocabulary = model.configuration.vocabularySize
        team.run { worker in
            networks[worker].run(pass)
            team.wait()
            // A sequence belongs to one worker until all are done.
            for index in stride(from: worker, to: planned.count, by: team.count) {
                for row in 0..<planned[index].slice.logitRows {
                    let start = buffers.logits.floats + (pass.firstLogits[index] + row) * vocabulary
                    planned[index].sequence.pick(UnsafeBufferPointer(start: start, count: vocabulary))
                }
            }
        }
    }

    /// Makes room for a step.
    private func reserve(rows: Int, wanted: Int) {
        let logitBytes = 4 * wanted * model.configuration.vocabularySize
        guard rows > buffers.rows || logitBytes > buffers.logits.byteCount else { return }
        buffers = SamplingBuffers(
            model.configuration, shape.element, rows: max(rows, buffers.rows),
            wanted: max(wanted, buffers.logits.byteCount / 4 / model.configuration.vocabularySize))
        for network in networks { network.buffers = buffers }
    }

    /// What is computed in one step.
    typealias Planned = (sequence: RunningSequence, slice: SamplingPass.Slice)

    /// The next tokens of every sequence, the oldest first; sequences without room pause.
    private func plan() -> [Planned] {
        var planned: [Planned] = []
        var promptTokens = Self.promptChunk * networks.count, scoringRows = 4 * Self.scoringChunk * networks.count
        var index = 0
        while index < active.count {
            let sequence = active[index], start = sequence.cache.count
            index += 1
            var count = sequence.target - start
            if count > 1 || sequence.isReadingPrompt {
                let plain = max(0, sequence.firstWanted - start)
                if sequence.scoresPrompt { count = min(count, plain + min(Self.scoringChunk, scoringRows)) }
                count = min(count, Self.promptChunk, promptTokens)
                promptTokens -= count
            }
            guard count > 0 else { continue }
            let needed = CacheBlock.count(for: start + count) - sequence.cache.blocks.count
            while !makeRoom(needed), active.count > index { pause(active.removeLast()) }
            guard makeRoom(needed) || active.count == 1 else {
                pause(active.removeLast())
                break
            }
            sequence.cache.append(sequence.tokens[start..<start + count], shape)
            let rows = max(0, start + count - max(start, sequence.firstWanted))
            if sequence.scoresPrompt { scoringRows -= rows }
            planned.append(
                (
                    sequence,
                    SamplingPass.Slice(
                        cache: sequence.cache, start: start, promptCount: sequence.request.prompt.count, logitRows: rows)
                ))
        }
        return planned
    }

    /// Gives a sequence's memory back; it goes on later and draws what it would have drawn.
    private func pause(_ sequence: RunningSequence) {
        sequence.cache = KeyValueCache(sequence.adapter)
        queue.insert(sequence, at: queue.firstIndex { $0.ticket > sequence.ticket } ?? queue.count)
    }
}
