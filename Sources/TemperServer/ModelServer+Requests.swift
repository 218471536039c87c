import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import TemperCore
import TemperTransformer

extension ModelServer {
    private static let methods = [
        "/health": "GET", "/metrics": "GET", "/v1/models": "GET", "/v1/chat/completions": "POST", "/v1/completions": "POST",
    ]

    func respond(to request: Request, on connection: ConnectionContext) async -> Response {
        let arrival = ContinuousClock.now
        let path = request.uri.path
        let known = Self.methods[path] != nil ? path : path.hasPrefix("/v1/models/") ? "/v1/models/" : "other"
        do {
            let response = try await answer(request, path, arrival, connection)
            metrics.answered(known, status: response.status.code)
            return response
        } catch is CancellationError {
            metrics.clientLeft()
            // Nobody reads it.
            return Answer.error(APIError(499, .invalidRequest, "The client has left."))
        } catch {
            let refusal = APIError(error)
            if refusal.status == 500 { logger.error("\(TemperError.describe(error))") }
            metrics.answered(known, status: refusal.status)
            return Answer.error(refusal)
        }
    }

    private func answer(
        _ request: Request, _ path: String, _ arrival: ContinuousClock.Instant, _ connection: ConnectionContext
    ) async throws -> Response {
        let isModel = path.hasPrefix("/v1/models/")
        guard let method = isModel ? "GET" : Self.methods[path] else {
            throw APIError(404, .invalidRequest, "There is no '\(path)' here.", code: "not_found")
        }
        guard request.method.rawValue == method || request.method == .head && method == "GET" else {
            throw APIError(405, .invalidRequest, "'\(path)' takes \(method) requests.", code: "method_not_allowed")
        }
        // Health and figures are open to programs of this machine only.
        if path.hasPrefix("/v1/") || !options.isLoopback, let keys, !keys.admit(request.headers[.authorization]) {
            throw APIError(401, .authentication, "Incorrect or missing API key.", code: "invalid_api_key")
        }
        switch path {
        case "/health": return Answer.json(.object(["status": .string("ok")]))
        case "/metrics":
            var engines: [(String, SamplingEngine.State)] = []
            for model in models.all where model.base == nil { engines.append((model.name, await model.model.state)) }
            return Answer.text(
                Array(metrics.page(counts: admission.counts, engines: engines).utf8), type: "text/plain; version=0.0.4")
        case "/v1/models":
            return Answer.json(.object(["object": .string("list"), "data": .array(models.all.map(describe))]))
        case "/v1/chat/completions", "/v1/completions":
            return try await complete(request, isChat: path == "/v1/chat/completions", arrival, connection)
        default:
            let name = path.dropFirst("/v1/models/".count)
            return Answer.json(describe(try models.find(name.removingPercentEncoding ?? String(name))))
        }
    }

    private func describe(_ model: ServedModel) -> JSONValue {
        .object([
            "id": .string(model.name), "object": .string("model"), "created": .number(Double(started)),
            "owned_by": .string("temper"), "root": .string(model.base ?? model.name),
            "parent": model.base.map { .string($0) } ?? .null, "max_model_len": .number(Double(model.model.contextLength)),
        ])
    }

    private func complete(
        _ request: Request, isChat: Bool, _ arrival: ContinuousClock.Instant, _ connection: ConnectionContext
    ) async throws -> Response {
        let deadline = arrival + options.timeout
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type.split(separator: ";").first?.trimmingCharacters(in: .whitespaces) == "application/json" else {
            // A browser asks before it sends JSON for another site's page.
            throw APIError(415, .invalidRequest, "The header Content-Type must be 'application/json'.", code: "media_type")
        }
        // A place in the queue is taken once the body has arrived: a slow client keeps nobody else out.
        try admission.requireRoom()
        let body = try await collect(request, connection)
        let visit = try admission.enter()
        let job = try Job(body, isChat: isChat, models, created: Int(Date().timeIntervalSince1970))
        let watch = try await connection.watch
        guard job.streams else {
            let (value, usage) = try await watch.run { [admission] in
                let place = try await admission.place(job.choiceCount, deadline: deadline)
                defer { withExtendedLifetime(place) {} }
                return try await job.whole(deadline: deadline)
            }
            metrics.finished(usage, after: ContinuousClock.now - arrival)
            withExtendedLifetime(visit) {}
            return Answer.json(value)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { [self] writer in
                let events = events(of: job, arrival: arrival, deadline: deadline, watch)
                do {
                    for try await event in events { try await writer.write(event) }
                } catch {
                    metrics.clientLeft()
                    throw error
                }
                withExtendedLifetime(visit) {}
                try await writer.finish(nil)
            })
    }

    /// A reply as it is written; what goes wrong once it has begun becomes its last event.
    ///
    /// - Throws: through the stream, `CancellationError` when the client has left.
    private func events(
        of job: Job, arrival: ContinuousClock.Instant, deadline: ContinuousClock.Instant, _ watch: ConnectionWatch
    ) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let (events, source) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        let task = Task { [admission, metrics, logger] in
            do {
                let usage = try await watch.run {
                    let place = try await admission.place(job.choiceCount, deadline: deadline)
                    defer { withExtendedLifetime(place) {} }
                    return try await job.stream(
                        deadline: deadline,
                        onFirstToken: { metrics.firstToken(after: ContinuousClock.now - arrival) }
                    ) { source.yield(Answer.event($0)) }
                }
                metrics.finished(usage, after: ContinuousClock.now - arrival)
            } catch let error as CancellationError {
                return source.finish(throwing: error)
            } catch {
                let refusal = APIError(error)
                metrics.streamFailed()
                if refusal.status == 500 { logger.error("\(TemperError.describe(error))") }
                source.yield(Answer.event(refusal.json))
            }
            source.yield(Answer.lastEvent)
            source.finish()
        }
        // When the client stops reading, the model stops writing.
        source.onTermination = { _ in task.cancel() }
        return events
    }

    /// The body, within the limits of size and time.
    private func collect(_ request: Request, _ connection: ConnectionContext) async throws -> [UInt8] {
        let limit = options.maximumBodyBytes
        let tooLarge = APIError(
            413, .invalidRequest, "The request's body is larger than the \(limit) bytes that this server allows.",
            code: "body_too_large")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        if request.headers[.expect]?.lowercased() == "100-continue" { try await connection.askForBody() }
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { [admission] group in
            group.addTask {
                let room = admission.roomForBody(of: limit)
                var bytes: [UInt8] = []
                do {
                    for try await buffer in request.body {
                        guard bytes.count + buffer.readableBytes <= limit else { throw tooLarge }
                        try room.grow(by: buffer.readableBytes)
                        bytes += buffer.readableBytesView
                    }
                } catch let error as APIError {
                    throw error
                } catch let error as CancellationError {
                    throw error
                } catch {
                    throw APIError(
                        400, .invalidRequest, "The request's body is not sent as HTTP asks for.", code: "invalid_body")
                }
                return bytes
            }
            group.addTask { [options] in
                try await Task.sleep(for: min(options.bodyTimeout, options.timeout))
                return nil
            }
            defer { group.cancelAll() }
            guard let result = try await group.next(), let result else {
                throw APIError(408, .timeout, "The request's body did not arrive in time.", code: "body_timeout")
            }
            return result
        }
    }
}
