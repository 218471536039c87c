/// A request being served.
final class RunningSequence {
    let ticket: Int
    let request: SamplingRequest
    /// What changes the model for it.
    let adapter: AdapterOperands?
    /// The most tokens that may be drawn.
    let limit: Int
    /// Whether what is drawn is reported as it comes.
    let streams: Bool
    var cache: KeyValueCache
    var reusedTokens: Int?
    var chooser: TokenChooser
    var trie: ChoiceTrie?
    /// The prompt, then what was drawn.
    private(set) var tokens: [Int32]
    private(set) var bytes: [UInt8] = []
    /// Where each drawn token's bytes end.
    private var ends: [Int] = []
    private(set) var scores: [TokenScore] = []
    private(set) var promptScores: [TokenScore] = []
    /// The token that was picked in this step, and how likely it was.
    private var picked: Int32?
    private var pickedScore: TokenScore?
    /// Bytes and tokens that were reported.
    private var sentBytes = 0, sentTokens = 0

    init(_ ticket: Int, _ request: SamplingRequest, _ adapter: AdapterOperands?, limit: Int, streams: Bool) {
        self.ticket = ticket
        self.request = request
        self.adapter = adapter
        cache = KeyValueCache(adapter)
        self.limit = limit
        self.streams = streams
        tokens = request.prompt
        chooser = TokenChooser(
            temperature: request.temperature, topK: request.topK, topP: request.topP, seed: request.seed)
        trie = request.choices.isEmpty ? nil : ChoiceTrie(request.choices)
    }

    var drawn: ArraySlice<Int32> { tokens[request.prompt.count...] }
    var isReadingPrompt: Bool { cache.count < request.prompt.count }
    /// The positions to compute: what follows the prompt's last token is not wanted when nothing is drawn.
    var target: Int { limit == 0 ? tokens.count - 1 : tokens.count }
    /// Whether tokens of the prompt wait for their scores.
    var scoresPrompt: Bool { promptScores.count < request.prompt.count - (request.scoredFrom ?? request.prompt.count) }
    /// The first position whose logits are wanted, and all that follow it are; a cache may be taken over up to here.
    var firstWanted: Int { scoresPrompt ? (request.scoredFrom ?? 1) - 1 + promptScores.count : tokens.count - 1 }

    /// Takes in the logits of the next wanted position: scores a token of the prompt, or picks the next one of the reply.
    ///
    /// The only part that other sequences may run at the same time.
    func pick(_ logits: UnsafeBufferPointer<Float>) {
        if scoresPrompt {
            let id = request.prompt[firstWanted + 1]
            promptScores.append(TokenScore(id, logits, alternatives: request.alternatives ?? 0))
            return
        }
        let id: Int32
        if let trie {
            guard !trie.mustEnd else { return }
            let end = trie.mayEnd ? request.stopIDs.min() : nil
            id = chooser.choose(logits, among: (trie.allowed + [end].compactMap { $0 }).sorted())
        } else {
            id = chooser.choose(logits)
        }
        picked = id
        if let count = request.alternatives { pickedScore = TokenScore(id, logits, alternatives: count) }
    }

    /// Takes in what ``pick(_:)`` found; returns how the reply ends, if it does.
    func takePicked(bytesOfToken: (Int32) -> [UInt8]) -> SampledReply.Finish? {
        defer { (picked, pickedScore) = (nil, nil) }
        guard let id = picked else {
            if scoresPrompt { return nil }
            if let trie, trie.mustEnd { return .stop }
            return limit == 0 ? .length : nil
        }
        if trie != nil {
            if trie?.mayEnd == true, id == request.stopIDs.min() { return .stop }
            trie?.advance(id)
        } else if request.stopIDs.contains(id) {
            return .stop
        }
        if let pickedScore { scores.append(pickedScore) }
        tokens.append(id)
        let known = bytes.count
        bytes += bytesOfToken(id)
        ends.append(bytes.count)
        if let trie { return trie.mustEnd ? .stop : nil }
        if let start = firstStop(from: known) {
            bytes.removeLast(bytes.count - start)
            return .stop
        }
        return drawn.count >= limit ? .length : nil
    }

    /// Where the first stop string begins that ends after `known` bytes.
    private func firstStop(from known: Int) -> Int? {
        // A token without text ends nothing new.
        guard bytes.count > known else { return nil }
        var first: Int?
        for stop in request.stopStrings where !stop.isEmpty && stop.count <= bytes.count {
            for start in max(0, known - stop.count + 1)...bytes.count - stop.count
            where bytes[start..<start + stop.count].elementsEqual(stop) {
                first = min(first ?? start, start)
                break
            }
        }
        return first
    }

    /// What may be reported now and was not before.
    func news(isFinished: Bool) -> SampledPiece? {
        guard streams else { return nil }
        let length = isFinished ? bytes.count : HeldText.settledLength(bytes, stops: request.stopStrings)
        guard length > sentBytes || isFinished && sentTokens < textTokenCount else { return nil }
        let count = isFinished ? textTokenCount : ends.prefix { $0 <= length }.count
        let ids = drawn.dropFirst(sentTokens).prefix(count - sentTokens)
        let piece = SampledPiece(
            bytes: Array(bytes[sentBytes..<length]), ids: Array(ids),
            scores: Array(scores.dropFirst(sentTokens).prefix(ids.count)))
        sentBytes = length
        sentTokens = count
        return piece
    }

    /// The drawn tokens that begin before the end of the text.
    private var textTokenCount: Int {
        guard let last = ends.last, last > bytes.count else { return ends.count }
        return 1 + ends.dropLast().prefix { $0 < bytes.count }.count - (bytes.isEmpty ? 1 : 0)
    }

    func reply(_ finish: SampledReply.Finish) -> SampledReply {
        SampledReply(
            ids: Array(drawn), bytes: bytes, finish: finish, reusedTokens: reusedTokens ?? 0, textTokenCount: textTokenCount,
            scores: scores, promptScores: promptScores)
    }
}
