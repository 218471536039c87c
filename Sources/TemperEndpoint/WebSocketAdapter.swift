import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import TemperCore

/// The project's WebSocket client (RFC 6455), on swift-nio: `ws://` and `wss://`, texts only.
package final class WebSocketAdapter: WebSocketConnection {
    /// The largest text that is taken, in bytes.
    static let textLimit = 16 << 20
    /// The longest wait for the connection and the handshake.
    static let connectLimit = TimeAmount.seconds(15)

    private let channel: any Channel
    private let inbox: WebSocketInbox
    private let place: String

    private init(channel: any Channel, inbox: WebSocketInbox, place: String) {
        self.channel = channel
        self.inbox = inbox
        self.place = place
    }

    deinit {
        let channel = channel
        channel.writeAndFlush(closing).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Opens a connection.
    ///
    /// - Throws: ``TemperError`` when the address is not one, nobody answers, or what answers is not a WebSocket server.
    package static func open(_ url: String) async throws -> WebSocketAdapter {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["ws", "wss"].contains(scheme),
            let host = parts.host, !host.isEmpty
        else { throw TemperError(.data, "this is not a WebSocket address", place: url, boundary: .environment) }
        let port = parts.port ?? (scheme == "wss" ? 443 : 80)
        var path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        if let query = parts.percentEncodedQuery { path += "?\(query)" }
        let place = "\(scheme)://\(host):\(port)\(parts.path)"
        let inbox = WebSocketInbox(place: place)
        do {
            let tls = scheme == "wss" ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
            let head = Request(host: parts.port.map { "\(host):\($0)" } ?? host, path: path)
            let channel = try await connect(host: host, port: port, tls: tls, head: head, inbox: inbox)
            return WebSocketAdapter(channel: channel, inbox: inbox, place: place)
        } catch let error as TemperError {
            throw error
        } catch {
            throw TemperError(
                .unavailable, "the WebSocket cannot be opened: \(error)", place: place, boundary: .environment, cause: error)
        }
    }

    package func send(_ text: String) async throws {
        let frame = WebSocketFrame(
            fin: true, opcode: .text, maskKey: .random(), data: channel.allocator.buffer(string: text))
        do {
            try await channel.writeAndFlush(frame).get()
        } catch {
            throw TemperError(.unavailable, "the connection is closed", place: place, boundary: .environment, cause: error)
        }
    }

    package func receive(within limit: Duration) async throws -> String {
        let timer = channel.eventLoop.scheduleTask(in: .nanoseconds(Int64(limit / .nanoseconds(1)))) { [inbox, place] in
            inbox.fail(
                TemperError(
                    .unavailable, "nothing came within \(limit / .seconds(1)) s", place: place, boundary: .environment))
        }
        defer { timer.cancel() }
        return try await inbox.next()
    }

    package func close() async {
        do {
            try await channel.writeAndFlush(closing).get()
            try await channel.close().get()
        } catch {
            // It is closed already, which is what was wanted.
        }
    }

    /// The frame that says goodbye: status 1000, a normal end.
    private var closing: WebSocketFrame {
        WebSocketFrame(
            fin: true, opcode: .connectionClose, maskKey: .random(), data: channel.allocator.buffer(bytes: [0x03, 0xE8]))
    }

    /// Where the handshake asks.
    private struct Request: Sendable {
        var host: String
        var path: String
    }

    private static func connect(host: String, port: Int, tls: NIOSSLContext?, head: Request, inbox: WebSocketInbox) async throws
        -> any Channel
    {
        let group = MultiThreadedEventLoopGroup.singleton
        let upgraded = group.any().makePromise(of: Void.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group).connectTimeout(connectLimit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: host)) }
                        let handshake = WebSocketHandshake(host: head.host, path: head.path, upgraded: upgraded)
                        let upgrader = NIOWebSocketClientUpgrader(
                            requestKey: NIOWebSocketClientUpgrader.randomRequestKey(), maxFrameSize: textLimit
                        ) { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                let aggregator = NIOWebSocketFrameAggregator(
                                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1 << 16,
                                    maxAccumulatedFrameSize: textLimit)
                                try channel.pipeline.syncOperations.addHandlers(aggregator, inbox)
                            }
                        }
                        try pipeline.addHTTPClientHandlers(
                            withClientUpgrade: (
                                upgraders: [upgrader],
                                completionHandler: { context in
                                    context.pipeline.syncOperations.removeHandler(handshake, promise: nil)
                                    upgraded.succeed()
                                }
                            ))
                        try pipeline.addHandler(handshake)
                    }
                }
                .connect(host: host, port: port).get()
        } catch {
            upgraded.fail(error)
            throw error
        }
        let timer = channel.eventLoop.scheduleTask(in: connectLimit) { upgraded.fail(ChannelError.connectTimeout(connectLimit)) }
        defer { timer.cancel() }
        do {
            try await upgraded.futureResult.get()
        } catch {
            channel.close(promise: nil)
            throw error
        }
        return channel
    }
}

/// Asks for the upgrade, and fails when the server answers anything else.
private final class WebSocketHandshake: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let host: String
    private let path: String
    private let upgraded: EventLoopPromise<Void>

    init(host: String, path: String, upgraded: EventLoopPromise<Void>) {
        self.host = host
        self.path = path
        self.upgraded = upgraded
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers = HTTPHeaders([("Host", host), ("Content-Length", "0")])
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let message = "the server answered the WebSocket handshake with status \(head.status.code)"
        upgraded.fail(TemperError(.unavailable, message, place: path, boundary: .environment))
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        upgraded.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        upgraded.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}

/// The texts that have come and nobody has read yet.
private final class WebSocketInbox: ChannelInboundHandler, Sendable {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private struct State {
        var texts: [String] = []
        var waiting: CheckedContinuation<String, any Error>?
        var failure: TemperError?
    }

    private let state = Mutex(State())
    private let place: String

    init(place: String) {
        self.place = place
    }

    func next() async throws -> String {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<String, any Error>? = state.withLock { state in
                    if !state.texts.isEmpty { return .success(state.texts.removeFirst()) }
                    if let failure = state.failure { return .failure(failure) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting = continuation
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            resume { _ in .failure(CancellationError()) }
        }
    }

    /// Ends the connection for its reader.
    func fail(_ error: TemperError) {
        resume { state in
            state.failure = state.failure ?? error
            return .failure(error)
        }
    }

    private func resume(_ result: (inout State) -> Result<String, any Error>) {
        let waiting: (CheckedContinuation<String, any Error>, Result<String, any Error>)? = state.withLock { state in
            let value = result(&state)
            defer { state.waiting = nil }
            return state.waiting.map { ($0, value) }
        }
        if let (continuation, value) = waiting { continuation.resume(with: value) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            let text = String(buffer: frame.unmaskedData)
            let continuation = state.withLock { state in
                defer { state.waiting = nil }
                if state.waiting == nil { state.texts.append(text) }
                return state.waiting
            }
            continuation?.resume(returning: text)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(TemperError(.unavailable, "the server closed the connection", place: place, boundary: .environment))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(TemperError(.unavailable, "the connection failed: \(error)", place: place, boundary: .environment, cause: error))
        context.close(promise: nil)
    }
}
