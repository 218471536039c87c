import Foundation
import TemperCore

/// Writes many sequences at once: they join and leave at any step, and what earlier sequences computed is used again.
///
/// A reply depends on its own request alone, bit for bit: not on what else runs, not on what is cached. Not `Sendable`: one
/// owner calls it; inside a step it uses all cores.
public final class SamplingEngine {
    /// A request being served.
    private final class Running {
        let ticket: Int
        let request: SamplingRequest
        let limit: Int
        var cache: KeyValueCache
        let reusedTokens: Int
        var chooser: TokenChooser
        var trie: ChoiceTrie?
        /// Tokens that follow the cache: the rest of the prompt, or the token drawn last.
        var waiting: ArraySlice<Int32>
        var ids: [Int32] = []
        var bytes: [UInt8] = []

        init(_ ticket: Int, _ request: SamplingRequest, limit: Int, cache: KeyValueCache) {
            self.ticket = ticket
            self.request = request
            self.limit = limit
            self.cache = cache
            reusedTokens = cache.count
            chooser = TokenChooser(temperature: request.temperature, topP: request.topP, seed: request.seed)
            trie = request.choices.isEmpty ? nil : ChoiceTrie(request.choices)
            waiting = request.prompt[cache.count...]
        }

        var isReadingPrompt: Bool { ids.isEmpty }
    }

    /// Prompt tokens of one sequence in one step.
    private static let promptChunk = 128
    /// Sequences that are computed together.
    private let maximumActive: Int
    /// A shared beginning longer than this is worth waiting for.
    private static let worthWaiting = 64

    public let model: TransformerModel
    private var adapters: [String: AdapterOperands] = [:]
    private let bytesOfToken: (Int32) -> [UInt8]
    private let shape: CacheShape
    private let networks: [SamplingNetwork]
    private let rotary: RotaryTable
    private let maximumBlocks: Int
    private var queue: [(ticket: Int, request: SamplingRequest, limit: Int)] = []
    private var active: [Running] = []
    /// Caches of finished sequences, the most recently used last.
    private var kept: [KeyValueCache] = []
    private var nextTicket = 0

    /// - Parameters:
    ///   - bytesOfToken: a token's bytes, for stop strings and the reply's bytes.
    ///   - cacheBytes: keys and values of finished sequences are dropped, the least recently used first, above this.
    public init(
        model: TransformerModel, precision: Precision = .auto, workers: Int? = nil, maximumActive: Int = 64,
        cacheBytes: Int = 512 << 20, bytesOfToken: @escaping (Int32) -> [UInt8]
    ) {
        self.model = model
        self.bytesOfToken = bytesOfToken
        self.maximumActive = max(1, maximumActive)
        let weights = OperandWeights(model, precision.element)
        let rotary = RotaryTable(model.configuration)
        let shape = CacheShape(model.configuration, precision.element)
        self.shape = shape
        self.rotary = rotary
        networks = (0..<max(1, workers ?? Workers.defaultCount)).map { _ in SamplingNetwork(weights, rotary, shape) }
        maximumBlocks = max(1, cacheBytes / shape.blockBytes)
    }

    /// Makes an adapter of this model known to requests; one of the same name is replaced for requests to come.
    public func add(_ adapter: Adapter, named name: String) {
        adapters[name] = AdapterOperands(adapter, shape.element)
    }

    /// The names that requests may give.
    public var adapterNames: [String] { adapters.keys.sorted() }

    public var isIdle: Bool { queue.isEmpty && active.isEmpty }

    /// Takes a request in; ``step()`` reports its end under the returned ticket.
    ///
    /// - Throws: ``TemperError`` with code `data` when prompt and reply cannot fit the context or hold unknown tokens.
    public func enqueue(_ request: SamplingRequest) throws -> Int {
        let context = model.configuration.contextLength, vocabulary = Int32(model.configuration.vocabularySize)
        var request = request
        request.stopIDs = request.stopIDs.filter { $0 >= 0 && $0 < vocabulary }
        let longest = max(request.choices.map(\.count).max() ?? 0, 1)
        guard !request.prompt.isEmpty else { throw TemperError(.data, "the prompt has no tokens", boundary: .policy) }
        guard request.prompt.count + longest <= context else {
            throw TemperError(
                .data, "the prompt has \(request.prompt.count) tokens and does not fit the model's context of \(context)",
                boundary: .policy)
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
        let room = context - request.prompt.count
        let limit = request.choices.isEmpty ? min(max(request.maximumNewTokens, 0), room) : room
        nextTicket += 1
        queue.append((nextTicket, request, limit))
        return nextTicket
    }

    /// Forgets a request; its cache stays of use.
    public func cancel(_ ticket: Int) {
        queue.removeAll { $0.ticket == ticket }
        if let index = active.firstIndex(where: { $0.ticket == ticket }) { keep(active.remove(at: index)) }
    }

    /// Computes one chunk of each prompt or one token of each reply.
    ///
    /// - Returns: the requests that ended.
    public func step() -> [(ticket: Int, reply: SampledReply)] {
        var finished: [(ticket: Int, reply: SampledReply)] = []
        admit(&finished)
        guard !active.isEmpty else { return finished }
        let shares = share()
        rotary.reserve(active.map(\.cache.count).max() ?? 0)
        Workers.run(networks.count) { worker in
            if !shares[worker].isEmpty { networks[worker].run(shares[worker].map(\.slice)) }
        }
        let vocabulary = model.configuration.vocabularySize
        var ended: Set<Int> = []
        for (worker, share) in shares.enumerated() {
            var row = 0
            for (sequence, slice) in share where slice.wantsLogits {
                let logits = UnsafeBufferPointer(start: networks[worker].logits.floats + row * vocabulary, count: vocabulary)
                row += 1
                if let finish = advance(sequence, logits) {
                    finished.append((sequence.ticket, reply(sequence, finish)))
                    ended.insert(sequence.ticket)
                    keep(sequence)
                }
            }
        }
        active.removeAll { ended.contains($0.ticket) }
        return finished.sorted { $0.ticket < $1.ticket }
    }

    /// Moves requests from the queue to the active ones, each with the longest beginning that is computed already.
    private func admit(_ finished: inout [(ticket: Int, reply: SampledReply)]) {
        var waiting: [(ticket: Int, request: SamplingRequest, limit: Int)] = []
        for entry in queue {
            guard active.count < maximumActive else {
                waiting.append(entry)
                continue
            }
            if entry.limit == 0 {
                finished.append((entry.ticket, SampledReply(ids: [], bytes: [], finish: .length, reusedTokens: 0)))
                continue
            }
            let prompt = entry.request.prompt, adapter = entry.request.adapter.flatMap { adapters[$0] }
            let (cache, length) = longestPrefix(of: prompt, adapter)
            // Another sequence is computing a longer common beginning right now: wait for it rather than do it twice.
            let coming =
                active.filter { $0.isReadingPrompt && $0.cache.adapter === adapter && isShareable($0.request.prompt) }
                .map { $0.request.prompt.commonPrefix(with: prompt) }.max() ?? 0
            if isShareable(prompt), min(coming, prompt.count - 1, rotary.constantLength) > length + Self.worthWaiting {
                waiting.append(entry)
                continue
            }
            let start = length > 0 ? cache?.prefix(length) : nil
            active.append(Running(entry.ticket, entry.request, limit: entry.limit, cache: start ?? KeyValueCache(adapter)))
        }
        queue = waiting
    }

    /// The cache, kept or in use, with the longest common beginning; the prompt's last token is always computed anew.
    private func longestPrefix(of prompt: [Int32], _ adapter: AdapterOperands?) -> (cache: KeyValueCache?, length: Int) {
        guard isShareable(prompt) else { return (nil, 0) }
        var best: KeyValueCache?
        var longest = 0, place: Int?
        let limit = min(prompt.count - 1, rotary.constantLength)
        for (index, cache) in kept.enumerated() {
            let length = min(cache.commonPrefix(with: prompt, adapter), limit)
            if length > longest { (best, longest, place) = (cache, length, index) }
        }
        for sequence in active where isShareable(sequence.request.prompt) {
            let length = min(sequence.cache.commonPrefix(with: prompt, adapter), limit)
            if length > longest { (best, longest, place) = (sequence.cache, length, nil) }
        }
        if let place, let best {
            kept.remove(at: place)
            // What is wholly contained in the new prompt need not be kept beside it.
            if longest < best.count { kept.append(best) }
        }
        return (best, longest)
    }

    /// Whether the keys of a prompt's tokens are those of any other prompt that begins alike: with dynamic rotary scaling the
    /// keys of a prompt past the original context depend on its length.
    private func isShareable(_ prompt: [Int32]) -> Bool { prompt.count <= rotary.constantLength }

    /// The next tokens of every sequence, dealt to the workers by rows.
    private func share() -> [[(sequence: Running, slice: SamplingNetwork.Slice)]] {
        var shares = Array(repeating: [(sequence: Running, slice: SamplingNetwork.Slice)](), count: networks.count)
        var loads = Array(repeating: 0, count: networks.count)
        let order = active.indices.sorted { (active[$1].waiting.count, $0) < (active[$0].waiting.count, $1) }
        for index in order {
            let sequence = active[index], start = sequence.cache.count
            let chunk = sequence.waiting.prefix(Self.promptChunk)
            sequence.waiting = sequence.waiting.dropFirst(chunk.count)
            sequence.cache.append(chunk, shape)
            let worker = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            loads[worker] += chunk.count
            let slice = SamplingNetwork.Slice(
                cache: sequence.cache, start: start, promptCount: sequence.request.prompt.count,
                wantsLogits: sequence.waiting.isEmpty)
            shares[worker].append((sequence, slice))
        }
        return shares
    }

    /// Draws the sequence's next token; returns how it ends, if it does.
    private func advance(_ sequence: Running, _ logits: UnsafeBufferPointer<Float>) -> SampledReply.Finish? {
        let id: Int32
        if let trie = sequence.trie {
            if trie.mustEnd { return .stop }
            let end = trie.mayEnd ? sequence.request.stopIDs.min() : nil
            id = sequence.chooser.choose(logits, among: (trie.allowed + [end].compactMap { $0 }).sorted())
            if id == end { return .stop }
            sequence.trie?.advance(id)
        } else {
            id = sequence.chooser.choose(logits)
            if sequence.request.stopIDs.contains(id) { return .stop }
        }
        sequence.ids.append(id)
        sequence.waiting = [id]
        let known = sequence.bytes.count
        sequence.bytes += bytesOfToken(id)
        if let trie = sequence.trie { return trie.mustEnd ? .stop : nil }
        if let start = firstStop(in: sequence.bytes, from: known, sequence.request.stopStrings) {
            sequence.bytes.removeLast(sequence.bytes.count - start)
            return .stop
        }
        return sequence.ids.count >= sequence.limit ? .length : nil
    }

    /// Where the first stop string begins that ends after `known` bytes.
    private func firstStop(in bytes: [UInt8], from known: Int, _ stops: [[UInt8]]) -> Int? {
        // A token without text ends nothing new.
        guard bytes.count > known else { return nil }
        var first: Int?
        for stop in stops where !stop.isEmpty && stop.count <= bytes.count {
            for start in max(0, known - stop.count + 1)...bytes.count - stop.count
            where bytes[start..<start + stop.count].elementsEqual(stop) {
                first = min(first ?? start, start)
                break
            }
        }
        return first
    }

    private func reply(_ sequence: Running, _ finish: SampledReply.Finish) -> SampledReply {
        SampledReply(ids: sequence.ids, bytes: sequence.bytes, finish: finish, reusedTokens: sequence.reusedTokens)
    }

    /// Keeps a finished sequence's cache, and drops the least recently used ones above the limit.
    private func keep(_ sequence: Running) {
        if isShareable(sequence.request.prompt) { kept.append(sequence.cache) }
        while shape.liveBlocks > maximumBlocks, !kept.isEmpty { kept.removeFirst() }
    }
}

extension [Int32] {
    fileprivate func commonPrefix(with other: [Int32]) -> Int {
        zip(self, other).prefix { $0 == $1 }.count
    }
}
