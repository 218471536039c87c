import TemperCore
import TemperEndpoint
import TemperEnvironments

/// Hands environments what this module alone may use: HTTP and WebSocket connections, and judges that are language models.
enum OutsideAccess {
    static func granted<Value>(_ policies: PolicyFactory, _ body: () async throws -> Value) async throws -> Value {
        try await HTTPAccess.$client.withValue(AsyncHTTPClientAdapter()) {
            try await WebSocketAccess.$open.withValue(.init { try await WebSocketAdapter.open($0) }) {
                try await PolicyAccess.$make.withValue(.init { try await policies.judge($0) }, operation: body)
            }
        }
    }
}
