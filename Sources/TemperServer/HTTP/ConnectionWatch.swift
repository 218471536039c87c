import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells the request under way on a connection that its client has left.
///
/// Hummingbird's own watch (`consumeWithCancellationOnInboundClose`, 2.28) ends the process when a request is over before its
/// body's end was handed on, and ends every connection after one request.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Any

    private struct State {
        var hasLeft = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            // A client that closes its side has left; the channel then closes as a whole.
            try context.channel.syncOptions?.setOption(ChannelOptions.allowRemoteHalfClosure, value: false)
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let action = state.withLock { state in
            state.hasLeft = true
            defer { state.action = nil }
            return state.action
        }
        action?()
        context.fireChannelInactive()
    }

    /// Runs an operation as a task that is cancelled when the client leaves.
    func run<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await operation() }
        let hasLeft = state.withLock { state in
            state.action = { task.cancel() }
            return state.hasLeft
        }
        if hasLeft { task.cancel() }
        defer { state.withLock { $0.action = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

/// What a request knows of its connection.
struct ConnectionContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }

    /// Tells a client that waits for it (`Expect: 100-continue`) to send the body.
    func askForBody() async throws {
        try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue))).get()
    }

    /// The watch of this connection.
    var watch: ConnectionWatch {
        get async throws { try await channel.pipeline.handler(type: ConnectionWatch.self).get() }
    }
}
