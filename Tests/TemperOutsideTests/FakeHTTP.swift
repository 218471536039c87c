import TemperCore

/// An HTTP client that answers from a closure.
struct FakeHTTP: HTTPClient {
    let respond: @Sendable (HTTPRequest) async throws -> (status: Int, body: String)

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (status, body) = try await respond(request)
        return HTTPResponse(
            status: status, headers: [],
            body: AsyncThrowingStream {
                $0.yield(Array(body.utf8))
                $0.finish()
            })
    }
}
