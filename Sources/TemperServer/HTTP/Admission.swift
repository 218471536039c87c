import Synchronization

/// Bounds the requests that run or wait, and the replies that are written at the same time.
///
/// Requests wait in order of arrival. A ``Visit`` and a ``Place`` end when nobody holds them any more, so a request whose
/// client has gone cannot keep either.
final class Admission: Sendable {
    private struct Waiter {
        var id: Int
        var places: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var visits = 0
        /// The size of the bodies that are arriving.
        var incomingBytes = 0
        var freePlaces: Int
        var waiting: [Waiter] = []
        var nextID = 0
        /// Moving average of the seconds that a place was held.
        var averageSeconds = 1.0
    }

    private let maximumConcurrent: Int
    private let maximumVisits: Int
    private let state: Mutex<State>

    init(maximumConcurrent: Int, maximumQueue: Int) {
        self.maximumConcurrent = max(1, maximumConcurrent)
        maximumVisits = self.maximumConcurrent + max(0, maximumQueue)
        state = Mutex(State(freePlaces: self.maximumConcurrent))
    }

    /// A request that runs or waits.
    final class Visit: Sendable {
        private let admission: Admission

        fileprivate init(_ admission: Admission) { self.admission = admission }

        deinit { admission.state.withLock { $0.visits -= 1 } }
    }

    /// Room to write.
    final class Place: Sendable {
        private let admission: Admission
        private let places: Int
        private let start = ContinuousClock.now

        fileprivate init(_ admission: Admission, _ places: Int) {
            self.admission = admission
            self.places = places
        }

        deinit { admission.free(places, after: ContinuousClock.now - start) }
    }

    /// The bytes of a body that is arriving, which count until nobody holds this any more.
    final class IncomingBody: Sendable {
        private let admission: Admission
        private let limit: Int
        private let bytes = Mutex(0)

        fileprivate init(_ admission: Admission, limit: Int) {
            self.admission = admission
            self.limit = limit
        }

        deinit {
            let bytes = bytes.withLock { $0 }
            admission.state.withLock { $0.incomingBytes -= bytes }
        }

        /// - Throws: ``APIError`` with status 429 when the bodies of all clients together are too large.
        func grow(by count: Int) throws(APIError) {
            let hasRoom = admission.state.withLock { state in
                guard state.incomingBytes + count <= admission.maximumVisits * limit else { return false }
                state.incomingBytes += count
                return true
            }
            guard hasRoom else {
                throw APIError(
                    429, .rateLimit, "The server is busy: too many bodies are arriving.", code: "queue_full", retryAfter: 1)
            }
            bytes.withLock { $0 += count }
        }
    }

    func roomForBody(of limit: Int) -> IncomingBody { IncomingBody(self, limit: limit) }

    /// Refuses a request for which there would be no room now.
    func requireRoom() throws(APIError) { _ = try enter() }

    /// Takes a request in, or refuses it with the seconds to wait.
    func enter() throws(APIError) -> Visit {
        let refusal: Int? = state.withLock { state in
            guard state.visits >= maximumVisits else {
                state.visits += 1
                return nil
            }
            let rounds = Double(state.visits) / Double(maximumConcurrent)
            return Int(min(max(state.averageSeconds * rounds, 1), 60).rounded(.up))
        }
        if let refusal {
            throw APIError(
                429, .rateLimit, "The server is busy: \(maximumVisits) requests are running or waiting.",
                code: "queue_full", retryAfter: refusal)
        }
        return Visit(self)
    }

    /// Waits for this many places, at most all of them.
    ///
    /// - Throws: ``APIError/timeout`` at the deadline, or `CancellationError`.
    func place(_ count: Int, deadline: ContinuousClock.Instant) async throws -> Place {
        let count = min(max(count, 1), maximumConcurrent)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let alarm = Task {
            do {
                try await Task.sleep(until: deadline, clock: .continuous)
                self.giveUp(id, APIError.timeout)
            } catch {
                // Cancelled: the place is free, or the client has gone.
            }
        }
        defer { alarm.cancel() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { $0.waiting.append(Waiter(id: id, places: count, continuation: continuation)) }
                // Cancelled before this point: the handler has found nobody to wake.
                if Task.isCancelled { giveUp(id, CancellationError()) }
                admitNext()
            }
        } onCancel: {
            giveUp(id, CancellationError())
        }
        return Place(self, count)
    }

    /// Requests that hold a place or wait for one, the latter alone, and the places in use.
    var counts: (visits: Int, waiting: Int, places: Int) {
        state.withLock { ($0.visits, $0.waiting.count, maximumConcurrent - $0.freePlaces) }
    }

    private func free(_ places: Int, after time: Duration) {
        state.withLock { state in
            state.freePlaces += places
            state.averageSeconds += 0.1 * (time / .seconds(1) - state.averageSeconds)
        }
        admitNext()
    }

    private func admitNext() {
        while true {
            let next: Waiter? = state.withLock { state in
                guard let first = state.waiting.first, first.places <= state.freePlaces else { return nil }
                state.freePlaces -= first.places
                return state.waiting.removeFirst()
            }
            guard let next else { return }
            next.continuation.resume()
        }
    }

    private func giveUp(_ id: Int, _ error: any Error) {
        let waiter: Waiter? = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        guard let waiter else { return }
        waiter.continuation.resume(throwing: error)
        admitNext()
    }
}
