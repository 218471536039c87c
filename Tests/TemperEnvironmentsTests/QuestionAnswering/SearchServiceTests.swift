import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

/// Replies have the form the services document and send.
@Suite struct SearchServiceTests {
    static let key = "s3cret-key"
    let serpapi = GoogleSearch(.serpapi, key: Self.key)
    let serper = GoogleSearch(.serper, key: Self.key)

    @Test(
        "SerpAPI: the observation is picked in FireAct's order",
        arguments: [
            (#""answer_box":{"type":"organic_result","answer":"1947","snippet":"It was 1947."},"#, "1947"),
            (#""answer_box":{"answer":42},"#, "42"),
            (
                #""answer_box":{"type":"organic_result","title":"Milhouse","snippet":"Named after\nRichard Nixon.","snippet_highlighted_words":["Nixon"]},"#,
                "Named after Richard Nixon."
            ),
            (#""answer_box":{"type":"organic_result","snippet_highlighted_words":["Richard Nixon","x"]},"#, "Richard Nixon"),
            (#""answer_box":{"type":"weather_result","temperature":"12"},"#, "Milhouse is a character."),
            ("", "Milhouse is a character."),
        ])
    func serpAPI(box: String, wanted: String) async throws {
        let service = ScriptedService(
            """
            {"search_metadata":{"id":"64","status":"Success","json_endpoint":"https://serpapi.com/searches/64.json"},
            "search_parameters":{"engine":"google","q":"milhouse","google_domain":"google.com","hl":"en","gl":"us"},
            "search_information":{"organic_results_state":"Results for exact spelling","total_results":120},\(box)
            "organic_results":[{"position":1,"title":"Milhouse","link":"https://example.org","snippet":"Milhouse is a character."},
            {"position":2,"title":"Other","snippet":"Something else."}]}
            """)
        #expect(try await serpapi.shown("milhouse  named &after", by: service) == wanted)
        let request = try #require(service.requests.first)
        #expect(service.requests.count == 1 && request.method == "GET")
        #expect(
            request.url == "https://serpapi.com/search.json?engine=google&q=milhouse%20named%20%26after&google_domain=google.com"
                + "&gl=us&hl=en&api_key=s3cret-key")
    }

    @Test(
        "Serper: the same order, the knowledge graph last",
        arguments: [
            (#""answerBox":{"title":"Nixon","answer":"Richard Nixon"},"#, #"{"title":"M","snippet":"First."}"#, "Richard Nixon"),
            (#""answerBox":{"snippet":"He was named so.","snippetHighlighted":["so"]},"#, "", "He was named so."),
            (#""answerBox":{"snippetHighlighted":["so"]},"#, "", "so"),
            (
                #""knowledgeGraph":{"title":"Nixon","type":"President","description":"37th president."},"#,
                #"{"title":"M","link":"l","snippet":"First.","position":1}"#, "First."
            ),
            (#""knowledgeGraph":{"title":"Nixon","description":"37th president."},"#, "", "37th president."),
        ])
    func serperOrder(box: String, organic: String, wanted: String) async throws {
        let service = ScriptedService(
            #"{"searchParameters":{"q":"x","gl":"us","type":"search"},"# + box + #""organic":["# + organic + #"],"credits":1}"#)
        #expect(try await serper.shown("who", by: service) == wanted)
        let request = try #require(service.requests.first)
        #expect(request.url == "https://google.serper.dev/search" && request.method == "POST")
        #expect(request.headers.contains { $0.name == "X-API-KEY" && $0.value == Self.key })
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"gl":"us","hl":"en","q":"who"}"#)
    }

    @Test("Google found nothing: no result, shown as None")
    func nothing() async throws {
        let empty = ScriptedService(
            #"{"search_metadata":{"status":"Success"},"search_information":{"organic_results_state":"Fully empty"},"#
                + #""error":"Google hasn't returned any results for this query."}"#)
        #expect(try await serpapi.shown("qwxz", by: empty) == nil)
        #expect(try await serper.shown("qwxz", by: ScriptedService(#"{"searchParameters":{"q":"qwxz"},"organic":[]}"#)) == nil)
        #expect(serpapi.emptyObservation("qwxz") == "None")
        let idle = ScriptedService("{}")
        #expect(try await serpapi.shown("  ", by: idle) == nil)
        #expect(idle.requests.isEmpty)
    }

    static let failures: [(ScriptedService.Reply, String)] = [
        (.init(status: 500, body: "oops"), "status 500: oops"),
        (.init(status: 401, body: #"{"error":"Invalid API key: s3cret-key"}"#), "Invalid API key: …"),
        (.init(status: 400, body: #"{"message":"Not enough credits","statusCode":400}"#), "Not enough credits"),
        (.init(body: #"{"error":"Your account has run out of searches."}"#), "run out of searches"),
        (.init(body: "<html>busy</html>"), "not JSON"),
        (.init(body: "[1, 2]"), "not a JSON object"),
        (.init(body: "{}"), "no results and no reason why"),
        (.init(body: ""), "not JSON"),
        (.init(body: #"{"organic_results":[{"#), "not JSON"),
    ]

    @Test("A failure is an environment error that hides the key, never an observation", arguments: failures.indices)
    func failure(index: Int) async throws {
        let (reply, wanted) = Self.failures[index]
        for backend in [serpapi, serper] {
            let error = try await #require(throws: TemperError.self) {
                try await backend.shown("x", by: ScriptedService([reply]))
            }
            #expect(error.code == .unavailable && error.boundary == .environment)
            #expect(error.message.contains(wanted), "\(error)")
            #expect(!"\(error) \(String(describing: error.cause))".contains(Self.key))
            if reply.status == 401 { #expect(error.hint == "check \(GoogleSearch.keyVariable(backend.service))") }
        }
    }

    @Test("A busy service is asked three times, then the error says so")
    func busy() async throws {
        let service = ScriptedService([.init(status: 429, body: "slow down")])
        let error = await #expect(throws: TemperError.self) { try await serper.shown("x", by: service) }
        #expect(error?.message == "the search with serper failed: status 429: slow down")
        #expect(service.requests.count == 3)
    }

    @Test("A timeout is an environment error, whatever the client says, without the address that holds the key")
    func timeout() async throws {
        struct Odd: Error { var url: String }
        let errors: [any Error] = [
            TemperError(.unavailable, "no complete answer within 30 s of ?api_key=\(Self.key)", boundary: .policy),
            Odd(url: "https://serpapi.com/?api_key=\(Self.key)"),
        ]
        for thrown in errors {
            let error = await #expect(throws: TemperError.self) {
                try await serpapi.shown("x", by: ScriptedService([.init(error: thrown)]))
            }
            #expect(error?.boundary == .environment && error?.code == .unavailable)
            #expect(error?.description.contains(Self.key) == false)
        }
    }

    @Test("Without a client every search says that none was handed in")
    func noClient() async throws {
        let error = await #expect(throws: TemperError.self) { try await WikipediaSearch().search("x") }
        #expect(error?.boundary == .environment)
    }

    static let page = """
        {"batchcomplete":true,"query":{"redirects":[{"from":"Marie Sklodowska","to":"Marie Curie"}],"pages":[{"pageid":20408,"ns":0,
        "title":"Marie Curie","extract":"Marie Curie was a physicist. She was born in Warsaw on 7 Nov. 1867. She won two prizes.\\n\\n\\n== Life ==\\nShe met Pierre Curie in 1894."}]}}
        """
    static let missing = #"{"batchcomplete":true,"query":{"pages":[{"ns":0,"title":"Curie facts","missing":true}]}}"#
    static let found =
        #"{"batchcomplete":true,"query":{"searchinfo":{"totalhits":2},"search":[{"ns":0,"title":"Curie","pageid":1},{"ns":0,"title":"Marie Curie","pageid":20408}]}}"#
    static let meanings =
        #"{"query":{"pages":[{"pageid":1,"ns":0,"title":"Curie","extract":"Curie may refer to:","pageprops":{"disambiguation":""}}]}}"#

    @Test("Wikipedia: a title opens its page, in sentences")
    func wikipediaTitle() async throws {
        let service = ScriptedService(Self.page)
        let opened = try await WikipediaSearch().reaching(WorldAccess(http: service)).search("Marie Sklodowska")
        let page = try #require(opened)
        #expect(page.title == "Marie Curie")
        #expect(
            page.sentences == [
                "Marie Curie was a physicist.", "She was born in Warsaw on 7 Nov. 1867.", "She won two prizes.",
                "She met Pierre Curie in 1894.",
            ])
        let url = try #require(service.requests.first?.url)
        #expect(url.hasPrefix("https://en.wikipedia.org/w/api.php?action=query&format=json&formatversion=2&"))
        #expect(url.contains("prop=extracts%7Cpageprops") && url.hasSuffix("titles=Marie%20Sklodowska"))
        #expect(service.requests[0].headers.contains { $0.name == "User-Agent" })
    }

    @Test("Wikipedia: no such title, then the first result of the search that is a page")
    func wikipediaSearch() async throws {
        let service = ScriptedService(Self.missing, Self.found, Self.meanings, Self.page)
        #expect(try await WikipediaSearch().shown("Curie|facts", by: service)?.hasPrefix("Marie Curie: Marie Curie was") == true)
        #expect(service.requests.count == 4)
        #expect(service.requests[1].url.contains("list=search&srsearch=Curie%20facts"))
        let nothing = ScriptedService(Self.missing, #"{"query":{"searchinfo":{"totalhits":0},"search":[]}}"#)
        #expect(try await WikipediaSearch().shown("qwxz", by: nothing) == nil)
        #expect(WikipediaSearch().emptyObservation("qwxz") == "No page matches 'qwxz'.")
    }

    @Test("Wikipedia: a failure told with status 200 is an error")
    func wikipediaError() async throws {
        for (body, wanted) in [
            (#"{"error":{"code":"ratelimited","info":"You've exceeded your rate limit."}}"#, "exceeded your rate limit"),
            (#"{"batchcomplete":true}"#, "no query"), (#"{"query":{}}"#, "no pages"),
        ] {
            let error = await #expect(throws: TemperError.self) {
                try await WikipediaSearch().shown("x", by: ScriptedService(body))
            }
            #expect(error?.message.contains(wanted) == true, "\(body)")
        }
    }

    @Test("SearXNG: answers, then results, then info boxes")
    func searXNG() async throws {
        let backend = SearXNGSearch(url: "http://localhost:8888/")
        let result = #"{"url":"u","title":"t","content":"From a result.","engine":"bing"}"#
        for (answers, results, boxes, wanted) in [
            (#""An answer""#, result, "", "An answer"), (#"{"answer":"Typed answer","url":null}"#, result, "", "Typed answer"),
            ("", #"{"url":"u","title":"t","content":""},"# + result, #"{"content":"Box."}"#, "From a result."),
            ("", "", #"{"infobox":"Nixon","content":"37th president."}"#, "37th president."),
        ] {
            let service = ScriptedService(
                #"{"query":"x","number_of_results":0,"results":[\#(results)],"answers":[\#(answers)],"infoboxes":[\#(boxes)],"#
                    + #""suggestions":[],"unresponsive_engines":[["duckduckgo","timeout"]]}"#)
            #expect(try await backend.shown("who is", by: service) == wanted)
            #expect(service.requests[0].url == "http://localhost:8888/search?q=who%20is&format=json&language=en")
        }
        #expect(try await backend.shown("x", by: ScriptedService(#"{"results":[],"unresponsive_engines":[]}"#)) == nil)
    }

    @Test("SearXNG: engines that do not answer are a failure; a refusal says which setting is missing")
    func searXNGFailures() async throws {
        let backend = SearXNGSearch(url: "http://localhost:8888")
        let silent = ScriptedService(#"{"results":[],"unresponsive_engines":[["google","access denied"],["bing","timeout"]]}"#)
        let error = await #expect(throws: TemperError.self) { try await backend.shown("x", by: silent) }
        #expect(error?.message == "the search with SearXNG failed: its engines did not answer: google, bing")
        let refused = await #expect(throws: TemperError.self) {
            try await backend.shown("x", by: ScriptedService([.init(status: 403, body: "Forbidden")]))
        }
        #expect(refused?.hint == "its settings.yml must list 'json' under search.formats")
        await #expect(throws: TemperError.self) { try await backend.shown("x", by: ScriptedService(#"{"other":1}"#)) }
    }
}
