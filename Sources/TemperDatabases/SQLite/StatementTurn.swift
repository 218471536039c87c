import Foundation
import Synchronization

/// Decides whose turn it is among the statements that take long.
///
/// Every statement starts at once. One that has run for ``quick`` needs a turn to go on: there is one for four processors, its
/// thread steps back behind the others, and after each slice the statement that has run least comes next. So any number of endless
/// statements takes the time of one. A statement's own clock stops while it waits.
final class StatementTurn: Sendable {
    static let shared = StatementTurn(count: max(1, ProcessInfo.processInfo.activeProcessorCount / 4))
    static let quick = Duration.milliseconds(20)
    private static let slice = Duration.milliseconds(100)
    /// What a thread that runs for long adds to its `nice` value.
    private static let step: Int32 = 10

    private struct State {
        var free: Int
        /// How long each waiting statement has run, by the order in which they came.
        var waiting: [(number: Int, ran: Duration)] = []
        var arrivals = 0
    }

    private let state: Mutex<State>
    private let changed = NSCondition()

    init(count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits until it is this statement's turn.
    func take(after ran: Duration) {
        let number = state.withLock { state in
            state.arrivals += 1
            state.waiting.append((state.arrivals, ran))
            return state.arrivals
        }
        changed.lock()
        while !isNext(number) { changed.wait() }
        // Another one may be free, and who is next was not known while this one was first.
        changed.broadcast()
        changed.unlock()
    }

    func giveBack() {
        changed.lock()
        state.withLock { $0.free += 1 }
        changed.broadcast()
        changed.unlock()
    }

    /// Whether a statement that has the turn should let another one go on.
    func isOver(_ sliceStart: ContinuousClock.Instant, _ now: ContinuousClock.Instant) -> Bool {
        now - sliceStart > Self.slice && state.withLock { !$0.waiting.isEmpty }
    }

    /// Puts the calling thread, which ends with its statement, behind those that run quick statements.
    static func stepBack() {
        #if os(Linux)
            // There 0 is the calling thread.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, step)
        #endif
    }

    private func isNext(_ number: Int) -> Bool {
        state.withLock { state in
            guard state.free > 0, let best = state.waiting.min(by: { ($0.ran, $0.number) < ($1.ran, $1.number) }),
                best.number == number
            else { return false }
            state.waiting.removeAll { $0.number == number }
            state.free -= 1
            return true
        }
    }
}
