import Foundation
import Synchronization

/// Looks at the memory of all living sandboxes, also between their commands.
package final class SandboxWatch: Sendable {
    package static let shared = SandboxWatch()
    private static let interval = 0.1

    private struct Entry: Sendable { weak var sandbox: Sandbox? }
    private let entries = Mutex<[Entry]>([])

    private init() {
        let thread = Thread { [self] in
            while true {
                Thread.sleep(forTimeInterval: Self.interval)
                let living = entries.withLock { entries in
                    entries.removeAll { $0.sandbox == nil }
                    return entries.compactMap(\.sandbox)
                }
                for sandbox in living { sandbox.checkMemory() }
            }
        }
        thread.name = "temper sandboxes"
        thread.start()
    }

    package func add(_ sandbox: Sandbox) { entries.withLock { $0.append(Entry(sandbox: sandbox)) } }
}

/// A thread that never ends, to start children from: bubblewrap's processes are killed when the thread that started them ends,
/// which threads of Swift's pool may do at any time.
package final class StartingThread: Sendable {
    package static let shared = StartingThread()

    private let condition = NSCondition()
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    private init() {
        let thread = Thread { [self] in
            while true {
                condition.lock()
                while waiting.withLock(\.isEmpty) { condition.wait() }
                condition.unlock()
                let jobs = waiting.withLock { jobs in
                    defer { jobs = [] }
                    return jobs
                }
                for job in jobs { job() }
            }
        }
        thread.name = "temper starting"
        thread.start()
    }

    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            waiting.withLock { $0.append { continuation.resume(with: Result { try body() }) } }
            condition.lock()
            condition.signal()
            condition.unlock()
        }
    }
}
