import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
package import TemperCore

/// A real HTTP server on 127.0.0.1 that speaks OpenAI's chat completions and misbehaves to order.
package final class MisbehavingServer: Sendable {
    /// Makes the JSON of a reply from the JSON of a request.
    package typealias Responder = @Sendable (JSONValue) async -> JSONValue

    /// A request as it arrived.
    package struct Received: Sendable {
        package var path: String
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        package var time: ContinuousClock.Instant

        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    struct Log {
        var received: [Received] = []
        var inFlight = 0
        var mostInFlight = 0
    }

    let log = Mutex(Log())
    let schedule: FaultSchedule
    let respond: Responder
    private let channel = Mutex<(any Channel)?>(nil)

    /// Starts a server on a free port.
    ///
    /// - Parameters:
    ///   - schedule: what goes wrong with which request.
    ///   - respond: makes the reply from the request's JSON; by default it repeats the last message.
    package init(_ schedule: FaultSchedule, respond: @escaping Responder = MisbehavingServer.echo) async throws {
        self.schedule = schedule
        self.respond = respond
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    if let self { try channel.pipeline.syncOperations.addHandler(ServerHandler(self)) }
                }
            }
        let bound = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = bound }
    }

    deinit {
        channel.withLock { $0 }?.close(promise: nil)
    }

    /// Closes the port; connections that hang are left to their clients.
    package func stop() async throws {
        try await channel.withLock { $0 }?.close().get()
    }

    /// `http://127.0.0.1:PORT/v1`
    package var url: String {
        "http://127.0.0.1:\(channel.withLock { $0 }?.localAddress?.port ?? 0)/v1"
    }

    package var received: [Received] { log.withLock { $0.received } }
    package var requestCount: Int { log.withLock { $0.received.count } }
    /// The most requests that were being answered at the same time.
    package var mostInFlight: Int { log.withLock { $0.mostInFlight } }

    /// Repeats the last message.
    package static let echo: Responder = { request in
        reply(text: request["messages"]?.array?.last?["content"]?.string ?? "")
    }

    /// The reply of a chat completion.
    package static func reply(
        text: String, promptTokens: Int = 10, completionTokens: Int = 5, finishReason: String = "stop"
    ) -> JSONValue {
        .object([
            "id": .string("chatcmpl-test"), "object": .string("chat.completion"), "model": .string("test"),
            "choices": .array([
                .object([
                    "index": .number(0), "finish_reason": .string(finishReason),
                    "message": .object(["role": .string("assistant"), "content": .string(text)]),
                ])
            ]),
            "usage": .object([
                "prompt_tokens": .number(Double(promptTokens)), "completion_tokens": .number(Double(completionTokens)),
            ]),
        ])
    }
}
