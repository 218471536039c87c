import TemperCore

/// Finds texts that say nearly the same, without comparing every pair.
///
/// MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4) propose pairs; a
/// proposed pair is a duplicate only when the exact Jaccard similarity of its shingles reaches the threshold. A pair at the threshold
/// is proposed with probability above 0.999 (see ``bandCount(rows:threshold:)``).
package struct NearDuplicates: Sendable {
    /// Words of a shingle, unless another number is given.
    package static let shingleLength = 5
    private static let rows = 4

    private let threshold: Double
    private let shingleLength: Int
    private let seeds: [UInt64]
    private var buckets: [[UInt64: [Int]]]
    private var kept: [Set<UInt64>] = []

    /// - Parameters:
    ///   - threshold: the Jaccard similarity from which two texts are the same, above 0 and at most 1.
    ///   - shingleLength: words of a shingle, at least 1; texts of a sentence need short ones.
    package init(threshold: Double, shingleLength: Int = NearDuplicates.shingleLength) {
        self.threshold = threshold
        self.shingleLength = shingleLength
        let bands = Self.bandCount(rows: Self.rows, threshold: threshold)
        var random = RandomSource(seed: 0, "minhash")
        seeds = (0..<bands * Self.rows).map { _ in random.next() | 1 }
        buckets = Array(repeating: [:], count: bands)
    }

    /// The bands so that 1 − (1 − s^r)^b is above 0.999 at similarity s = `threshold`.
    static func bandCount(rows: Int, threshold: Double) -> Int {
        var power = 1.0
        for _ in 0..<rows { power *= threshold }
        guard power < 1 else { return 1 }
        var (missed, bands) = (1.0, 0)
        while missed > 0.001, bands < 400 {
            missed *= 1 - power
            bands += 1
        }
        return bands
    }

    /// Whether a text is nearly the same as one that was inserted before; a new one is remembered.
    package mutating func insert(_ text: String) -> Bool {
        let shingles = Self.shingles(of: text, length: shingleLength)
        var candidates: Set<Int> = []
        var keys: [UInt64] = []
        for band in buckets.indices {
            var key = StableHash.empty
            for row in 0..<Self.rows {
                let seed = seeds[band * Self.rows + row]
                var least = UInt64.max
                for shingle in shingles { least = min(least, Self.mix(shingle &* seed)) }
                key = StableHash.mix(key, least)
            }
            keys.append(key)
            candidates.formUnion(buckets[band][key] ?? [])
        }
        for candidate in candidates.sorted() where Self.similarity(shingles, kept[candidate]) >= threshold { return true }
        for (band, key) in keys.enumerated() { buckets[band][key, default: []].append(kept.count) }
        kept.append(shingles)
        return false
    }

    /// The hashes of all runs of that many words; of the whole text when it is shorter.
    static func shingles(of text: String, length: Int = NearDuplicates.shingleLength) -> Set<UInt64> {
        let words = WordTokens.split(text).map { StableHash.fnv1a($0) }
        let length = min(length, words.count)
        guard length > 0 else { return [0] }
        return Set(
            (0...(words.count - length)).map { start in
                words[start..<start + length].reduce(0x9E37_79B9_7F4A_7C15) { mix($0 ^ $1) }
            })
    }

    static func similarity(_ left: Set<UInt64>, _ right: Set<UInt64>) -> Double {
        let shared = left.count < right.count ? left.count { right.contains($0) } : right.count { left.contains($0) }
        return Double(shared) / Double(left.count + right.count - shared)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
