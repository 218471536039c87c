import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A real WebSocket server on 127.0.0.1 that repeats texts, and does something else on these words:
///
/// | word | what it does |
/// |---|---|
/// | `pieces` | answers in three frames |
/// | `ping` | pings, and answers `pong` when the pong is there |
/// | `silence` | answers nothing |
/// | `leave` | closes the connection |
/// | `binary` | sends bytes, then `text` |
package final class SocketServer: Sendable {
    private let channel: any Channel

    package init() async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let upgrader = NIOWebSocketServerUpgrader(
                    maxFrameSize: 1 << 24,
                    shouldUpgrade: { channel, head in
                        channel.eventLoop.makeSucceededFuture(head.uri.hasPrefix("/ws") ? HTTPHeaders() : nil)
                    },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(SocketHandler()) }
                    })
                return channel.pipeline.configureHTTPServerPipeline(
                    withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit {
        channel.close(promise: nil)
    }

    package var port: Int { channel.localAddress?.port ?? 0 }
}

private final class SocketHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        func send(_ text: String, _ opcode: WebSocketOpcode = .text, isLast: Bool = true) {
            let frame = WebSocketFrame(fin: isLast, opcode: opcode, data: context.channel.allocator.buffer(string: text))
            context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        }
        switch frame.opcode {
        case .pong: send("pong")
        case .connectionClose: context.close(promise: nil)
        case .text:
            let text = String(buffer: frame.unmaskedData)
            switch text {
            case "pieces":
                send("one ", isLast: false)
                send("two ", .continuation, isLast: false)
                send("three", .continuation)
            case "ping": send("x", .ping)
            case "silence": break
            case "leave": context.close(promise: nil)
            case "binary":
                send("bytes", .binary)
                send("text")
            default: send(text)
            }
        default: break
        }
    }
}
