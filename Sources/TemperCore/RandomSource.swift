/// A seeded generator (xoshiro256**, Blackman and Vigna 2018); the same seed gives the same draws on every platform.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var mixer = seed
        state = (Self.splitMix(&mixer), Self.splitMix(&mixer), Self.splitMix(&mixer), Self.splitMix(&mixer))
    }

    /// A generator of its own for each (seed, labels…), so that concurrency cannot change a draw.
    package init(seed: UInt64, _ labels: String...) {
        self.init(seed: Self.derive(seed, labels))
    }

    /// A seed from a seed and labels.
    package static func derive(_ seed: UInt64, _ labels: [String]) -> UInt64 {
        var value = seed
        for label in labels {
            value = splitMix(&value) ^ StableHash.fnv1a(label)
        }
        return splitMix(&value)
    }

    package mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    /// Uniform in 0 ..< 1 with 53 bits.
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in 0 ..< bound.
    package mutating func index(below bound: Int) -> Int {
        Int(next(upperBound: UInt64(bound)))
    }

    /// One of a non-empty list.
    package mutating func pick<Element>(_ choices: [Element]) -> Element {
        precondition(!choices.isEmpty, "cannot pick from an empty list")
        return choices[index(below: choices.count)]
    }

    /// True with the given probability.
    package mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}

/// A hash that is the same in every process (Swift's own is seeded per process).
package enum StableHash {
    /// FNV-1a's hash of nothing, 64 bits (Fowler, Noll and Vo).
    @inlinable package static var empty: UInt64 { 0xCBF2_9CE4_8422_2325 }

    /// FNV-1a's step: the hash with one byte more, or with one word more where a caller hashes words.
    @inlinable package static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 { (hash ^ value) &* 0x0000_0100_0000_01B3 }

    /// FNV-1a, 64 bits, over UTF-8.
    package static func fnv1a(_ text: String) -> UInt64 { text.utf8.reduce(empty) { mix($0, UInt64($1)) } }
}
