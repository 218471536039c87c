import Foundation
import NIOCore
import NIOPosix
import TemperCore

/// What a server answered.
struct TestReply {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONDecoder().decode(JSONValue.self, from: Data(body)) } }

    /// The events of a stream, without the last mark.
    var events: [JSONValue] {
        get throws {
            try text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: {") }
                .map { try JSONDecoder().decode(JSONValue.self, from: Data($0.dropFirst(6).utf8)) }
        }
    }

    /// Reads a whole answer, chunked or not.
    init(_ bytes: [UInt8]) throws {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else {
            throw TemperError(.internal, "no answer: '\(String(decoding: bytes.prefix(200), as: UTF8.self))'")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        var rest = bytes[(end + 4)...]
        body = Array(rest)
        guard headers["transfer-encoding"] == "chunked" else { return }
        body = []
        while let line = rest.firstIndex(of: 0x0A),
            let size = Int(String(decoding: rest[..<(line - 1)], as: UTF8.self), radix: 16)
        {
            body += rest[(line + 1)...].prefix(size)
            rest = rest[(line + 1)...].dropFirst(size + 2)
        }
    }
}

/// One connection, so that tests can send what no client library would.
final class TestConnection: Sendable {
    private let channel: any Channel
    private let inbound: AsyncStream<ByteBuffer>
    private let handler: Collector

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    init(port: Int) async throws {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let collector = Collector(continuation)
        inbound = stream
        handler = collector
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(collector) }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func close() async throws {
        do {
            try await channel.close()
        } catch ChannelError.alreadyClosed {
            // The server was first.
        }
    }

    /// Everything until the server closes.
    func all() async -> [UInt8] {
        var bytes: [UInt8] = []
        for await buffer in inbound { bytes += buffer.readableBytesView }
        return bytes
    }

    /// Everything until a text has come.
    func until(_ text: String) async -> String {
        var bytes: [UInt8] = []
        for await buffer in inbound {
            bytes += buffer.readableBytesView
            if String(decoding: bytes, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Asks a server on this machine.
struct TestClient: Sendable {
    var port: Int
    var key: String?

    func head(_ method: String, _ path: String, length: Int?, type: String = "application/json") -> [UInt8] {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"]
        if let length { lines += ["Content-Length: \(length)", "Content-Type: \(type)"] }
        if let key { lines.append("Authorization: Bearer \(key)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    func get(_ path: String) async throws -> TestReply { try await send(head("GET", path, length: nil)) }

    func post(_ path: String, _ body: [UInt8], type: String = "application/json") async throws -> TestReply {
        try await send(head("POST", path, length: body.count, type: type) + body)
    }

    func post(_ path: String, _ body: JSONValue) async throws -> TestReply {
        try await post(path, Array(JSONEncoder.stable().encode(body)))
    }

    /// Sends a request and leaves its answer to the caller.
    func open(_ path: String, _ body: JSONValue) async throws -> TestConnection {
        let connection = try await TestConnection(port: port)
        let bytes = Array(try JSONEncoder.stable().encode(body))
        try await connection.send(head("POST", path, length: bytes.count) + bytes)
        return connection
    }

    private func send(_ bytes: [UInt8]) async throws -> TestReply {
        let connection = try await TestConnection(port: port)
        try await connection.send(bytes)
        return try TestReply(await connection.all())
    }

    /// A figure of `/metrics`.
    func metric(_ name: String) async throws -> Int? {
        let page = try await get("/metrics").text
        return page.split(separator: "\n").first { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .flatMap { Int($0.split(separator: " ").last ?? "") }
    }
}
