import TemperCore

/// The order in which a mix draws: agent documents, and general conversations of each source.
///
/// Whether draw i is an agent's is systematic sampling with a random start u (Madow 1949): ⌊(i + 1)η + u⌋ > ⌊iη + u⌋. So every
/// draw is an agent's with probability η exactly, and their number among n draws is nη to less than one. A general draw's source is
/// drawn by the weights, each on its own.
struct MixDraws: Sequence, IteratorProtocol {
    enum Draw: Hashable {
        case agent
        case general(Int)
    }

    private let ratio: Double
    private let start: Double
    /// Sums of the weights up to each source, over the whole.
    private let bounds: [Double]
    private let count: Int
    private var index = 0
    private var random: RandomSource

    init(count: Int, ratio: Double, weights: [Double], seed: UInt64) {
        self.count = count
        self.ratio = ratio
        random = RandomSource(seed: seed, "mix", "draws")
        start = random.unit()
        let whole = weights.reduce(0, +)
        var sum = 0.0
        bounds = weights.map { weight in
            sum += weight / whole
            return sum
        }
    }

    mutating func next() -> Draw? {
        guard index < count else { return nil }
        defer { index += 1 }
        if (Double(index + 1) * ratio + start).rounded(.down) > (Double(index) * ratio + start).rounded(.down) { return .agent }
        let place = random.unit()
        return .general(bounds.firstIndex { place < $0 } ?? Swift.max(0, bounds.count - 1))
    }
}
