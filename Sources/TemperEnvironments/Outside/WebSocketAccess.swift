public import TemperCore

/// WebSockets as environments reach them: through the opener that the caller of this module hands in.
///
/// ```swift
/// try await WebSocketAccess.$open.withValue({ try await WebSocketAdapter.open($0) }) { … }   // all tasks started inside see it
/// ```
public enum WebSocketAccess {
    /// Opens a connection to a `ws://` or `wss://` address; texts of more than 16 MiB end it.
    public typealias Opener = @Sendable (_ url: String) async throws -> any WebSocketConnection

    @TaskLocal public static var open: Opener = { url in
        throw TemperError(
            .unavailable, "no WebSocket client was handed in", hint: "run it inside WebSocketAccess.$open.withValue(…)",
            place: url, boundary: .environment)
    }
}
