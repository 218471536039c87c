import Synchronization
import TemperCore
import TemperPocketText

/// The search indexes of the worlds used last, so that the tasks of a world build it once.
final class PocketWorldCache: Sendable {
    static let shared = PocketWorldCache(capacity: 64)

    private struct Key: Hashable {
        var split: PocketSplit
        var world: UInt64
    }

    private struct State {
        var indexes: [Key: SearchIndex] = [:]
        /// Least recently used first.
        var order: [Key] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    func index(_ gold: PocketGold) throws -> SearchIndex {
        let key = Key(split: gold.split, world: gold.world)
        let known = state.withLock { state -> SearchIndex? in
            guard let index = state.indexes[key] else { return nil }
            state.order.removeAll { $0 == key }
            state.order.append(key)
            return index
        }
        if let known { return known }
        // Built outside the lock: two threads may build the same world, which costs a millisecond and gives equal indexes.
        let world = PocketWorld(number: gold.world, partition: gold.split.partition, wording: gold.split.wording)
        let index = try SearchIndex(world.pages)
        state.withLock { state in
            if state.indexes.updateValue(index, forKey: key) == nil { state.order.append(key) }
            while state.order.count > capacity { state.indexes[state.order.removeFirst()] = nil }
        }
        return index
    }
}
