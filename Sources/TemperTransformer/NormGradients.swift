import CTemperKernels

/// One worker's gradient of all norm weights, fp32: each row adds to it, and rows are shared out among workers.
final class NormGradients {
    private let entries: [WeightLayout.Entry]
    /// Where an entry's numbers lie, by its offset in the arena.
    private var places: [Int: Int] = [:]
    private let memory: Memory

    init(_ layout: WeightLayout) {
        entries = layout.entries.filter(\.isNorm)
        var count = 0
        for entry in entries {
            places[entry.offset] = count
            count += (entry.count + 15) / 16 * 16
        }
        memory = Memory(floats: count)
    }

    /// The gradient of the norm at a place of the arena.
    func floats(_ place: Int) -> UnsafeMutablePointer<Float> {
        guard let start = places[place] else { preconditionFailure("there is no norm at \(place)") }
        return memory.floats + start
    }

    func clear() { memory.clear() }

    /// Adds all of it to a gradient that is laid out like the weights.
    func add(to gradient: Memory) {
        for entry in entries { temper_add(gradient.floats + entry.offset, floats(entry.offset), Int64(entry.count)) }
    }
}
