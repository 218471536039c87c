import CSQLite

/// Stops a statement that runs too long. SQLite asks every few hundred of its instructions, and functions before each call
/// (``GuardedFunctions``). A statement that is no longer quick waits here for its turn (``StatementTurn``).
final class StatementWatch {
    enum Verdict {
        case tooLong, tooMuchMemory
    }

    /// What all of SQLite in this process may take beyond what it held when a statement began. Large results go to files, so this
    /// only guards against what nobody thought of.
    private static let memoryLimit: Int64 = 1 << 30

    private var timeLimit = Duration.zero
    /// When the statement started, moved on by the time for which it waited.
    private var started = ContinuousClock.now
    /// When it took the turn; nil while it needs none.
    private var sliceStart: ContinuousClock.Instant?
    private var needsTurns = false
    private var memoryLimit: Int64 = 0
    private(set) var verdict: Verdict?

    /// - Parameter needsTurns: whether the statement waits for its turn once it is slow; it must then ``finish()``.
    func start(timeLimit: Duration, needsTurns: Bool) {
        self.timeLimit = timeLimit
        self.needsTurns = needsTurns
        started = .now
        memoryLimit = sqlite3_memory_used() + Self.memoryLimit
        verdict = nil
    }

    func finish() {
        if sliceStart != nil { StatementTurn.shared.giveBack() }
        (sliceStart, needsTurns) = (nil, false)
    }

    func install(on database: OpaquePointer?) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            database, 200,
            { context in
                guard let context else { return 0 }
                return Unmanaged<StatementWatch>.fromOpaque(context).takeUnretainedValue().mustStop ? 1 : 0
            }, context)
    }

    var mustStop: Bool {
        let now = ContinuousClock.now
        if sqlite3_memory_used() > memoryLimit {
            verdict = .tooMuchMemory
        } else if now - started > timeLimit {
            verdict = .tooLong
        } else if needsTurns {
            wait(now)
        }
        return verdict != nil
    }

    private func wait(_ now: ContinuousClock.Instant) {
        let ran = now - started
        if let sliceStart {
            guard StatementTurn.shared.isOver(sliceStart, now) else { return }
            StatementTurn.shared.giveBack()
        } else {
            guard ran > StatementTurn.quick else { return }
            StatementTurn.stepBack()
        }
        StatementTurn.shared.take(after: ran)
        let turn = ContinuousClock.now
        started += turn - now
        sliceStart = turn
    }
}
