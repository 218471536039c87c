import Foundation
package import TemperCore

/// A SPARQL 1.1 server, asked by POST, answering in JSON.
package struct SPARQLEndpoint: GraphSource {
    let url: String
    let prefix: String
    private let limits: GraphLimits
    private let timeout: Duration
    package var access = WorldAccess.none

    package init(url: String, prefix: String, limits: GraphLimits = GraphLimits(), timeout: Duration = .seconds(20)) {
        self.url = url
        self.prefix = prefix
        self.limits = limits
        self.timeout = timeout
    }

    package func properties(of set: GraphExpression, _ kind: GraphPropertyKind) async throws -> [String] {
        var query = SPARQLQuery(prefix: prefix, limits: limits)
        return try await ask(query.properties(of: set, kind)).filter(FreebaseName.isShown).sorted()
    }

    package func answers(to expression: GraphExpression) async throws -> [String] {
        var query = SPARQLQuery(prefix: prefix, limits: limits)
        let answers = try await ask(query.answers(to: expression))
        if answers.count > limits.values { throw limits.tooManyValues }
        return Set(answers.map(GraphTerm.answer)).sorted()
    }

    package func range(of relation: String) async throws -> String? {
        try await ask(SPARQLQuery(prefix: prefix, limits: limits).range(of: relation)).min()
    }

    /// The values of a query's only variable, names without the prefix.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` and boundary `environment` when the server fails or answers nonsense.
    private func ask(_ query: String) async throws -> [String] {
        let headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/sparql-results+json"),
        ]
        let request = HTTPRequest(
            method: "POST", url: url, headers: headers, body: Array("query=\(WorldAccess.escaped(query))".utf8), timeout: timeout)
        let answer = try await access.answer(to: request, attempts: 2)
        guard answer.isSuccess else {
            throw failure("the SPARQL server answered \(answer.status): \(answer.text.prefix(200))", answer.place)
        }
        guard let bindings = try answer.json()["results"]?["bindings"]?.array else {
            throw failure("the SPARQL server's answer has no results", answer.place)
        }
        return try bindings.map { binding in
            guard let value = binding.object?.values.first?["value"]?.string, binding.object?.count == 1 else {
                throw failure("the SPARQL server's answer has another form than asked for", answer.place)
            }
            return value.hasPrefix(prefix) ? String(value.dropFirst(prefix.count)) : value
        }
    }

    private func failure(_ message: String, _ place: String) -> TemperError {
        TemperError(.unavailable, message, hint: "check 'suites.kg.endpoint'", place: place, boundary: .environment)
    }
}
