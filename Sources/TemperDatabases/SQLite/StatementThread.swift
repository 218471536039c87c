import Foundation

/// Runs statements on threads of their own, so that a slow one holds no thread of the cooperative pool.
enum StatementThread {
    /// Carries out the work on a new thread.
    static func run<Value: Sendable>(_ work: @escaping () throws -> Value) async throws -> Value {
        // The caller waits for the end, so the work never runs beside what it shares with the caller.
        nonisolated(unsafe) let work = work
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try work() })
            }
        }
    }
}
