import TemperCore

extension Tokenizer {
    /// Learns a vocabulary from texts.
    ///
    /// Ids 0…255 are the bytes, merges follow in the order they were learnt, special tokens come last. Each step merges the
    /// most frequent pair (Sennrich et al. 2016); of equally frequent ones that with the smallest ids, so the result
    /// depends on the texts alone and not on their order. It stops early when no pair occurs twice.
    ///
    /// - Parameters:
    ///   - vocabularySize: bytes, merges and special tokens together.
    ///   - specialTokens: texts that stand for themselves; those the chat template needs are added.
    /// - Throws: ``TemperError`` with code `usage` when the size has no room for bytes and special tokens.
    package static func train(
        _ texts: some Sequence<String>, vocabularySize: Int, specialTokens: [String] = [], pattern: Pattern = .words,
        chatTemplate: ChatTemplate? = nil
    ) throws -> Tokenizer {
        var special = specialTokens
        for token in chatTemplate?.specialTokens ?? [] where !special.contains(token) { special.append(token) }
        guard vocabularySize >= 256 + special.count, Set(special).count == special.count, !special.contains("") else {
            throw TemperError(
                .usage, "a vocabulary of \(vocabularySize) cannot hold 256 bytes and the special tokens \(special)",
                hint: "ask for at least \(256 + special.count) and name each special token once")
        }
        var trainer = BytePairTrainer(pattern: pattern)
        for text in texts { trainer.count(text) }
        let merges = trainer.merges(count: vocabularySize - 256 - special.count)

        var contents = TokenizerContents(pattern: pattern)
        contents.tokenBytes = (UInt8.min...UInt8.max).map { [$0] }
        contents.byteIDs = Array(0..<256)
        contents.merges = merges
        for merge in merges {
            contents.tokenBytes.append(contents.tokenBytes[Int(merge.left)] + contents.tokenBytes[Int(merge.right)])
        }
        for text in special {
            contents.addedTokens.append(AddedToken(id: Int32(contents.tokenBytes.count), text: Array(text.utf8), isSpecial: true))
            contents.tokenBytes.append(Array(text.utf8))
        }
        let end = chatTemplate.map(\.endOfTurn) ?? special.first
        let roles = Roles(
            begin: special.contains("<s>") ? "<s>" : nil, end: end,
            padding: special.contains("<|endoftext|>") ? "<|endoftext|>" : end)
        return Tokenizer(contents, roles: roles, chatTemplate: chatTemplate)
    }
}

/// Counts pre-tokens and merges the most frequent pair again and again.
struct BytePairTrainer {
    private let pattern: Tokenizer.Pattern
    private var table = ByteTable(minimumCapacity: 1 << 14)
    private var counts: [Int] = []

    init(pattern: Tokenizer.Pattern) {
        self.pattern = pattern
    }

    mutating func count(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let preTokenizer = PreTokenizer(bytes, pattern: pattern)
            var start = 0
            while start < bytes.count {
                let end = preTokenizer.end(from: start)
                let preToken = UnsafeBufferPointer(rebasing: bytes[start..<end])
                let index = table.insert(preToken, hash: ByteTable.hash(preToken))
                if index == counts.count { counts.append(0) }
                counts[index] += 1
                start = end
            }
        }
    }

    /// A pair of ids and how often it was seen when it was queued.
    private struct Candidate: Comparable {
        var count: Int
        var pair: Pair
        static func < (left: Candidate, right: Candidate) -> Bool {
            left.count != right.count ? left.count > right.count : left.pair < right.pair
        }
    }

    private struct Pair: Hashable, Comparable {
        var left: Int32
        var right: Int32
        static func < (left: Pair, right: Pair) -> Bool { (left.left, left.right) < (right.left, right.right) }
    }

    func merges(count limit: Int) -> [(left: Int32, right: Int32, merged: Int32)] {
        var words = (0..<table.count).map { table.key($0).map { Int32($0) } }
        var pairCounts: [Pair: Int] = [:]
        var places: [Pair: [Int32]] = [:]
        for (index, word) in words.enumerated() {
            for pair in zip(word, word.dropFirst()).map(Pair.init) {
                pairCounts[pair, default: 0] += counts[index]
                if places[pair]?.last != Int32(index) { places[pair, default: []].append(Int32(index)) }
            }
        }
        var queue = Heap<Candidate>()
        for (pair, count) in pairCounts { queue.insert(Candidate(count: count, pair: pair)) }

        var merges: [(left: Int32, right: Int32, merged: Int32)] = []
        while merges.count < limit, let candidate = queue.popFirst() {
            let count = pairCounts[candidate.pair] ?? 0
            guard count == candidate.count else {
                // Its count has sunk since it was queued; only pairs with a new id can rise, and those are queued below.
                if count > 1 { queue.insert(Candidate(count: count, pair: candidate.pair)) }
                continue
            }
            guard count > 1 else { break }
            let merged = Int32(256 + merges.count)
            merges.append((candidate.pair.left, candidate.pair.right, merged))
            var fresh: Set<Pair> = []
            for index in (places[candidate.pair] ?? []).map(Int.init) {
                for pair in zip(words[index], words[index].dropFirst()).map(Pair.init) {
                    pairCounts[pair, default: 0] -= counts[index]
                }
                Self.merge(candidate.pair, into: merged, &words[index])
                for pair in zip(words[index], words[index].dropFirst()).map(Pair.init) {
                    pairCounts[pair, default: 0] += counts[index]
                    guard pair.left == merged || pair.right == merged else { continue }
                    fresh.insert(pair)
                    if places[pair]?.last != Int32(index) { places[pair, default: []].append(Int32(index)) }
                }
            }
            pairCounts[candidate.pair] = nil
            places[candidate.pair] = nil
            for pair in fresh { queue.insert(Candidate(count: pairCounts[pair] ?? 0, pair: pair)) }
        }
        return merges
    }

    private static func merge(_ pair: Pair, into merged: Int32, _ word: inout [Int32]) {
        var kept = 0
        var index = 0
        while index < word.count {
            if index + 1 < word.count, word[index] == pair.left, word[index + 1] == pair.right {
                word[kept] = merged
                index += 2
            } else {
                word[kept] = word[index]
                index += 1
            }
            kept += 1
        }
        word.removeLast(word.count - kept)
    }
}
