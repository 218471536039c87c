/// What an environment may reach outside this process: the network, and models that judge.
///
/// Modules below the network get it from whoever runs episodes, see ``Suite/reaching(_:)``. With ``none`` every use fails with
/// code `unavailable` and boundary `environment`. A suite of another package hands it on; what it holds has package access.
public struct WorldAccess: Sendable {
    /// Sends requests.
    package var http: any HTTPClient
    /// Opens a connection to a `ws://` or `wss://` address; texts of more than 16 MiB end it.
    package var openWebSocket: @Sendable (_ url: String) async throws -> any WebSocketConnection
    /// Makes the model of a policy word such as `openai:MODEL` or `http://host/v1#MODEL`.
    package var judge: @Sendable (_ word: String) async throws -> any LanguageModel

    /// Nil takes what ``none`` has.
    package init(
        http: (any HTTPClient)? = nil,
        openWebSocket: (@Sendable (_ url: String) async throws -> any WebSocketConnection)? = nil,
        judge: (@Sendable (_ word: String) async throws -> any LanguageModel)? = nil
    ) {
        self.http = http ?? NoHTTPClient()
        self.openWebSocket =
            openWebSocket ?? { url in
                throw TemperError(.unavailable, "no WebSocket client was handed in", place: url, boundary: .environment)
            }
        self.judge =
            judge ?? { word in
                throw TemperError(.unavailable, "no model can be made for the judge '\(word)'", boundary: .environment)
            }
    }

    /// Reaches nothing.
    package static let none = WorldAccess()
}

/// Stands where no client was handed in.
private struct NoHTTPClient: HTTPClient {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        throw TemperError(.unavailable, "no HTTP client was handed in", boundary: .environment)
    }
}
