import Foundation
import Synchronization

/// Waits for file descriptors on one thread of its own, so that no thread of Swift's pool blocks however many children run.
package final class DescriptorMonitor: Sendable {
    package static let shared = DescriptorMonitor()

    package struct Interest: Sendable {
        var descriptor: Int32
        /// `POLLIN` or `POLLOUT`; the other end's hanging up always counts.
        var events: Int32
    }

    private struct Waiter {
        var interests: [Interest]
        var deadline: ContinuousClock.Instant
        var continuation: CheckedContinuation<Bool, any Error>
    }

    private struct State {
        var waiters: [UInt64: Waiter] = [:]
        var nextNumber: UInt64 = 0
        /// Waits cancelled before they were entered.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    /// A byte into `bell.write` makes the thread look at the list again.
    private let bell: (read: Int32, write: Int32)

    private init() {
        do { bell = try Pipe.make() } catch { preconditionFailure("no pipe for the descriptor monitor: \(error)") }
        Pipe.makeNonBlocking(bell.read)
        Pipe.makeNonBlocking(bell.write)
        let thread = Thread { [self] in while true { turn() } }
        thread.name = "temper descriptors"
        thread.start()
    }

    /// Suspends until one of the descriptors is ready, which gives true, or the deadline has passed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    package func wait(_ interests: [Interest], until deadline: ContinuousClock.Instant) async throws -> Bool {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiter = Waiter(interests: interests, deadline: deadline, continuation: continuation)
                let isEntered = state.withLock { state in
                    guard state.cancelled.remove(number) == nil else { return false }
                    state.waiters[number] = waiter
                    return true
                }
                if isEntered { ring() } else { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: number)
                if waiter == nil { state.cancelled.insert(number) }
                return waiter
            }
            waiter?.continuation.resume(throwing: CancellationError())
            ring()
        }
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = write(bell.write, &byte, 1)  // a full pipe rings already
    }

    private func turn() {
        var list = [pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0)]
        var owners: [UInt64] = [0]
        var nearest: ContinuousClock.Instant?
        state.withLock { state in
            for (number, waiter) in state.waiters {
                for interest in waiter.interests {
                    list.append(pollfd(fd: interest.descriptor, events: Int16(interest.events), revents: 0))
                    owners.append(number)
                }
                nearest = min(nearest ?? waiter.deadline, waiter.deadline)
            }
        }
        poll(&list, nfds_t(list.count), nearest.map { Self.milliseconds(until: $0) } ?? -1)
        if list[0].revents != 0 { Pipe.discard(bell.read) }
        let ready = Set(zip(owners, list).dropFirst().filter { $0.1.revents != 0 }.map(\.0))
        let now = ContinuousClock.now
        let ended = state.withLock { state in
            var ended: [(CheckedContinuation<Bool, any Error>, Bool)] = []
            for (number, waiter) in state.waiters where ready.contains(number) || waiter.deadline <= now {
                ended.append((waiter.continuation, ready.contains(number)))
                state.waiters[number] = nil
            }
            return ended
        }
        for (continuation, isReady) in ended { continuation.resume(returning: isReady) }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let seconds = (deadline - .now) / .seconds(1)
        return Int32(min(max(0, (seconds * 1000).rounded(.up)), 3_600_000))
    }
}
