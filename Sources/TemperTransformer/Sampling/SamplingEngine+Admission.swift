import TemperCore

extension SamplingEngine {
    /// Moves requests from the queue to the active ones, each with the longest beginning that is computed already.
    ///
    /// - Returns: requests that have nothing to compute.
    func admit() -> [(ticket: Int, reply: SampledReply)] {
        var finished: [(ticket: Int, reply: SampledReply)] = []
        var waiting: [RunningSequence] = []
        var isFull = false
        for sequence in queue {
            if sequence.limit == 0, !sequence.scoresPrompt {
                finished.append((sequence.ticket, sequence.reply(.length)))
                continue
            }
            guard !isFull, active.count < maximumActive else {
                waiting.append(sequence)
                continue
            }
            let tokens = sequence.tokens, limit = isShareable(sequence) ? min(sequence.firstWanted, rotary.constantLength) : 0
            var (cache, length) = longestPrefix(of: tokens, sequence.adapter, atMost: limit)
            // Another sequence is computing a longer common beginning right now: wait for it rather than do it twice.
            let coming =
                active.filter { $0.isReadingPrompt && $0.adapter === sequence.adapter && isShareable($0) }
                .map { $0.request.prompt.commonPrefix(with: tokens) }.max() ?? 0
            if min(coming, limit) > length + Self.worthWaiting {
                waiting.append(sequence)
                continue
            }
            let shared = length / CacheBlock.positions
            if !makeRoom(stillNeeded + CacheBlock.count(for: sequence.target) - shared), !active.isEmpty {
                // Later requests wait as well, so that none overtakes this one.
                isFull = true
                waiting.append(sequence)
                continue
            }
            if length % CacheBlock.positions != 0, !makeRoom(1) {
                // Not even the copy of a started block fits: the beginning is computed again.
                (cache, length) = (nil, 0)
                _ = makeRoom(1)
            }
            let start = length > 0 ? cache?.prefix(length) : nil
            sequence.cache = start ?? KeyValueCache(sequence.adapter)
            sequence.reusedTokens = sequence.reusedTokens ?? sequence.cache.count
            active.insert(sequence, at: active.firstIndex { $0.ticket > sequence.ticket } ?? active.count)
        }
        queue = waiting
        return finished
    }

    /// Blocks that running sequences will take for what they know already.
    private var stillNeeded: Int {
        active.reduce(0) { $0 + max(0, CacheBlock.count(for: $1.target) - $1.cache.blocks.count) }
    }

    /// Drops caches of finished sequences until this many more blocks are allowed; false when that is not enough.
    func makeRoom(_ blocks: Int) -> Bool {
        while shape.liveBlocks + blocks > maximumBlocks, !kept.isEmpty { kept.removeFirst() }
        return shape.liveBlocks + blocks <= maximumBlocks
    }

    /// Whether the keys of a prompt's tokens are those of any other prompt that begins alike: with dynamic rotary scaling the
    /// keys of a prompt past the original context depend on its length.
    private func isShareable(_ sequence: RunningSequence) -> Bool { sequence.request.prompt.count <= rotary.constantLength }

    /// Keeps the cache of a sequence that has ended, for others that begin alike.
    func keep(_ sequence: RunningSequence) {
        if isShareable(sequence) { kept.append(sequence.cache) }
    }

    /// The cache, kept or in use, with the longest common beginning.
    private func longestPrefix(
        of tokens: [Int32], _ adapter: AdapterOperands?, atMost limit: Int
    ) -> (cache: KeyValueCache?, length: Int) {
        var best: KeyValueCache?
        var longest = 0, place: Int?
        for (index, cache) in kept.enumerated() {
            let length = min(cache.commonPrefix(with: tokens, adapter), limit)
            if length > longest { (best, longest, place) = (cache, length, index) }
        }
        for sequence in active where isShareable(sequence) {
            let length = min(sequence.cache.commonPrefix(with: tokens, adapter), limit)
            if length > longest { (best, longest, place) = (sequence.cache, length, nil) }
        }
        if let place, let best {
            kept.remove(at: place)
            // What is wholly contained in the new prompt need not be kept beside it.
            if longest < best.count { kept.append(best) }
        }
        return (best, longest)
    }
}

extension [Int32] {
    fileprivate func commonPrefix(with other: [Int32]) -> Int {
        zip(self, other).prefix { $0 == $1 }.count
    }
}
