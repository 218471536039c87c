import TemperTransformer

/// Runs the choices of one request together.
enum Generation {
    /// All replies, in the order of the requests.
    static func replies(
        _ requests: [SamplingRequest], _ model: NativeLanguageModel, deadline: ContinuousClock.Instant
    ) async throws -> [SampledReply] {
        if requests.count == 1 { return [try await model.sample(requests[0], deadline: deadline)] }
        return try await withThrowingTaskGroup(of: (Int, SampledReply).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await model.sample(request, deadline: deadline)) }
            }
            var replies = [SampledReply?](repeating: nil, count: requests.count)
            for try await (index, reply) in group { replies[index] = reply }
            return replies.compactMap { $0 }
        }
    }

    /// Yields what each choice gains, as it comes.
    static func stream(
        _ requests: [SamplingRequest], _ model: NativeLanguageModel, deadline: ContinuousClock.Instant,
        onFirstToken: () -> Void, _ take: (Int, SampledEvent) -> Void
    ) async throws {
        let (events, source) = AsyncThrowingStream<(Int, SampledEvent), any Error>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    do {
                        for try await event in try await model.stream(request, deadline: deadline) {
                            source.yield((index, event))
                        }
                    } catch {
                        source.finish(throwing: error)
                    }
                }
            }
            var open = requests.count, isFirst = true
            for try await (index, event) in events {
                if isFirst { onFirstToken() }
                isFirst = false
                take(index, event)
                if case .end = event { open -= 1 }
                if open == 0 { return }
            }
            // A cancelled task sees the stream end early; leaving the group cancels the choices that still run.
            throw CancellationError()
        }
    }
}
