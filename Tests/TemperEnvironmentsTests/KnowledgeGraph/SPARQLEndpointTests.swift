import Foundation
import TemperCore
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

@Suite struct SPARQLEndpointTests {
    struct Server: HTTPClient {
        let respond: @Sendable (HTTPRequest) async throws -> (status: Int, body: String)

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let (status, body) = try await respond(request)
            let stream = AsyncThrowingStream<[UInt8], any Error> {
                $0.yield(Array(body.utf8))
                $0.finish()
            }
            return HTTPResponse(status: status, headers: [], body: stream)
        }
    }

    static let url = "http://localhost:1/sparql"
    private func endpoint(
        _ server: Server, prefix: String = FreebaseName.prefix, limits: GraphLimits = GraphLimits()
    ) -> SPARQLEndpoint {
        var endpoint = SPARQLEndpoint(url: Self.url, prefix: prefix, limits: limits)
        endpoint.access = WorldAccess(http: server)
        return endpoint
    }

    let expression = GraphExpression.join("film.director", forward: true, .entity("m.01"))

    @Test("A query is posted as a form, and names come back without the prefix")
    func exchange() async throws {
        let server = Server { request in
            let body = String(decoding: request.body, as: UTF8.self)
            #expect(request.method == "POST" && request.url == Self.url && body.hasPrefix("query=SELECT%20DISTINCT%20%3Fx"))
            #expect(request.headers.contains { $0.name == "Accept" && $0.value == "application/sparql-results+json" })
            let values = ["http://rdf.freebase.com/ns/m.0b", "http://rdf.freebase.com/ns/m.0a", "1950-01-01-08:00"]
            let bindings = values.map { #"{"x": {"type": "uri", "value": "\#($0)"}}"# }.joined(separator: ",")
            return (200, #"{"head": {"vars": ["x"]}, "results": {"bindings": [\#(bindings)]}}"#)
        }
        let answers = try await endpoint(server).answers(to: expression)
        #expect(answers == ["1950-01-01", "m.0a", "m.0b"])
    }

    @Test(
        "A server that fails or answers nonsense is an environment error, not a score",
        arguments: [
            (500, "no memory"), (400, "syntax"), (200, "<html>"), (200, "{}"), (200, #"{"results": {"bindings": [{}]}}"#),
            (200, #"{"results": {"bindings": [{"a": {"value": "x"}, "b": {"value": "y"}}]}}"#),
        ])
    func failures(status: Int, body: String) async throws {
        var environment = KnowledgeGraphEnvironment(
            entities: [GraphEntity(name: "a", id: "m.01")], gold: ["m.02"], source: endpoint(Server { _ in (status, body) }))
        _ = try await environment.reset()
        let error = await #expect(throws: TemperError.self) { try await environment.step(Action("get_relations", "a")) }
        #expect(error?.code == .unavailable && error?.boundary == .environment)
        #expect(error?.place?.contains(Self.url) == true)
    }

    @Test("A server that never answers is an environment error too")
    func hang() async throws {
        let server = Server { _ in throw TemperError(.unavailable, "no answer within 20 s", boundary: .policy) }
        let error = await #expect(throws: TemperError.self) { try await endpoint(server).answers(to: expression) }
        #expect(error?.boundary == .environment)
    }

    @Test("Too many answers are refused")
    func tooMany() async throws {
        var limits = GraphLimits()
        limits.values = 2
        let bindings = (0..<3).map { #"{"x": {"value": "m.\#($0)"}}"# }.joined(separator: ",")
        let server = Server { _ in (200, #"{"results": {"bindings": [\#(bindings)]}}"#) }
        await #expect(throws: GraphRefusal.self) {
            try await endpoint(server, prefix: "", limits: limits).answers(to: expression)
        }
    }

    @Test("Names cannot break out of a query")
    func injection() throws {
        var query = SPARQLQuery(prefix: "http://a/", limits: GraphLimits())
        let text = try query.answers(to: .join("r> ?x . } #", forward: true, .entity("m.1\n}\"\\")))
        #expect(text.contains("<http://a/r%3E%20?x%20.%20%7D%20#>") && text.contains("<http://a/m.1%0A%7D%22%5C>"))
    }
}
