/// Python's `random.Random` for an integer seed, so that subsets drawn by published Python code can be drawn here.
///
/// The generator is MT19937 (Matsumoto and Nishimura 1998) seeded by `init_by_array`, as CPython's `_randommodule.c` does;
/// `shuffle` is Fisher and Yates from the end with `_randbelow` by rejection, as in CPython 3.2 and later.
package struct PythonRandom: Sendable {
    private static let size = 624
    private static let shift = 397
    private var state: [UInt32]
    private var position = Self.size

    package init(seed: UInt64) {
        var key = [UInt32(truncatingIfNeeded: seed)]
        if seed >> 32 != 0 { key.append(UInt32(truncatingIfNeeded: seed >> 32)) }
        state = Self.initialState(seed: 19_650_218)
        var i = 1
        var j = 0
        for _ in 0..<max(Self.size, key.count) {
            let mixed = state[i - 1] ^ (state[i - 1] >> 30)
            state[i] = (state[i] ^ (mixed &* 1_664_525)) &+ key[j] &+ UInt32(j)
            i += 1
            j += 1
            if i >= Self.size {
                state[0] = state[Self.size - 1]
                i = 1
            }
            if j >= key.count { j = 0 }
        }
        for _ in 0..<(Self.size - 1) {
            let mixed = state[i - 1] ^ (state[i - 1] >> 30)
            state[i] = (state[i] ^ (mixed &* 1_566_083_941)) &- UInt32(i)
            i += 1
            if i >= Self.size {
                state[0] = state[Self.size - 1]
                i = 1
            }
        }
        state[0] = 0x8000_0000
    }

    /// `getrandbits(count)` for 1 … 32 bits.
    package mutating func bits(_ count: Int) -> UInt32 {
        precondition((1...32).contains(count), "1 to 32 bits")
        return next() >> (32 - count)
    }

    /// `_randbelow(bound)`: uniform in 0 ..< bound, bound at most 2³² − 1.
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= UInt32.max, "the bound must be in 1 … 2^32 - 1")
        let width = Int.bitWidth - bound.leadingZeroBitCount
        while true {
            let value = Int(bits(width))
            if value < bound { return value }
        }
    }

    /// `shuffle(list)`, in place.
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for i in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(i, index(below: i + 1))
        }
    }

    private static func initialState(seed: UInt32) -> [UInt32] {
        var state = [UInt32](repeating: 0, count: size)
        state[0] = seed
        for i in 1..<size {
            state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
        }
        return state
    }

    private mutating func next() -> UInt32 {
        if position >= Self.size { refill() }
        var value = state[position]
        position += 1
        value ^= value >> 11
        value ^= (value << 7) & 0x9D2C_5680
        value ^= (value << 15) & 0xEFC6_0000
        return value ^ (value >> 18)
    }

    private mutating func refill() {
        for i in 0..<Self.size {
            let joined = (state[i] & 0x8000_0000) | (state[(i + 1) % Self.size] & 0x7FFF_FFFF)
            let twist: UInt32 = joined & 1 == 1 ? 0x9908_B0DF : 0
            state[i] = state[(i + Self.shift) % Self.size] ^ (joined >> 1) ^ twist
        }
        position = 0
    }
}
