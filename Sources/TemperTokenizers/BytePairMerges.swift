/// The merge rules of a byte-level BPE, and their application to one pre-token.
struct BytePairMerges: Sendable {
    /// left << 32 | right; `vacant` marks a free slot.
    private var keys: [UInt64]
    /// rank << 32 | merged id
    private var values: [UInt64]
    private static let vacant = UInt64.max
    private static let none = UInt64.max

    /// - Parameter merges: in order of rank.
    init(_ merges: [(left: Int32, right: Int32, merged: Int32)]) {
        var size = 64
        while size < merges.count * 2 { size *= 2 }
        keys = [UInt64](repeating: Self.vacant, count: size)
        values = [UInt64](repeating: Self.none, count: size)
        for (rank, merge) in merges.enumerated() {
            let key = Self.key(merge.left, merge.right)
            var slot = Self.slot(key, mask: size - 1)
            while keys[slot] != Self.vacant, keys[slot] != key { slot = (slot + 1) & (size - 1) }
            keys[slot] = key
            values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merge.merged))
        }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private static func slot(_ key: UInt64, mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    }

    /// rank << 32 | merged id, or `none`.
    @inline(__always)
    private func rule(_ left: Int32, _ right: Int32) -> UInt64 {
        let key = Self.key(left, right)
        let mask = keys.count - 1
        var slot = Self.slot(key, mask: mask)
        while true {
            let found = keys[slot]
            if found == key { return values[slot] }
            if found == Self.vacant { return Self.none }
            slot = (slot + 1) & mask
        }
    }

    /// Merges in place: always the pair of lowest rank, the leftmost of equals.
    func apply(to ids: inout [Int32]) {
        if ids.count <= 128 { applyByScan(to: &ids) } else { applyByHeap(to: &ids) }
    }

    /// Quadratic, and the fastest for words.
    func applyByScan(to ids: inout [Int32]) {
        guard ids.count > 1 else { return }
        var rules: [UInt64] = []
        rules.reserveCapacity(ids.count)
        for index in 1..<ids.count { rules.append(rule(ids[index - 1], ids[index])) }
        while true {
            var best = Self.none
            var position = 0
            for index in rules.indices where rules[index] < best {
                best = rules[index]
                position = index
            }
            guard best != Self.none else { return }
            ids[position] = Int32(truncatingIfNeeded: best)
            ids.remove(at: position + 1)
            rules.remove(at: position)
            if position > 0 { rules[position - 1] = rule(ids[position - 1], ids[position]) }
            if position < rules.count { rules[position] = rule(ids[position], ids[position + 1]) }
        }
    }

    /// n log n, for pre-tokens of thousands of bytes (text without spaces).
    func applyByHeap(to ids: inout [Int32]) {
        let count = ids.count
        var next = Array(1...count)
        var previous = Array(-1..<(count - 1))
        var isAlive = [Bool](repeating: true, count: count)
        var heap = Heap<Candidate>()
        func push(_ left: Int, _ heap: inout Heap<Candidate>, _ ids: [Int32], _ next: [Int]) {
            guard left >= 0, next[left] < count else { return }
            let rule = rule(ids[left], ids[next[left]])
            if rule != Self.none { heap.insert(Candidate(rule: rule, position: left)) }
        }
        for index in 0..<(count - 1) { push(index, &heap, ids, next) }
        while let candidate = heap.popFirst() {
            let left = candidate.position
            guard isAlive[left], next[left] < count, rule(ids[left], ids[next[left]]) == candidate.rule else { continue }
            let right = next[left]
            ids[left] = Int32(truncatingIfNeeded: candidate.rule)
            isAlive[right] = false
            next[left] = next[right]
            if next[right] < count { previous[next[right]] = left }
            push(previous[left], &heap, ids, next)
            push(left, &heap, ids, next)
        }
        ids = ids.indices.filter { isAlive[$0] }.map { ids[$0] }
    }

    private struct Candidate: Comparable {
        var rule: UInt64
        var position: Int
        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.rule, left.position) < (right.rule, right.position)
        }
    }
}

/// A binary heap; the smallest element comes first.
struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0, case let parent = (child - 1) / 2, elements[child] < elements[parent] {
            elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = elements.first else { return nil }
        let last = elements.removeLast()
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < elements.count else { return first }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < elements[parent] else { return first }
            elements.swapAt(child, parent)
            parent = child
        }
    }
}
