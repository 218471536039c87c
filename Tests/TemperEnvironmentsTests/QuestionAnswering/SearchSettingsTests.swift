import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct SearchSettingsTests {
    private func settings(_ values: [String: JSONValue], keys: [String: String] = [:]) throws -> SearchSettings {
        let options = SuiteOptions(suite: "strategyqa", values)
        return try SearchSettings(options.read(SearchOptions.self), environment: keys)
    }

    @Test("The option search chooses the back end")
    func choice() throws {
        #expect(try settings([:]).backend == nil)
        #expect(try settings(["search": .string("wikipedia")]).backend?.name == "wikipedia")
        #expect(
            try settings(["search": .string("searxng"), "search_url": .string("http://h:1/")]).backend?.name
                == "searxng http://h:1")
        #expect(try settings(["search": .string("serper")], keys: ["SERPER_API_KEY": "k"]).backend?.name == "serper")
        #expect(try settings(["search": .string("serpapi")], keys: ["SERPAPI_API_KEY": "k"]).backend?.showsSnippets == true)
    }

    static let bad: [([String: JSONValue], String)] = [
        (["search": .string("google")], "must be one of local, recorded, wikipedia, serpapi, serper, searxng"),
        (["search": .string("serper")], "needs a key"), (["search": .string("searxng")], "needs its server"),
        (["search": .string("searxng"), "search_url": .string("localhost")], "must start with http:// or https://"),
        (["search_file": .string("x")], "'search_file' has no effect here"),
        (["search_cache": .string("x")], "'search_cache' has no effect here"),
        (["search": .string("local"), "search_url": .string("http://x")], "'search_url' has no effect here"),
        (["fault_none": .number(0.6), "fault_other": .number(0.6)], "more than 1 together"),
        (["fault_none": .number(2)], "'suites.strategyqa.fault_none' is 2; it must be in 0…1"),
        (["fualt_none": .number(0.5)], "unknown key 'fualt_none' in 'strategyqa'"),
        (["search": .string("local"), "search_file": .string("/nowhere/x")], "cannot be read"),
    ]

    @Test("An option that cannot be is refused", arguments: bad.indices)
    func refused(index: Int) {
        let (values, wanted) = Self.bad[index]
        let error = #expect(throws: TemperError.self) { try settings(values) }
        #expect(error?.message.contains(wanted) == true, "\(String(describing: error))")
    }

    @Test("A missing key names the variable to set")
    func key() {
        let error = #expect(throws: TemperError.self) {
            try settings(["search": .string("serpapi")], keys: ["SERPAPI_API_KEY": ""])
        }
        #expect(error?.code == .unavailable && error?.hint == "set SERPAPI_API_KEY")
    }

    @Test("One's own corpus and recording are searched")
    func files() async throws {
        try await withQuestionFiles([
            "corpus.jsonl": """
            {"title": "Rome", "text": "Rome is a city. Dr. No was not born there. It has a river."}

            {"title": "Bern", "sentences": ["Bern is a city."]}
            """,
            "log.json": #"{"who wrote it": "Ann Lee wrote it.", "odd": "None"}"#,
            "bad.jsonl": "{\"title\": \"Rome\", \"text\": \"x\"}\n{\"title\": \"Bern\"}", "empty.jsonl": "\n",
            "bad.json": #"{"q": 7}"#,
        ]) { folder in
            let local = try #require(
                try settings(["search": .string("local"), "search_file": .string("\(folder)/corpus.jsonl")]).backend)
            #expect(try await local.search("rome")?.sentences.count == 3)
            #expect(local.otherResults.map(\.title) == ["Rome", "Bern"])
            let recorded = try #require(
                try settings(["search": .string("recorded"), "search_file": .string("\(folder)/log.json")]).backend)
            #expect(try await recorded.search("Who wrote it?")?.opening(sentences: 3) == "Ann Lee wrote it.")
            #expect(try await recorded.search("odd")?.opening(sentences: 3) == "None")
            #expect(recorded.emptyObservation("x") == "None")
            for (kind, file, wanted) in [
                ("local", "bad.jsonl", "bad.jsonl:2"), ("local", "empty.jsonl", "no page"),
                ("recorded", "bad.json", "is no text"),
                ("recorded", "corpus.jsonl", "not valid JSON"),
            ] {
                let error = #expect(throws: TemperError.self) {
                    try settings(["search": .string(kind), "search_file": .string("\(folder)/\(file)")])
                }
                #expect(error?.description.contains(wanted) == true, "\(String(describing: error))")
            }
        }
    }

    @Test("The suites take the options, and nothing else")
    func suites() throws {
        for id in ["hotpotqa", "strategyqa", "bamboogle", "mmlu"] {
            let suite = try SuiteRegistry.suite(id, options: ["search": .string("wikipedia"), "fault_none": .number(0.5)])
            let task = AgentTask(
                id: "x", suite: id, split: "test", instruction: "?", payload: .object(["answer": .string("A")]),
                tags: ["fault_none": "0.5"])
            #expect(try suite.makeEnvironment(for: task) is QuestionAnsweringEnvironment)
            #expect(suite.score(answer: "A", for: task) == nil, "a replay tells the share of faults")
            #expect(throws: TemperError.self) { try SuiteRegistry.suite(id, options: ["imperfect": .number(0.5)]) }
        }
        for id in ["pocket/hotpotqa", "pocket/strategyqa", "pocket/bamboogle", "pocket/mmlu"] {
            let suite = try SuiteRegistry.suite(
                id, options: ["imperfect": .number(0.5), "fault_other": .number(0.25), "fault_seed": .number(3)])
            let task = try #require(try suite.tasks(split: "train", limit: 1).first)
            #expect(task.tags["fault_other"] == "0.25" && task.tags["fault_seed"] == "3" && task.tags["fault_none"] == "0.0")
            #expect(throws: TemperError.self) { try SuiteRegistry.suite(id, options: ["search": .string("wikipedia")]) }
        }
    }
}
