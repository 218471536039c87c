/// The merge rules of a byte-pair encoding, and their application to one pre-token.
struct BytePairMerges: Sendable {
    /// left << 32 | right; `vacant` marks a free slot.
    private var keys: [UInt64]
    /// rank << 32 | merged id
    private var values: [UInt64]
    private static let vacant = UInt64.max
    private static let none = UInt64.max
    private static let rankMask: UInt64 = 0xFFFF_FFFF_0000_0000

    /// - Parameters:
    ///   - merges: in order of rank. Of two rules for one pair the later one counts, as in Hugging Face `tokenizers`.
    ///   - ranks: where several merges share one rank; the leftmost pair is merged first then.
    init(_ merges: [(left: Int32, right: Int32, merged: Int32)], ranks: [Int32]? = nil) {
        var size = 64
        while size < merges.count * 2 { size *= 2 }
        keys = [UInt64](repeating: Self.vacant, count: size)
        values = [UInt64](repeating: Self.none, count: size)
        for (index, merge) in merges.enumerated() {
            let key = Self.key(merge.left, merge.right)
            var slot = Self.slot(key, mask: size - 1)
            while keys[slot] != Self.vacant, keys[slot] != key { slot = (slot + 1) & (size - 1) }
            keys[slot] = key
            values[slot] = UInt64(ranks.map { Int($0[index]) } ?? index) << 32 | UInt64(UInt32(bitPattern: merge.merged))
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
        if ids.count <= 100 { applyByScan(to: &ids) } else { applyByHeap(to: &ids) }
    }

    /// Quadratic, and the fastest for words.
    func applyByScan(to ids: inout [Int32]) {
        guard ids.count > 1 else { return }
        var count = ids.count
        ids.withUnsafeMutableBufferPointer { ids in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { rules in
                for index in 1..<count { rules[index - 1] = rule(ids[index - 1], ids[index]) }
                while true {
                    var best = Self.none >> 32
                    var position = 0
                    for index in 0..<(count - 1) where rules[index] >> 32 < best {
                        best = rules[index] >> 32
                        position = index
                    }
                    guard best != Self.none >> 32 else { return }
                    ids[position] = Int32(truncatingIfNeeded: rules[position])
                    count -= 1
                    if position + 1 < count {
                        for index in (position + 1)..<count {
                            ids[index] = ids[index + 1]
                            rules[index - 1] = rules[index]
                        }
                        rules[position] = rule(ids[position], ids[position + 1])
                    }
                    if position > 0 { rules[position - 1] = rule(ids[position - 1], ids[position]) }
                }
            }
        }
        ids.removeLast(ids.count - count)
    }

    /// n log n, for pre-tokens of thousands of bytes (text without spaces).
    func applyByHeap(to ids: inout [Int32]) {
        guard ids.count > 1 else { return }
        let count = ids.count
        var next = (0..<count).map { Int32($0 + 1) }
        var previous = (0..<count).map { Int32($0 - 1) }
        // rank << 32 | position, so that equal ranks are taken from the left; -1 in `next` marks what was merged away.
        var heap: [UInt64] = []
        heap.reserveCapacity(count)
        for index in 0..<(count - 1) {
            let rule = rule(ids[index], ids[index + 1])
            if rule != Self.none { heap.append((rule & Self.rankMask) | UInt64(index)) }
        }
        for parent in stride(from: heap.count / 2 - 1, through: 0, by: -1) { Self.sink(&heap, from: parent) }
        func push(_ left: Int) {
            let right = Int(next[left])
            guard right < count else { return }
            let rule = rule(ids[left], ids[right])
            guard rule != Self.none else { return }
            heap.append((rule & Self.rankMask) | UInt64(left))
            Self.rise(&heap)
        }
        while let top = heap.first {
            let last = heap.removeLast()
            if !heap.isEmpty {
                heap[0] = last
                Self.sink(&heap, from: 0)
            }
            let left = Int(top & 0xFFFF_FFFF)
            let right = Int(next[left])
            guard right > 0, right < count, case let rule = rule(ids[left], ids[right]), rule != Self.none,
                rule >> 32 == top >> 32
            else { continue }
            ids[left] = Int32(truncatingIfNeeded: rule)
            next[left] = next[right]
            next[right] = -1
            if next[left] < count { previous[Int(next[left])] = Int32(left) }
            if previous[left] >= 0 { push(Int(previous[left])) }
            push(left)
        }
        var kept = 0
        for index in 0..<count where next[index] >= 0 {
            ids[kept] = ids[index]
            kept += 1
        }
        ids.removeLast(count - kept)
    }

    @inline(__always)
    private static func sink(_ heap: inout [UInt64], from start: Int) {
        let count = heap.count
        heap.withUnsafeMutableBufferPointer { heap in
            var parent = start
            let value = heap[parent]
            while true {
                var child = 2 * parent + 1
                guard child < count else { break }
                if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < value else { break }
                heap[parent] = heap[child]
                parent = child
            }
            heap[parent] = value
        }
    }

    @inline(__always)
    private static func rise(_ heap: inout [UInt64]) {
        heap.withUnsafeMutableBufferPointer { heap in
            var child = heap.count - 1
            let value = heap[child]
            while child > 0, case let parent = (child - 1) / 2, value < heap[parent] {
                heap[child] = heap[parent]
                child = parent
            }
            heap[child] = value
        }
    }
}
