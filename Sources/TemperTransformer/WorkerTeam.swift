import CDNNL
import CTemperKernels
import Foundation
import TemperCore

/// Threads that do the same work on parts of their own and can wait for one another in between.
///
/// They are started once and sleep between the calls of ``run(_:)``; the caller is the first of them.
final class WorkerTeam {
    /// As many as there are processors for this process.
    static var defaultCount: Int { ProcessorCount.available }

    let count: Int
    private let board: Board

    init(_ count: Int) {
        self.count = max(1, count)
        let board = Board(self.count)
        self.board = board
        for index in 1..<max(1, self.count) {
            let thread = Thread { board.serve(index) }
            thread.stackSize = 8 << 20
            thread.name = "temper worker"
            thread.start()
        }
    }

    deinit { board.close() }

    /// Calls `body(0) … body(count - 1)`, each on its own thread, and waits for all.
    ///
    /// - Parameter body: may write only to memory that belongs to its index, or that all agree on by ``wait()``.
    func run(_ body: (Int) -> Void) {
        temper_products_use_one_thread()
        guard count > 1 else { return body(0) }
        withoutActuallyEscaping(body) { body in
            board.post(Board.Job(body: body))
            body(0)
            board.finish()
        }
    }

    /// Inside a run: returns when all of the team have called it.
    func wait() { board.meet() }

    /// Where the threads find their work.
    ///
    /// Unchecked, since the work is not a sendable closure: it is known to the threads only while ``WorkerTeam/run(_:)`` waits, and
    /// writes where its index or an agreement allows. All else is guarded by `condition`.
    private final class Board: @unchecked Sendable {
        struct Job {
            let body: (Int) -> Void
        }

        private let condition = NSCondition()
        private var job: Job?
        private var round = 0
        private var working = 0
        private var isClosed = false

        private let count: Int
        private let barrier: OpaquePointer

        init(_ count: Int) {
            self.count = count
            guard let barrier = temper_barrier_create(Int32(count)) else { preconditionFailure("no memory for a barrier") }
            self.barrier = barrier
        }

        deinit { temper_barrier_destroy(barrier) }

        func meet() { temper_barrier_wait(barrier) }

        func post(_ job: Job) {
            condition.lock()
            self.job = job
            round += 1
            working = count - 1
            condition.broadcast()
            condition.unlock()
        }

        /// Waits until no thread holds the work any more.
        func finish() {
            condition.lock()
            while working > 0 { condition.wait() }
            job = nil
            condition.unlock()
        }

        func close() {
            condition.lock()
            isClosed = true
            condition.broadcast()
            condition.unlock()
        }

        /// The life of a thread.
        func serve(_ index: Int) {
            temper_products_use_one_thread()
            var seen = 0
            while perform(index, after: &seen) { leave() }
        }

        /// One piece of work; its closure is let go of before the others learn that it is done.
        private func perform(_ index: Int, after seen: inout Int) -> Bool {
            guard let job = next(after: &seen) else { return false }
            job.body(index)
            return true
        }

        private func next(after seen: inout Int) -> Job? {
            condition.lock()
            defer { condition.unlock() }
            while round == seen, !isClosed { condition.wait() }
            seen = round
            return isClosed ? nil : job
        }

        private func leave() {
            condition.lock()
            working -= 1
            if working == 0 { condition.broadcast() }
            condition.unlock()
        }
    }
}

extension Range<Int> {
    /// The part of a worker: whole tiles, as evenly as they come.
    func share(of worker: Int, among workers: Int, tile: Int = 16) -> Range<Int> {
        let tiles = (count + tile - 1) / tile
        func bound(_ worker: Int) -> Int { Swift.min(lowerBound + tiles * worker / workers * tile, upperBound) }
        return bound(worker)..<bound(worker + 1)
    }
}
