import Foundation
import Synchronization
import TemperCore
import TemperEnvironments

/// An HTTP client that answers from a list of replies and remembers what was asked; the last reply repeats.
final class ScriptedService: HTTPClient {
    struct Reply {
        var status = 200
        var body = ""
        var error: (any Error)?
    }

    private let replies: [Reply]
    private let asked = Mutex<[HTTPRequest]>([])
    private let delay: Duration

    var requests: [HTTPRequest] { asked.withLock { $0 } }

    init(_ replies: [Reply], delay: Duration = .zero) {
        self.replies = replies
        self.delay = delay
    }

    convenience init(_ bodies: String...) { self.init(bodies.map { Reply(body: $0) }) }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let index = asked.withLock { asked in
            asked.append(request)
            return asked.count - 1
        }
        try await Task.sleep(for: delay)
        let reply = replies[min(index, replies.count - 1)]
        if let error = reply.error { throw error }
        return HTTPResponse(
            status: reply.status, headers: [],
            body: AsyncThrowingStream {
                $0.yield(Array(reply.body.utf8))
                $0.finish()
            })
    }
}

extension SearchBackend {
    /// What a policy would see, asked of a scripted service.
    func shown(_ query: String, by service: ScriptedService) async throws -> String? {
        try await reaching(WorldAccess(http: service)).search(query)?.opening(sentences: 3)
    }
}
