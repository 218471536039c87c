import Synchronization
import TemperCore

/// The worlds of one suite that wait for their next episode. There are never more than episodes at the same time.
final class WorldPool: Sendable {
    private let idle = Mutex<[any OutsideWorld]>([])
    private let make: @Sendable () async throws -> any OutsideWorld

    init(_ make: @escaping @Sendable () async throws -> any OutsideWorld) {
        self.make = make
    }

    /// A healthy world: one that waits, else a new one.
    func take() async throws -> any OutsideWorld {
        if let world = idle.withLock({ $0.popLast() }) { return world }
        return try await make()
    }

    /// Takes a world back whose episode ended well.
    func give(back world: any OutsideWorld) {
        idle.withLock { $0.append(world) }
    }

    /// How many worlds wait.
    var idleCount: Int { idle.withLock { $0.count } }
}
