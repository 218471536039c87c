/// Cuts a text into the pieces whose scores sum highest (Kudo 2018; the search of SentencePiece's `EncodeOptimized`).
struct UnigramModel: Sendable {
    /// What a character without a piece costs more than the worst piece (SentencePiece, `kUnkPenalty`).
    private static let unknownPenalty = 10.0

    private var trie = ByteTrie()
    /// Index: id.
    private let scores: [Double]
    private let isUserDefined: [Bool]
    private let unknownScore: Double
    private let maximumScore: Double
    /// SentencePiece adds in 32 bits, Hugging Face `tokenizers` in 64.
    private let roundsToFloat: Bool
    let fallback: CharacterVocabulary

    /// - Parameters:
    ///   - pieces: those that may stand in a text; their ids count in `scores`.
    ///   - fallback: what becomes of a character without a piece.
    init(
        pieces: [(text: [UInt8], id: Int32)], scores: [Double], userDefined: Set<Int32> = [], normalIDs: [Int32],
        roundsToFloat: Bool, fallback: CharacterVocabulary
    ) {
        for piece in pieces { trie.insert(piece.text, piece.id) }
        self.scores = scores
        isUserDefined = scores.indices.map { userDefined.contains(Int32($0)) }
        let normal = normalIDs.map { scores[Int($0)] }
        unknownScore = (normal.min() ?? 0) - Self.unknownPenalty
        maximumScore = normal.max() ?? 0
        self.roundsToFloat = roundsToFloat
        self.fallback = fallback
    }

    private struct Node {
        var score = 0.0
        /// -1: not reached.
        var start: Int32 = -1
        /// -1: a character without a piece.
        var id: Int32 = -1
    }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
        guard !text.isEmpty else { return }
        var nodes = [Node](repeating: Node(), count: text.count + 1)
        func reach(_ end: Int, from start: Int, score: Double, id: Int32) {
            guard nodes[end].start < 0 || score > nodes[end].score else { return }
            nodes[end] = Node(score: roundsToFloat ? Double(Float(score)) : score, start: Int32(start), id: id)
        }
        var start = 0
        while start < text.count {
            let length = UTF8Text.scalar(text, at: start).length
            let soFar = nodes[start].score
            var hasSingle = false
            var node = 0
            var end = start
            while end < text.count {
                node = trie.child(of: node, text[end])
                guard node > 0 else { break }
                end += 1
                let id = trie.value(at: node)
                guard id >= 0 else { continue }
                let own = isUserDefined[Int(id)] ? Double(end - start) * maximumScore - 0.1 : scores[Int(id)]
                reach(end, from: start, score: own + soFar, id: id)
                if end - start == length { hasSingle = true }
            }
            if !hasSingle { reach(start + length, from: start, score: unknownScore + soFar, id: -1) }
            start += length
        }
        var path: [(range: Range<Int>, id: Int32)] = []
        var end = text.count
        while end > 0 {
            let node = nodes[end]
            path.append((Int(node.start)..<end, node.id))
            end = Int(node.start)
        }
        var isAfterUnknown = false
        for step in path.reversed() {
            guard step.id < 0 else {
                ids.append(step.id)
                isAfterUnknown = false
                continue
            }
            let count = ids.count
            fallback.appendFallback(UTF8Text.scalar(text, at: step.range.lowerBound).value, to: &ids)
            let isUnknown = ids.count == count + 1 && ids[count] == fallback.unknownID
            if isUnknown, isAfterUnknown, fallback.fusesUnknown { ids.removeLast() }
            isAfterUnknown = isUnknown
        }
    }
}
