package import TemperCore

/// The first answer of a SearXNG server (docs.searxng.org, search API): its answers, then the first result with text, then an
/// info box, as ``GoogleSearch`` picks from the boxes of Google.
package struct SearXNGSearch: SearchBackend {
    package let name: String
    package let showsSnippets = true
    package let otherResults: [SearchPage]
    private let url: String
    private var access = WorldAccess.none

    /// - Parameter url: the server's address, such as `http://localhost:8888`; its settings must allow the format `json`.
    package init(url: String, otherResults: [SearchPage] = []) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        name = "searxng \(self.url)"
        self.otherResults = otherResults
    }

    package func reaching(_ access: WorldAccess) -> any SearchBackend {
        var search = self
        search.access = access
        return search
    }

    package func search(_ query: String) async throws -> SearchPage? {
        let query = query.asQuery
        guard !query.isEmpty else { return nil }
        let exchange = SearchRequest(
            service: "SearXNG",
            request: HTTPRequest(url: "\(url)/search?q=\(WorldAccess.escaped(query))&format=json&language=en"),
            accessHint: "its settings.yml must list 'json' under search.formats")
        let reply = try await exchange.reply(through: access)
        guard let results = reply["results"]?.array else { throw exchange.failure("the reply has no results") }
        let answers = (reply["answers"]?.array ?? []).map { $0.string ?? $0["answer"]?.string }
        let boxes = (reply["infoboxes"]?.array ?? []).map { $0["content"]?.string }
        let texts = answers + results.map { $0["content"]?.string } + boxes
        if let text = texts.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) { return .snippet(query, text) }
        // No result while engines did not answer says nothing about the query.
        if let silent = reply["unresponsive_engines"]?.array, !silent.isEmpty, results.isEmpty {
            let names = silent.compactMap { $0.array?.first?.string ?? $0.string }
            throw exchange.failure("its engines did not answer: \(names.joined(separator: ", "))")
        }
        return nil
    }
}
