import TemperCore

/// Spreads requests over the addresses of a service and keeps its limits: requests at once, and requests a minute.
actor EndpointPool {
    /// A place at one of the addresses, usable from `start`.
    struct Place: Sendable {
        var endpoint: Int
        var start: ContinuousClock.Instant
    }

    private var load: [Int]
    private var pausedUntil: [ContinuousClock.Instant]
    private let maximumInFlight: Int
    private let interval: Duration
    private var inFlight = 0
    private var nextStart = ContinuousClock.now
    private var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    private var nextNumber = 0

    init(endpoints: Int, maximumInFlight: Int, requestsPerMinute: Double?) {
        load = Array(repeating: 0, count: endpoints)
        pausedUntil = Array(repeating: .now, count: endpoints)
        self.maximumInFlight = maximumInFlight
        interval = requestsPerMinute.map { .seconds(60 / $0) } ?? .zero
    }

    /// Waits for a free place, first come first served. Whoever gets one must ``release(_:pause:)`` it.
    ///
    /// - Parameter failures: how often the request failed at each address; it goes where it failed least.
    func acquire(failures: [Int]) async throws -> Place {
        if inFlight < maximumInFlight {
            inFlight += 1
        } else {
            try await waitForPlace()
        }
        let now = ContinuousClock.now
        func rank(_ endpoint: Int) -> (Int, Int, Int) {
            (failures[endpoint], pausedUntil[endpoint] > now ? 1 : 0, load[endpoint])
        }
        let endpoint = load.indices.min { rank($0) < rank($1) } ?? 0
        load[endpoint] += 1
        let start = max(now, nextStart)
        nextStart = start + interval
        return Place(endpoint: endpoint, start: max(start, pausedUntil[endpoint]))
    }

    /// - Parameter pause: how long the address is to be left alone.
    func release(_ place: Place, pause: Duration? = nil) {
        load[place.endpoint] -= 1
        if let pause { pausedUntil[place.endpoint] = max(pausedUntil[place.endpoint], .now + pause) }
        if waiting.isEmpty {
            inFlight -= 1
        } else {
            waiting.removeFirst().continuation.resume()
        }
    }

    private func waitForPlace() async throws {
        let number = nextNumber
        nextNumber += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting.append((number, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(number) }
        }
    }

    private func giveUp(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
