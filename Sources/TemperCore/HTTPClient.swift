/// One HTTP exchange, as modules below the network see it.
public struct HTTPRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    public var timeout: Duration

    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(120)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// Status, headers and a body that arrives in pieces.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: AsyncThrowingStream<[UInt8], any Error>

    public init(status: Int, headers: [(name: String, value: String)], body: AsyncThrowingStream<[UInt8], any Error>) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The whole body.
    ///
    /// - Throws: ``TemperError`` when it is larger than `limit` bytes, or the transport's error.
    public func collect(limit: Int = 64 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in body {
            bytes += piece
            guard bytes.count <= limit else {
                throw TemperError(.data, "the response is larger than \(limit) bytes", boundary: .policy)
            }
        }
        return bytes
    }
}

/// Sends requests. The only way to the network for every module but `TemperEndpoint`.
public protocol HTTPClient: Sendable {
    /// - Throws: ``TemperError`` with boundary `policy` when no response came (refused, timed out, dropped).
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
