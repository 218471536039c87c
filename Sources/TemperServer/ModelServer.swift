import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TemperCore
import UnixSignals

/// An OpenAI-compatible server of models on the native engine.
///
/// Memory is bounded: by the models, their engines' caches (``SamplingEngine/State/maximumCacheBytes``), and twice the bodies of
/// `maximumConcurrent + maximumQueue` requests of `maximumBodyBytes` each: of those that arrive and of those that are answered.
package final class ModelServer: Sendable {
    let models: ServedModels
    let keys: APIKeys?
    let options: ServerOptions
    let admission: Admission
    let metrics = ServerMetrics()
    let logger: Logger
    /// Seconds since 1970.
    let started = Int(Date().timeIntervalSince1970)
    private let group = Mutex<ServiceGroup?>(nil)

    /// - Parameters:
    ///   - models: the first is the base; names are distinct.
    ///   - keys: nil opens the server to everyone who can reach it, which is allowed on loopback only.
    /// - Throws: ``TemperError`` with code `usage` for options that make no sense.
    package init(models: [ServedModel], keys: APIKeys? = nil, options: ServerOptions = ServerOptions()) throws {
        func refuse(_ message: String, hint: String? = nil) -> TemperError { TemperError(.usage, message, hint: hint) }
        guard !models.isEmpty else { throw refuse("there is no model to serve") }
        if let twice = Dictionary(grouping: models, by: \.name).first(where: { $0.value.count > 1 })?.key {
            throw refuse("two models are to be served under the name '\(twice)'")
        }
        guard (0...65535).contains(options.port) else { throw refuse("--port must be in 0…65535") }
        guard options.maximumConcurrent > 0 else { throw refuse("--max-concurrent must be at least 1") }
        guard options.maximumQueue >= 0 else { throw refuse("--max-queue must not be negative") }
        guard options.maximumBodyBytes > 0 else { throw refuse("--max-body must be at least 1") }
        guard options.timeout > .zero else { throw refuse("--timeout must be above 0") }
        guard keys != nil || options.isLoopback else {
            throw refuse(
                "without API keys the server listens on loopback only, not on \(options.host)",
                hint: "give --api-key-file, or --host 127.0.0.1")
        }
        self.models = ServedModels(all: models)
        self.keys = keys
        self.options = options
        admission = Admission(maximumConcurrent: options.maximumConcurrent, maximumQueue: options.maximumQueue)
        var logger = Logger(label: "temper serve") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = .error
        self.logger = logger
    }

    /// Serves until it is stopped: by ``stop()``, or by SIGTERM or SIGINT if asked to. Requests under way are finished first.
    ///
    /// - Parameter onListening: called once with the port.
    /// - Throws: ``TemperError`` with code `unavailable` when the address is taken.
    package func run(stopsOnSignals: Bool = true, onListening: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        let responder = CallbackResponder<ConnectionContext> { request, context in
            await self.respond(to: request, on: context)
        }
        let connections = Self.maximumConnections
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(additionalChannelHandlers: [ConnectionWatch()], idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "temper",
                availableConnectionsDelegate: MaximumAvailableConnections(connections, logger: logger)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [application], gracefulShutdownSignals: stopsOnSignals ? [.sigterm, .sigint] : [], logger: logger))
        self.group.withLock { $0 = group }
        do {
            try await group.run()
        } catch let error as IOError {
            throw TemperError(
                .unavailable, "cannot listen on \(options.host):\(options.port): \(error.localizedDescription)",
                hint: "is another server running there? choose another --port", cause: error)
        }
    }

    /// Takes no new connections, finishes the requests under way and ends ``run(stopsOnSignals:onListening:)``.
    package func stop() async {
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }

    /// Leaves descriptors for files and the rest of the process.
    private static var maximumConnections: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return max(16, Int(min(limit.rlim_cur, 8192)) - 128)
    }
}
