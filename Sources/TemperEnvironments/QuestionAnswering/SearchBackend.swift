package import TemperCore

/// Where a query is answered: a local index, a recording, a service.
package protocol SearchBackend: Sendable {
    /// Names it in messages and in recorded replies.
    var name: String { get }
    /// Whether results are snippets, as a web search shows them. Nothing found then reads `None`, as with FireAct's tool.
    var showsSnippets: Bool { get }
    /// What other queries show, for fault injection; empty when it is not known.
    var otherResults: [SearchPage] { get }

    /// The best result; nil when there is none.
    ///
    /// - Throws: ``TemperError`` with boundary `environment` when the search failed: a failure is never an empty result.
    func search(_ query: String) async throws -> SearchPage?
    /// This back end with what it may reach outside this process.
    func reaching(_ access: WorldAccess) -> any SearchBackend
}

extension SearchBackend {
    package var otherResults: [SearchPage] { [] }
    package func reaching(_ access: WorldAccess) -> any SearchBackend { self }

    /// What a policy sees when nothing was found.
    func emptyObservation(_ query: String) -> String {
        showsSnippets ? "None" : "No page matches '\(query.prefix(200))'."
    }
}
