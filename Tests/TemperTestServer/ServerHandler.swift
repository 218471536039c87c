import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TemperCore

/// Collects one request after another on a connection and answers it, or not.
final class ServerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: MisbehavingServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ server: MisbehavingServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer):
            body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let received = MisbehavingServer.Received(
                path: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body, time: .now)
            let number = server.log.withLock { log in
                log.received.append(received)
                log.inFlight += 1
                log.mostInFlight = max(log.mostInFlight, log.inFlight)
                return log.received.count - 1
            }
            let reply = Reply(channel: context.channel, server: server)
            let fault = server.schedule(number)
            Task {
                // A connection that the client has given up cannot be written to; there is nothing to do about it.
                try? await reply.send(received, fault: fault)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Writes one answer with its fault.
private struct Reply: Sendable {
    let channel: any Channel
    let server: MisbehavingServer

    /// Counted before the answer's last byte leaves, so that a client's next request is never counted beside it.
    private func answered() {
        server.log.withLock { $0.inFlight -= 1 }
    }

    func send(_ request: MisbehavingServer.Received, fault: Fault) async throws {
        switch fault {
        case .hang:
            // Ends when the client closes the connection.
            try await channel.closeFuture.get()
            answered()
        case .drop:
            answered()
            try await channel.close()
        case .status(let status, let message, let headers):
            let error = JSONValue.object(["error": .object(["message": .string(message)])])
            try await write(status, Array(try JSONEncoder.stable().encode(error)), headers: headers)
        case .page:
            try await write(200, Array("<html><body>Welcome</body></html>".utf8), headers: ["Content-Type": "text/html"])
        case .body(let text):
            try await write(200, Array(text.utf8))
        case .ok, .truncate, .malformed, .slow:
            guard let parsed = try? JSONValue.parse(Data(request.body), named: "the request") else {
                try await write(400, Array(#"{"error":{"message":"the request is not JSON"}}"#.utf8))
                return
            }
            let answer = Array(try JSONEncoder.stable().encode(await server.respond(parsed)))
            switch fault {
            case .malformed: try await write(200, Array(answer.prefix(answer.count / 2)))
            case .truncate:
                try await start(200, headers: ["Content-Length": "\(answer.count)"])
                try await piece(answer.prefix(answer.count / 2))
                answered()
                try await channel.close()
            case .slow(let pieces, let pause):
                try await start(200, headers: ["Transfer-Encoding": "chunked"])
                defer { answered() }
                for index in 0..<pieces {
                    try await piece(answer[(answer.count * index / pieces)..<(answer.count * (index + 1) / pieces)])
                    try await Task.sleep(for: pause)
                }
                try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            default: try await write(200, answer)
            }
        }
    }

    private func write(_ status: Int, _ body: [UInt8], headers: [String: String] = [:]) async throws {
        answered()
        try await start(status, headers: headers.merging(["Content-Length": "\(body.count)"]) { first, _ in first })
        try await piece(body[...])
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    }

    private func start(_ status: Int, headers: [String: String]) async throws {
        var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
        if !fields.contains(name: "Content-Type") { fields.add(name: "Content-Type", value: "application/json") }
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
        try await channel.writeAndFlush(HTTPServerResponsePart.head(head))
    }

    private func piece(_ bytes: ArraySlice<UInt8>) async throws {
        try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    }
}
