package import TemperCore

/// WebSockets as environments reach them: through the opener that the caller of this module hands in.
///
/// ```swift
/// try await WebSocketAccess.$open.withValue(.init { try await WebSocketAdapter.open($0) }) { … }   // all tasks started inside see it
/// ```
package enum WebSocketAccess {
    /// A struct around the function: a task-local function value crashes an optimised build (Swift 6.3).
    package struct Opener: Sendable {
        private let body: @Sendable (_ url: String) async throws -> any WebSocketConnection

        /// - Parameter body: opens a connection to a `ws://` or `wss://` address; texts of more than 16 MiB end it.
        package init(_ body: @escaping @Sendable (_ url: String) async throws -> any WebSocketConnection) {
            self.body = body
        }

        package func callAsFunction(_ url: String) async throws -> any WebSocketConnection { try await body(url) }
    }

    @TaskLocal package static var open = Opener { url in
        throw TemperError(
            .unavailable, "no WebSocket client was handed in", hint: "run it inside WebSocketAccess.$open.withValue(…)",
            place: url, boundary: .environment)
    }
}
