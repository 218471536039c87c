package import TemperCore

/// Pages of Wikipedia through MediaWiki's action API, for ReAct's `search` and `lookup` (Yao et al. 2023, section 3.1).
///
/// A query that is a title (or redirects to one) opens that page; else the first result of the full-text search that is not a list
/// of meanings. ReAct names similar titles when there is no such page; here the nearest page opens, as with the local index.
package struct WikipediaSearch: SearchBackend {
    package static let standardURL = "https://en.wikipedia.org/w/api.php"

    package let name: String
    package let showsSnippets = false
    package let otherResults: [SearchPage]
    private let url: String
    private var access = WorldAccess.none

    package init(url: String = Self.standardURL, otherResults: [SearchPage] = []) {
        self.url = url
        name = url == Self.standardURL ? "wikipedia" : "wikipedia \(url)"
        self.otherResults = otherResults
    }

    /// How many results of the full-text search are looked at.
    private static let candidates = 5

    package func reaching(_ access: WorldAccess) -> any SearchBackend {
        var search = self
        search.access = access
        return search
    }

    package func search(_ query: String) async throws -> SearchPage? {
        let query = query.asQuery.replacing("|", with: " ")
        guard !query.isEmpty else { return nil }
        if let page = try await page(titled: query) { return page }
        let found = try await reply([
            ("list", "search"), ("srsearch", query), ("srlimit", String(Self.candidates)), ("srprop", ""),
        ])
        guard let results = found["search"]?.array else { throw exchange([]).failure("the reply has no results") }
        for title in results.compactMap({ $0["title"]?.string }) {
            if let page = try await page(titled: title) { return page }
        }
        return nil
    }

    private func page(titled title: String) async throws -> SearchPage? {
        let found = try await reply([
            ("prop", "extracts|pageprops"), ("explaintext", "1"), ("ppprop", "disambiguation"), ("redirects", "1"),
            ("titles", title),
        ])
        guard let pages = found["pages"]?.array else {
            // A title such as `x:` is another wiki's.
            if found["interwiki"] != nil { return nil }
            throw exchange([]).failure("the reply has no pages")
        }
        guard let page = pages.first, page["missing"] == nil, page["invalid"] == nil, page["pageprops"]?["disambiguation"] == nil,
            let title = page["title"]?.string, let text = page["extract"]?.string
        else { return nil }
        let sentences = Sentences.split(text)
        return sentences.isEmpty ? nil : SearchPage(title: title, sentences: sentences)
    }

    private func reply(_ fields: [(String, String)]) async throws -> JSONValue {
        let exchange = exchange(fields)
        let reply = try await exchange.reply(through: access)
        // MediaWiki reports a failure with status 200.
        if let error = reply["error"] {
            throw exchange.failure(error["info"]?.string ?? error["code"]?.string ?? "no reason is given")
        }
        guard let query = reply["query"] else { throw exchange.failure("the reply has no query") }
        return query
    }

    private func exchange(_ fields: [(String, String)]) -> SearchRequest {
        let all = [("action", "query"), ("format", "json"), ("formatversion", "2")] + fields
        let text = all.map { "\($0)=\(WorldAccess.escaped($1))" }.joined(separator: "&")
        // Wikimedia asks every client to name itself.
        return SearchRequest(
            service: "Wikipedia",
            request: HTTPRequest(url: "\(url)?\(text)", headers: [(name: "User-Agent", value: "Temper (agent evaluation)")]))
    }
}
