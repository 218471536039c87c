/// Where a server listens and what it allows.
package struct ServerOptions: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    /// Replies that are written at the same time; each choice of a request counts.
    package var maximumConcurrent = 32
    /// Requests that wait for a place; what comes beyond is refused with status 429.
    package var maximumQueue = 128
    /// The most bytes of a request's body; larger ones are refused with status 413.
    package var maximumBodyBytes = 4 << 20
    /// The most time from a request's arrival to its last token; then status 504.
    package var timeout = Duration.seconds(600)
    /// The most time a client may take to send a body; then status 408.
    package var bodyTimeout = Duration.seconds(30)

    package init() {}

    /// Whether only programs of this machine reach the server.
    var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }

    /// The most choices of one request.
    static let maximumChoices = 64
    /// The most stop strings, and bytes of each.
    static let maximumStops = 16, maximumStopBytes = 1024
    /// The most texts of `guided_choice`, and bytes of all together.
    static let maximumGuidedChoices = 4096, maximumGuidedBytes = 256 << 10
    /// The same limit as in OpenAI's service.
    static let maximumAlternatives = 20
}
