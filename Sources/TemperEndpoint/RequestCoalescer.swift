import TemperCore

/// Lets identical requests that are made at the same time share one call.
actor RequestCoalescer {
    private struct Flight {
        var task: Task<Completion, any Error>
        var waiters: Int
    }

    private var flights: [[UInt8]: Flight] = [:]

    /// The completion for a body; `isShared` when somebody else's call brought it.
    ///
    /// The call is cancelled when everybody who waits for it is.
    func completion(
        for body: [UInt8], fetch: @escaping @Sendable () async throws -> Completion
    ) async throws -> (completion: Completion, isShared: Bool) {
        let task: Task<Completion, any Error>
        let isShared: Bool
        if let flight = flights[body] {
            (task, isShared) = (flight.task, true)
            flights[body]?.waiters += 1
        } else {
            task = Task { @concurrent in try await fetch() }
            isShared = false
            flights[body] = Flight(task: task, waiters: 1)
        }
        defer { if flights[body]?.task == task { flights[body] = nil } }
        let completion = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            Task { await self.leave(body, task) }
        }
        return (completion, isShared)
    }

    private func leave(_ body: [UInt8], _ task: Task<Completion, any Error>) {
        guard flights[body]?.task == task else { return }
        flights[body]?.waiters -= 1
        if flights[body]?.waiters == 0 {
            flights[body] = nil
            task.cancel()
        }
    }
}
