/// An open WebSocket that carries texts. It belongs to one task at a time.
public protocol WebSocketConnection: Sendable {
    /// - Throws: ``TemperError`` when the connection is gone.
    func send(_ text: String) async throws
    /// The next text.
    ///
    /// - Throws: ``TemperError`` when the connection is gone or nothing came in time.
    func receive(within limit: Duration) async throws -> String
    func close() async
}
