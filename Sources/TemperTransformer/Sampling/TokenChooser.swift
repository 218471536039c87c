import CTemperKernels
import Foundation
import TemperCore

/// Draws the next token from logits.
struct TokenChooser {
    let temperature: Double
    let topK: Int
    let topP: Double
    private var random: RandomSource
    private var candidates: [(id: Int32, weight: Double)] = []

    init(temperature: Double, topK: Int = 0, topP: Double = 1, seed: UInt64) {
        self.temperature = temperature
        self.topK = max(0, topK)
        self.topP = max(0, topP)
        random = RandomSource(seed: seed, "sampling")
    }

    /// One token of the whole vocabulary.
    mutating func choose(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
        if temperature <= 0, let first = logits.baseAddress { return Int32(temper_argmax(first, Int64(logits.count))) }
        return draw(logits, among: logits.indices.lazy.map { Int32($0) })
    }

    /// One token of a non-empty list in ascending order.
    mutating func choose(_ logits: UnsafeBufferPointer<Float>, among ids: [Int32]) -> Int32 {
        if ids.count == 1 { return ids[0] }
        return temperature <= 0 ? mostLikely(logits, among: ids) : draw(logits, among: ids)
    }

    /// The first of the highest logits.
    private func mostLikely(_ logits: UnsafeBufferPointer<Float>, among ids: some Sequence<Int32>) -> Int32 {
        var best: Int32 = -1
        var highest = -Float.infinity
        for id in ids where best < 0 || logits[Int(id)] > highest {
            best = id
            highest = logits[Int(id)]
        }
        return best
    }

    private mutating func draw(_ logits: UnsafeBufferPointer<Float>, among ids: some Collection<Int32>) -> Int32 {
        var highest = -Float.infinity
        for id in ids { highest = max(highest, logits[Int(id)]) }
        candidates.removeAll(keepingCapacity: true)
        var total = 0.0
        for id in ids {
            let weight = exp((Double(logits[Int(id)]) - Double(highest)) / temperature)
            total += weight
            candidates.append((id, weight))
        }
        if topK > 0, topK < candidates.count {
            keepMostLikely()
            total = candidates.reduce(0) { $0 + $1.weight }
        }
        if topP < 1 {
            // Tokens below this weight sum to less than 1 - topP and so are never part of the nucleus.
            let floor = (1 - topP) * total / Double(candidates.count)
            candidates.removeAll { $0.weight < floor }
            candidates.sort { ($1.weight, $0.id) < ($0.weight, $1.id) }
            var kept = 0, mass = 0.0
            while kept < candidates.count, kept == 0 || mass < topP * total {
                mass += candidates[kept].weight
                kept += 1
            }
            candidates.removeLast(candidates.count - kept)
            total = mass
        }
        var rest = random.unit() * total
        for candidate in candidates {
            rest -= candidate.weight
            if rest < 0 { return candidate.id }
        }
        return candidates[candidates.count - 1].id
    }

    /// Leaves the ``topK`` candidates of the highest weight, those first; of equals the lower ids.
    private mutating func keepMostLikely() {
        var best: [(id: Int32, weight: Double)] = []
        best.reserveCapacity(topK + 1)
        for candidate in candidates {
            if best.count == topK, let last = best.last, candidate.weight <= last.weight { continue }
            var low = 0, high = best.count
            while low < high {
                let middle = (low + high) / 2
                if best[middle].weight < candidate.weight { high = middle } else { low = middle + 1 }
            }
            best.insert(candidate, at: low)
            if best.count > topK { best.removeLast() }
        }
        candidates = best
    }
}
