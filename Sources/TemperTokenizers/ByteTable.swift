/// Numbers byte strings 0, 1, 2, … in order of first appearance (open addressing, linear probing).
///
/// A dictionary keyed by `[UInt8]` allocates for every look-up; this one looks up a slice of a buffer in place.
struct ByteTable: Sendable {
    private(set) var count = 0
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private var starts: [Int] = [0]
    private var arena: [UInt8] = []

    init(minimumCapacity: Int = 16) {
        var size = 32
        while size < minimumCapacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    /// Bytes held by all keys together.
    var byteCount: Int { arena.count }

    func key(_ index: Int) -> ArraySlice<UInt8> { arena[starts[index]..<starts[index + 1]] }

    @inline(__always)
    func index(of key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let index = Int(slots[slot])
            if index < 0 { return nil }
            if hashes[index] == hash, matches(index, key) { return index }
            slot = (slot + 1) & mask
        }
    }

    func index(of key: [UInt8]) -> Int? {
        key.withUnsafeBufferPointer { index(of: $0, hash: Self.hash($0)) }
    }

    /// The number of a key, given one if it is new.
    mutating func insert(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
        if let index = index(of: key, hash: hash) { return index }
        if (count + 1) * 2 > slots.count { grow() }
        place(count, hash)
        hashes.append(hash)
        arena.append(contentsOf: key)
        starts.append(arena.count)
        count += 1
        return count - 1
    }

    mutating func insert(_ key: [UInt8]) -> Int {
        key.withUnsafeBufferPointer { insert($0, hash: Self.hash($0)) }
    }

    /// Multiply-and-fold over eight bytes at a time.
    @inline(__always)
    static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: key.count)
        let raw = UnsafeRawBufferPointer(key)
        var offset = 0
        while offset + 8 <= raw.count {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < raw.count {
            tail = tail << 8 | UInt64(raw[offset])
            offset += 1
        }
        return mix(hash ^ tail)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    @inline(__always)
    private func matches(_ index: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = starts[index]
        guard starts[index + 1] - start == key.count else { return false }
        for offset in 0..<key.count where arena[start + offset] != key[offset] { return false }
        return true
    }

    private mutating func place(_ index: Int, _ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = Int32(index)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for index in 0..<count { place(index, hashes[index]) }
    }
}
