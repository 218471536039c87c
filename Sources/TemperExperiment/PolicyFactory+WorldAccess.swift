import TemperCore
import TemperEndpoint

extension PolicyFactory {
    /// The network, and judges that are models of this factory: their calls are stored and paid for as those of policies are.
    var worldAccess: WorldAccess {
        WorldAccess(
            http: AsyncHTTPClientAdapter(), openWebSocket: { try await WebSocketAdapter.open($0) },
            judge: { try await self.judge($0) })
    }
}
