/// Byte strings with a number each, found in a text from any place (a trie whose edges stand in one hash table).
struct ByteTrie: Sendable {
    /// node << 8 | byte, plus 1; 0 marks a free slot.
    private var keys = [UInt64](repeating: 0, count: 64)
    private var children = [Int32](repeating: 0, count: 64)
    /// [nodes]; -1 where no string ends.
    private var values: [Int32] = [-1]
    private var isFirst = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { values.count == 1 }

    /// Keeps the first number a string is given. An empty string is never found.
    mutating func insert(_ key: some Sequence<UInt8>, _ value: Int32) {
        var node = 0
        for byte in key {
            if node == 0 { isFirst[Int(byte)] = true }
            let child = child(of: node, byte)
            node = child > 0 ? child : add(node, byte)
        }
        if node > 0, values[node] < 0 { values[node] = value }
    }

    /// Whether any string starts with a byte.
    @inline(__always)
    func startsAny(_ byte: UInt8) -> Bool { isFirst[Int(byte)] }

    /// The node below `node`, the root being 0; 0 when there is none.
    @inline(__always)
    func child(of node: Int, _ byte: UInt8) -> Int {
        let key = (UInt64(node) << 8 | UInt64(byte)) + 1
        let mask = keys.count - 1
        var slot = Self.slot(key, mask)
        while keys[slot] != 0 {
            if keys[slot] == key { return Int(children[slot]) }
            slot = (slot + 1) & mask
        }
        return 0
    }

    /// The number of the string that ends at a node; -1 when none does.
    @inline(__always)
    func value(at node: Int) -> Int32 { values[node] }

    func longestMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (value: Int32, end: Int)? {
        guard startsAny(bytes[start]) else { return nil }
        var node = 0
        var best: (value: Int32, end: Int)?
        var index = start
        while index < bytes.count {
            node = child(of: node, bytes[index])
            guard node > 0 else { break }
            index += 1
            if values[node] >= 0 { best = (values[node], index) }
        }
        return best
    }

    @inline(__always)
    private static func slot(_ key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
    }

    private mutating func add(_ node: Int, _ byte: UInt8) -> Int {
        if values.count * 2 > keys.count { grow() }
        let child = values.count
        values.append(-1)
        place((UInt64(node) << 8 | UInt64(byte)) + 1, Int32(child))
        return child
    }

    private mutating func place(_ key: UInt64, _ child: Int32) {
        let mask = keys.count - 1
        var slot = Self.slot(key, mask)
        while keys[slot] != 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        children[slot] = child
    }

    private mutating func grow() {
        let old = zip(keys, children).filter { $0.0 != 0 }
        keys = [UInt64](repeating: 0, count: keys.count * 2)
        children = [Int32](repeating: 0, count: keys.count)
        for (key, child) in old { place(key, child) }
    }
}
