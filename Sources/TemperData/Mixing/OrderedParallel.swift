import Dispatch
import Synchronization

/// Work on several threads with results in order, so that their number changes nothing but the time.
enum OrderedParallel {
    /// - Throws: the first error in order.
    static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item], workers: Int, _ body: @Sendable (Item) throws -> Value
    ) throws -> [Value] {
        guard workers > 1, items.count > 1 else { return try items.map(body) }
        let share = (items.count + workers - 1) / workers
        let parts = Mutex<[Int: Result<[Value], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: (items.count + share - 1) / share) { part in
            let slice = items[part * share..<min(items.count, (part + 1) * share)]
            let result = Result { try slice.map(body) }
            parts.withLock { $0[part] = result }
        }
        return try parts.withLock { parts in try parts.keys.sorted().flatMap { try parts[$0]?.get() ?? [] } }
    }
}
