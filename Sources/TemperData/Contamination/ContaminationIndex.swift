import TemperCore

/// Finds which tokens of the test examples occur in training texts that stream by, exactly as ``ContaminationRule`` says.
///
/// The test side is indexed, so memory depends on it alone and the time per training token does not grow with the training side.
/// Every match holds a run of ``ContaminationRule/seedLength`` equal tokens: those runs are looked up, and only what lies around
/// one is compared.
struct ContaminationIndex: Sendable {
    let rule: ContaminationRule
    /// All test tokens, one example after the other.
    private let tokens: [Int32]
    /// Where each example starts, and the end.
    private let starts: [Int]
    /// The example of each token.
    private let owners: [Int32]
    private(set) var isCovered: [Bool]
    /// Whether the window that starts here has matched.
    private var hasMatched: [Bool]
    /// Places of a run of equal tokens, by the run's hash.
    private var places: [UInt64: [Int32]]
    /// Examples shorter than a match, by their first token.
    private var shortExamples: [Int32: [Int32]]

    init(_ examples: [[Int32]], rule: ContaminationRule) {
        self.rule = rule
        var (tokens, starts, owners): ([Int32], [Int], [Int32]) = ([], [0], [])
        for (index, example) in examples.enumerated() {
            tokens += example
            starts.append(tokens.count)
            owners += Array(repeating: Int32(index), count: example.count)
        }
        (self.tokens, self.starts, self.owners) = (tokens, starts, owners)
        isCovered = Array(repeating: false, count: tokens.count)
        hasMatched = isCovered
        places = [:]
        shortExamples = [:]
        let seed = rule.seedLength
        for (index, example) in examples.enumerated() {
            guard let first = example.first else { continue }
            if example.count < rule.length {
                shortExamples[first, default: []].append(Int32(index))
            } else {
                for place in starts[index]...(starts[index + 1] - seed) {
                    places[Self.hash(tokens[place..<place + seed]), default: []].append(Int32(place))
                }
            }
        }
    }

    /// The share of an example's tokens that is covered, 0…1; 0 for an example without tokens.
    func rate(of example: Int) -> Double {
        let range = starts[example]..<starts[example + 1]
        return range.isEmpty ? 0 : Double(isCovered[range].count { $0 }) / Double(range.count)
    }

    /// The covered tokens and all tokens of an example.
    func counts(of example: Int) -> (covered: Int, all: Int) {
        let range = starts[example]..<starts[example + 1]
        return (isCovered[range].count { $0 }, range.count)
    }

    /// Goes through one training text.
    ///
    /// - Parameter found: called with each test example this text covers tokens of. A stretch that an earlier text covered may not be
    ///   reported again.
    mutating func scan(_ text: [Int32], found: (Int) -> Void = { _ in }) {
        let seed = rule.seedLength
        let own = tokens
        own.withUnsafeBufferPointer { tokens in
            text.withUnsafeBufferPointer { scan($0, tokens, seed, found) }
        }
    }

    private mutating func scan(
        _ text: UnsafeBufferPointer<Int32>, _ tokens: UnsafeBufferPointer<Int32>, _ seed: Int, _ found: (Int) -> Void
    ) {
        for position in text.indices where text[position] != TokenNumbers.unknown {
            if let examples = shortExamples[text[position]] { matchShort(examples, text, position, found) }
            guard position + seed <= text.count else { continue }
            let key = Self.hash(text[position..<position + seed])
            guard let candidates = places[key] else { continue }
            var dropped = false
            for place in candidates {
                switch rule.reading {
                case .paper: dropped = matchWindows(Int(place), of: tokens, text, position, found) || dropped
                case .strict: matchExtended(Int(place), text, position, found)
                }
            }
            if dropped { places[key] = candidates.filter { !isExhausted(Int($0)) } }
        }
    }

    /// Whether every window around the run at `place` has matched, so that it can find nothing more.
    private func isExhausted(_ place: Int) -> Bool {
        let windows = windows(around: place)
        return windows.allSatisfy { hasMatched[$0] }
    }

    /// The windows of a match's length that hold the run at `place` and lie in its example.
    private func windows(around place: Int) -> ClosedRange<Int> {
        let owner = Int(owners[place])
        let first = max(starts[owner], place + rule.seedLength - rule.length)
        let last = min(place, starts[owner + 1] - rule.length)
        return first...last
    }

    /// Reading `paper`: every window around the run in which few enough tokens differ.
    ///
    /// - Returns: whether the run can find nothing more.
    private mutating func matchWindows(
        _ place: Int, of tokens: UnsafeBufferPointer<Int32>, _ text: UnsafeBufferPointer<Int32>, _ position: Int,
        _ found: (Int) -> Void
    ) -> Bool {
        let owner = Int(owners[place])
        var windows = windows(around: place)
        // The run one token before has looked at all windows but the last.
        if place > starts[owner], position > 0, tokens[place - 1] == text[position - 1] {
            guard windows.upperBound == place else { return false }
            windows = place...place
        }
        // Which tokens around the run are equal, the first window's first token in the lowest bit.
        let first = max(windows.lowerBound, place - position)
        let end = min(windows.upperBound + rule.length, place - position + text.count)
        guard first + rule.length <= end else { return false }
        var equal: UInt64 = 0
        let shift = position - place
        // Without a branch: whether two tokens are equal cannot be foretold.
        for token in first..<end {
            equal |= (tokens[token] == text[token &+ shift] ? 1 : 0) &<< UInt64(truncatingIfNeeded: token &- first)
        }
        let least = rule.length - rule.mismatches
        guard equal.nonzeroBitCount >= least else { return false }
        let whole = UInt64.max >> UInt64(64 - rule.length)
        var isNew = false
        for window in first...(end - rule.length) where !hasMatched[window] {
            guard ((equal >> UInt64(window - first)) & whole).nonzeroBitCount >= least else { continue }
            hasMatched[window] = true
            isNew = true
            for offset in 0..<rule.length { isCovered[window + offset] = true }
        }
        if isNew { found(owner) }
        return isNew && isExhausted(place)
    }

    /// Reading `strict`: `length` equal tokens, and as far on as the budget of mismatches goes.
    private mutating func matchExtended(
        _ place: Int, _ text: UnsafeBufferPointer<Int32>, _ position: Int, _ found: (Int) -> Void
    ) {
        let owner = Int(owners[place])
        // A match that began one token before has been here, and ends where this one would.
        if place > starts[owner], position > 0, tokens[place - 1] == text[position - 1] { return }
        for offset in 0..<rule.length where tokens[place + offset] != text[position + offset] { return }
        let limit = min(starts[owner + 1] - place, text.count - position)
        var (end, differing, offset) = (rule.length, 0, rule.length)
        while offset < limit {
            if tokens[place + offset] == text[position + offset] {
                end = offset + 1
            } else {
                differing += 1
                if differing > rule.mismatches { break }
            }
            offset += 1
        }
        for offset in 0..<end { isCovered[place + offset] = true }
        found(owner)
    }

    /// Examples of fewer tokens than a match count when they occur whole.
    private mutating func matchShort(
        _ examples: [Int32], _ text: UnsafeBufferPointer<Int32>, _ position: Int, _ found: (Int) -> Void
    ) {
        for example in examples.map(Int.init) {
            let range = starts[example]..<starts[example + 1]
            guard position + range.count <= text.count,
                range.indices.allSatisfy({ tokens[$0] == text[position + $0 - range.lowerBound] })
            else { continue }
            for place in range { isCovered[place] = true }
            found(example)
        }
    }

    private static func hash(_ run: some Sequence<Int32>) -> UInt64 {
        run.reduce(StableHash.empty) { ($0 ^ UInt64(bitPattern: Int64($1))) &* 0x9E37_79B9_7F4A_7C15 }
    }
}
