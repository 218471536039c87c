import AsyncHTTPClient
import Dispatch
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
package import TemperCore

/// The project's HTTP client, on async-http-client.
///
/// A request's time limit covers the whole exchange, body included. Redirects are not followed, so a key goes to no other
/// host than the one that was named.
package final class AsyncHTTPClientAdapter: TemperCore.HTTPClient {
    private let client: AsyncHTTPClient.HTTPClient

    package init() {
        var configuration = AsyncHTTPClient.HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(15)
        // The callers bound what is in flight; the pool must not bound it a second time.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        configuration.connectionPool.retryConnectionEstablishment = false
        client = AsyncHTTPClient.HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // Idle connections close in the background; there is nobody left to tell if that fails.
        client.shutdown(queue: .global()) { _ in }
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }

        let deadline = ContinuousClock.now + request.timeout
        let nanoseconds = Int64(request.timeout / .nanoseconds(1))
        let response: HTTPClientResponse
        do {
            response = try await client.execute(outgoing, timeout: .nanoseconds(nanoseconds))
        } catch {
            throw Self.translate(error, request)
        }
        let headers = response.headers.map { (name: $0.name, value: $0.value) }
        let body = Self.stream(response.body, until: deadline, request)
        return HTTPResponse(status: Int(response.status.code), headers: headers, body: body)
    }

    private static func stream(
        _ body: HTTPClientResponse.Body, until deadline: ContinuousClock.Instant, _ request: HTTPRequest
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            let reader = Task { @concurrent in
                do {
                    for try await buffer in body { continuation.yield(Array(buffer.readableBytesView)) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: translate(error, request))
                }
            }
            let watchdog = Task { @concurrent in
                // Cancelled when the body is complete: then there is nothing to watch.
                guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
                continuation.finish(throwing: timedOut(request, cause: nil))
                reader.cancel()
            }
            continuation.onTermination = { _ in
                reader.cancel()
                watchdog.cancel()
            }
        }
    }

    private static func timedOut(_ request: HTTPRequest, cause: (any Error)?) -> TemperError {
        let seconds = request.timeout / .seconds(1)
        return TemperError(
            .unavailable, "no complete answer within \(seconds.formatted(.number.precision(.fractionLength(0...1)))) s",
            place: place(request), boundary: .policy, cause: cause)
    }

    private static func translate(_ error: any Error, _ request: HTTPRequest) -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout]
        if let error = error as? HTTPClientError {
            if timeouts.contains(error) { return timedOut(request, cause: error) }
            if error == .cancelled { return CancellationError() }
            if [.invalidURL, .emptyHost, .emptyScheme].contains(error) || error.shortDescription.contains("Unsupported scheme") {
                return TemperError(.usage, "this is not an HTTP address", place: place(request), boundary: .policy, cause: error)
            }
            if error == .remoteConnectionClosed {
                return failed("the connection closed before the answer was complete", error, request)
            }
            return failed("the request failed: \(error.shortDescription)", error, request)
        }
        if error is HTTPParserError { return failed("the connection closed before the answer was complete", error, request) }
        if (error as? IOError)?.errnoCode == ECONNREFUSED { return failed("nothing answers there", error, request) }
        if error is NIOConnectionError { return failed("the host cannot be reached", error, request) }
        return failed("the connection failed: \(error)", error, request)
    }

    private static func failed(_ message: String, _ error: any Error, _ request: HTTPRequest) -> TemperError {
        TemperError(.unavailable, message, place: place(request), boundary: .policy, cause: error)
    }

    /// The address without what may be secret.
    private static func place(_ request: HTTPRequest) -> String {
        guard var parts = URLComponents(string: request.url) else { return "the address" }
        parts.query = nil
        parts.user = nil
        parts.password = nil
        return parts.string ?? "the address"
    }
}
