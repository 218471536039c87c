import Foundation
package import TemperCore

/// A model behind any service that speaks OpenAI's chat completions.
///
/// What may be mended by waiting is tried again: 408, 409, 425, 429, 5xx, dropped connections, time-outs and replies that
/// are cut off or not JSON. Identical requests are paid for once. Keys appear in no error, name or cache.
package final class EndpointLanguageModel: LanguageModel {
    package let name: String
    package let contextLimit: Int?
    package var takesTools: Bool { true }

    private let address: EndpointAddress
    private let options: EndpointOptions
    private let price: ModelPrice
    private let client: any HTTPClient
    private let cache: (any CompletionCache)?
    private let spendingLimit: SpendingLimit?
    private let pool: EndpointPool
    private let coalescer = RequestCoalescer()

    /// - Parameters:
    ///   - policy: `openai:MODEL`, or `http(s)://HOST/PATH#MODEL` with several addresses separated by commas.
    ///   - environment: where the keys are: `OPENAI_API_KEY`, `TEMPER_API_KEY`.
    /// - Throws: ``TemperError`` with code `unavailable` when a key is missing, naming the variable; with code `usage` when the
    ///   policy or an option makes no sense, or a limit is to be kept on a model whose price is not known.
    package init(
        policy: String, options: EndpointOptions = EndpointOptions(),
        client: any HTTPClient = AsyncHTTPClientAdapter(), cache: (any CompletionCache)? = nil,
        spendingLimit: SpendingLimit? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        try options.validate()
        address = try EndpointAddress(policy: policy, environment: environment)
        if let price = options.price ?? ModelPrice.listed(for: address.model), options.price != nil || address.isOpenAI {
            self.price = price
        } else if spendingLimit?.limit != nil {
            throw TemperError(
                .usage, "the price of '\(address.model)' is not known, so a budget cannot be kept",
                hint:
                    "give its price in US dollars per million tokens, 0 if it is free: --set collect.endpoint.price={prompt: 1, completion: 2}",
                boundary: .policy)
        } else {
            price = ModelPrice(prompt: 0, completion: 0)
        }
        name = policy
        self.options = options
        self.client = client
        self.cache = cache
        self.spendingLimit = spendingLimit
        contextLimit = options.contextLimit
        pool = EndpointPool(
            endpoints: address.urls.count, maximumInFlight: options.maximumInFlight, requestsPerMinute: options.requestsPerMinute)
    }

    /// Whether a policy's word can be an address, before it is written to any file.
    ///
    /// - Throws: ``TemperError`` with code `usage` for one that carries a name, a password or a query, or is no address.
    package static func checkAddress(_ policy: String) throws {
        guard policy.hasPrefix("http://") || policy.hasPrefix("https://") else { return }
        _ = try EndpointAddress(policy: policy, environment: [:])
    }

    package func complete(_ request: CompletionRequest) async throws -> Completion {
        guard request.choices.isEmpty else {
            throw TemperError(
                .usage, "admissible choices are not supported by chat endpoints ('\(name)')",
                hint: "use a model: policy, or leave the constraint out", boundary: .policy)
        }
        let body = try ChatCompletion.body(request, address: address)
        var (completion, isShared) = try await coalescer.completion(for: body) { try await self.fetch(body, request) }
        if isShared {
            completion.price = 0
            completion.wasCached = true
        }
        return ChatCompletion.cut(completion, at: request.stop)
    }

    private func fetch(_ body: [UInt8], _ request: CompletionRequest) async throws -> Completion {
        if var cached = try await cache?.cachedCompletion(model: name, body: body) {
            cached.price = 0
            cached.wasCached = true
            return cached
        }
        let completion = try await call(body, request)
        try await cache?.store(completion, model: name, body: body)
        return completion
    }

    // MARK: Attempts

    /// Why an attempt failed.
    private struct Failure: Error {
        var error: TemperError
        /// Nil: trying again does not help.
        var wait: Wait?

        enum Wait { case backoff, seconds(Double) }
    }

    private func call(_ body: [UInt8], _ request: CompletionRequest) async throws -> Completion {
        var random = RandomSource(seed: request.seed, String(decoding: body, as: UTF8.self))
        var failures = address.urls.map { _ in 0 }
        var attempt = 1
        while true {
            let place = try await pool.acquire(failures: failures)
            let failure: Failure
            do {
                try await Task.sleep(until: place.start, clock: .continuous)
                try await spendingLimit?.check()
                let completion = try await self.attempt(body, request, at: address.urls[place.endpoint])
                await spendingLimit?.charge(completion.price)
                await pool.release(place)
                return completion
            } catch let error as Failure {
                failure = error
            } catch {
                await pool.release(place)
                throw error
            }
            guard let wait = failure.wait, attempt < options.maximumAttempts else {
                await pool.release(place)
                throw attempt == 1 ? failure.error : Self.exhausted(failure.error, attempts: attempt)
            }
            let delay = self.delay(wait, after: attempt, &random)
            var pause = address.urls.count > 1 ? delay : nil
            if case .seconds = wait { pause = delay }
            await pool.release(place, pause: pause)
            try await Task.sleep(for: delay)
            failures[place.endpoint] += 1
            attempt += 1
        }
    }

    private func delay(_ wait: Failure.Wait, after attempt: Int, _ random: inout RandomSource) -> Duration {
        switch wait {
        case .seconds(let seconds): return .seconds(min(seconds, options.maximumWaitSeconds))
        case .backoff:
            let full = min(options.backoffSeconds * pow(2, Double(attempt - 1)), options.maximumWaitSeconds)
            return .seconds(full * (0.5 + 0.5 * random.unit()))
        }
    }

    private static func exhausted(_ error: TemperError, attempts: Int) -> TemperError {
        var error = error
        error.message = "no answer after \(attempts) attempts; the last: \(error.message)"
        return error
    }

    private func attempt(_ body: [UInt8], _ request: CompletionRequest, at url: String) async throws -> Completion {
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json")]
        if let key = address.key { headers.append((name: "Authorization", value: "Bearer \(key)")) }
        let response: HTTPResponse
        let reply: [UInt8]
        do {
            response = try await client.send(
                HTTPRequest(method: "POST", url: url, headers: headers, body: body, timeout: .seconds(options.timeoutSeconds)))
            reply = try await response.collect()
        } catch let error as TemperError {
            throw Failure(error: error, wait: error.code == .usage ? nil : .backoff)
        }
        guard response.status == 200 else {
            throw refusal(response, reply, at: url)
        }
        do {
            var completion = try ChatCompletion.read(reply, promptEstimate: tokenCount(request.messages))
            completion.price = price.cost(of: completion.usage)
            return completion
        } catch let error as ChatCompletion.Malformed {
            let error = TemperError(.unavailable, address.redacted(error.reason), place: url, boundary: .policy)
            throw Failure(error: error, wait: .backoff)
        }
    }

    // MARK: Refusals

    private func refusal(_ response: HTTPResponse, _ reply: [UInt8], at url: String) -> Failure {
        let status = response.status
        let said = words(of: reply)
        var error = TemperError(
            .unavailable, "the service answered \(status)" + (said.isEmpty ? "" : ": \(said)"), place: url, boundary: .policy)
        switch status {
        case 408, 409, 425, 429, 500...599:
            let seconds = RetryAfter.seconds(response.header("Retry-After"))
            return Failure(error: error, wait: seconds.map { .seconds($0) } ?? .backoff)
        case 401, 403:
            error.hint =
                address.key == nil
                ? "set the environment variable \(address.keyVariable) to the service's key"
                : "is the key in the environment variable \(address.keyVariable) right, and may it use '\(address.model)'?"
        case 400 where Self.speaksOfContextLength(said), 413 where Self.speaksOfContextLength(said),
            422 where Self.speaksOfContextLength(said):
            error.code = .data
            error.message = "the conversation does not fit the model's context: \(said)"
            error.hint = "set context_limit, so that old turns are dropped in time"
            error.cause = ContextLengthExceeded()
        case 404:
            error.hint = "is the address right, and does the service offer the model '\(address.model)'?"
        case 300...399:
            error.hint = "redirects are not followed: write the address it leads to"
        default: break
        }
        return Failure(error: error, wait: nil)
    }

    /// What the service says about its refusal, one short line without keys.
    private func words(of reply: [UInt8]) -> String {
        let parsed = try? JSONDecoder().decode(JSONValue.self, from: Data(reply))
        let text = parsed.flatMap(ChatCompletion.errorMessage) ?? String(decoding: reply.prefix(300), as: UTF8.self)
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return address.redacted(line.count > 300 ? line.prefix(300) + "…" : line)
    }

    private static func speaksOfContextLength(_ text: String) -> Bool {
        let text = text.lowercased()
        return [
            "context length", "context_length", "context window", "maximum model length", "too many tokens", "prompt is too long",
        ]
        .contains { text.contains($0) }
    }
}
