import Foundation
package import TemperCore

/// Google's first answer to a query, through SerpAPI (serpapi.com) or Serper (serper.dev).
///
/// The observation is picked in FireAct's order (Chen et al. 2023, section 4; its code, tools/search.py): the answer of the answer
/// box, its snippet, its first highlighted words, the snippet of the first result. Where FireAct then shows `None`, the
/// description of the knowledge graph is tried.
package struct GoogleSearch: SearchBackend {
    package enum Service: String, Sendable { case serpapi, serper }

    package let service: Service
    private let key: String
    private let url: String
    private var access = WorldAccess.none
    package var name: String { service.rawValue }
    package var showsSnippets: Bool { true }
    package let otherResults: [SearchPage]

    /// - Parameters:
    ///   - key: the service's key; sent, never shown.
    ///   - url: nil takes the service's own.
    package init(_ service: Service, key: String, url: String? = nil, otherResults: [SearchPage] = []) {
        self.service = service
        self.key = key
        self.otherResults = otherResults
        self.url = url ?? (service == .serpapi ? "https://serpapi.com/search.json" : "https://google.serper.dev/search")
    }

    /// The variable of the process environment that holds the key.
    package static func keyVariable(_ service: Service) -> String {
        switch service {
        case .serpapi: "SERPAPI_API_KEY"
        case .serper: "SERPER_API_KEY"
        }
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
            service: name, request: try request(query), secret: key, accessHint: "check \(Self.keyVariable(service))")
        let reply = try await exchange.reply(through: access)
        if let message = reply["error"]?.string {
            // SerpAPI reports an empty result as an error of status 200.
            if message.hasPrefix("Google hasn't returned any results") { return nil }
            throw exchange.failure(message)
        }
        guard Self.isResult(reply) else { throw exchange.failure("the reply has no results and no reason why") }
        return .snippet(query, Self.observation(reply))
    }

    /// The text FireAct's tool would show.
    static func observation(_ reply: JSONValue) -> String? {
        let box = reply["answer_box"] ?? reply["answerBox"]
        let highlighted = box?["snippet_highlighted_words"] ?? box?["snippetHighlighted"]
        let organic = reply["organic_results"] ?? reply["organic"]
        let graph = reply["knowledge_graph"] ?? reply["knowledgeGraph"]
        return [
            box?["answer"], box?["snippet"], highlighted?.array?.first, organic?.array?.first?["snippet"], graph?["description"],
        ].lazy.compactMap { $0.flatMap(Self.text) }.first
    }

    /// Whether the reply is one of a search: it echoes its parameters or holds a part that results come in.
    private static func isResult(_ reply: JSONValue) -> Bool {
        ["search_metadata", "search_parameters", "searchParameters", "organic_results", "organic", "answer_box", "answerBox"]
            .contains { reply[$0] != nil }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        case .array(let list): list.first.flatMap(text)
        default: nil
        }
    }

    private func request(_ query: String) throws -> HTTPRequest {
        switch service {
        case .serpapi:
            let fields = [
                ("engine", "google"), ("q", query), ("google_domain", "google.com"), ("gl", "us"), ("hl", "en"), ("api_key", key),
            ]
            return HTTPRequest(url: url + "?" + fields.map { "\($0)=\(WorldAccess.escaped($1))" }.joined(separator: "&"))
        case .serper:
            let body = JSONValue.object(["q": .string(query), "gl": .string("us"), "hl": .string("en")])
            return HTTPRequest(
                method: "POST", url: url,
                headers: [(name: "X-API-KEY", value: key), (name: "Content-Type", value: "application/json")],
                body: [UInt8](try JSONEncoder.stable().encode(body)))
        }
    }
}
