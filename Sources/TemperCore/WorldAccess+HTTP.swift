import Foundation

/// The network as environments use it.
///
/// Failures always carry the boundary `environment`, whatever the client says, so that an episode ends as an environment error.
extension WorldAccess {
    /// A complete answer, of any status.
    package struct Answer: Sendable {
        package var status: Int
        package var body: [UInt8]
        /// `METHOD url`, without query and credentials.
        package var place: String

        package var text: String { String(decoding: body, as: UTF8.self) }
        package var isSuccess: Bool { (200..<300).contains(status) }

        /// The body as JSON.
        ///
        /// - Throws: ``TemperError`` with code `unavailable` when it is not JSON.
        package func json() throws -> JSONValue {
            do {
                return try JSONValue.parse(Data(body), named: place)
            } catch {
                throw TemperError(
                    .unavailable, "the answer is not JSON: \(text.prefix(200))", place: place, boundary: .environment,
                    cause: error)
            }
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameters:
    ///   - attempts: how often to try in all when nobody answers or the status is 429, 502, 503 or 504, waiting 0.5, 1, 2 … seconds.
    ///     More than 1 only for requests that may be repeated.
    ///   - limit: the most bytes of body.
    /// - Returns: the answer, of whatever status.
    /// - Throws: ``TemperError`` with code `unavailable` and boundary `environment` when no complete answer came.
    package func answer(to request: HTTPRequest, attempts: Int = 1, limit: Int = 16 << 20) async throws -> Answer {
        var wait = Duration.milliseconds(500)
        var attempt = 1
        while true {
            do {
                let answer = try await once(request, limit: limit)
                if attempt >= attempts || ![429, 502, 503, 504].contains(answer.status) { return answer }
            } catch let error as TemperError {
                if attempt >= attempts { throw error }
            }
            try await Task.sleep(for: wait)
            wait *= 2
            attempt += 1
        }
    }

    /// Sends JSON (or nothing) and reads JSON.
    ///
    /// - Throws: as ``answer(to:attempts:limit:)``, and when the status is not 2xx or the body is not JSON; the message shows
    ///   the first 200 characters of the body.
    package func json(
        _ method: String = "GET", _ url: String, body: JSONValue? = nil, headers: [(name: String, value: String)] = [],
        timeout: Duration = .seconds(30), attempts: Int = 1, limit: Int = 16 << 20
    ) async throws -> JSONValue {
        var headers = headers + [(name: "Accept", value: "application/json")]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        let bytes = try body.map { [UInt8](try JSONEncoder.stable().encode($0)) } ?? []
        let request = HTTPRequest(method: method, url: url, headers: headers, body: bytes, timeout: timeout)
        let answer = try await answer(to: request, attempts: attempts, limit: limit)
        guard answer.isSuccess else {
            throw TemperError(
                .unavailable, "the server answered with status \(answer.status): \(answer.text.prefix(200))",
                place: answer.place, boundary: .environment)
        }
        return try answer.json()
    }

    /// A text as the value of a query parameter: everything but letters, digits and `-._~` is percent-encoded.
    package static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private func once(_ request: HTTPRequest, limit: Int) async throws -> Answer {
        do {
            let response = try await http.send(request)
            let body = try await response.collect(limit: limit)
            return Answer(status: response.status, body: body, place: Self.place(request))
        } catch let error as TemperError {
            throw TemperError(
                .unavailable, error.message, hint: error.hint, place: Self.place(request), boundary: .environment, cause: error)
        }
    }

    private static func place(_ request: HTTPRequest) -> String {
        guard var parts = URLComponents(string: request.url) else { return request.method }
        parts.query = nil
        parts.user = nil
        parts.password = nil
        return "\(request.method) \(parts.string ?? "")"
    }
}
