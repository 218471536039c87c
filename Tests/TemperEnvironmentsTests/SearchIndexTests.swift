import TemperEnvironments
import Testing

@Suite struct SearchIndexTests {
    static let pages = [
        SearchPage(title: "Silver River", sentences: ["A film.", "It was shot in Paris in 1951."]),
        SearchPage(title: "The Silver River", sentences: ["Another film about a silver river.", "It was shot in Rome."]),
        SearchPage(title: "Rome", sentences: ["Rome is a city.", "Its river is the Tiber.", "The Silver River was shot there."]),
        SearchPage(title: "Café Zürich", sentences: ["A café."]),
        SearchPage(title: "NEAR", sentences: ["A title that is an operator."]),
    ]
    let index: SearchIndex

    init() throws {
        index = try SearchIndex(Self.pages)
    }

    @Test(
        "An exact title wins, whatever its case and punctuation",
        arguments: [
            ("silver river", "Silver River"), ("The Silver River!", "The Silver River"), ("ROME", "Rome"), ("near", "NEAR"),
            ("café zürich", "Café Zürich"),
        ])
    func exactTitle(query: String, title: String) throws {
        #expect(try index.search(query)?.title == title)
    }

    @Test("Words of the title count more than words of the text, and accents do not matter")
    func ranking() throws {
        #expect(try index.search("the city of rome and its river")?.title == "Rome")
        #expect(try index.search("cafe zurich address")?.title == "Café Zürich")
    }

    @Test("A question finds the page it names")
    func question() throws {
        #expect(try index.search("In which year was the film shot in Paris?")?.title == "Silver River")
    }

    @Test(
        "Hostile queries are searches, never errors",
        arguments: [
            "\"", "\"\"\"", "NEAR(", "NEAR(a b, 2)", "rome AND", "OR OR", "NOT", "title:rome", "*", "ro*", "^rome", "(rome",
            "rome; DROP TABLE page", "rome'--", "{title}:", "-rome", "+", "\u{0}rome", "\u{200F}", "🎬", "ｒｏｍｅ", "½ ² ٣",
        ])
    func hostile(query: String) throws {
        _ = try index.search(query)
        // The index still works afterwards.
        #expect(try index.search("Rome")?.title == "Rome")
    }

    @Test("An empty query and one of unknown words find nothing")
    func nothing() throws {
        #expect(try index.search("") == nil)
        #expect(try index.search(" \n\t") == nil)
        #expect(try index.search("xylophonist") == nil)
    }

    @Test("A query of 10 kB is answered")
    func long() throws {
        let words = (0..<2_000).map { "word\($0)" }.joined(separator: " ")
        #expect(try index.search("rome " + words)?.title == "Rome")
        #expect(try index.search(String(repeating: "x", count: 10_000)) == nil)
    }

    @Test("Many threads may search one index")
    func concurrent() async throws {
        let index = index
        let titles = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<64 { group.addTask { try index.search("the tiber river rome")?.title } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(titles == ["Rome"])
    }
}

@Suite struct PageReaderTests {
    let page = SearchPage(title: "Ada", sentences: ["Ada was born in Bern.", " Her son was Born in Rome. ", "She sang.", ""])

    @Test("A lookup goes through the sentences with the word and says when there are no more")
    func sequence() {
        var reader = PageReader()
        reader.open(page)
        #expect(reader.lookup("born") == "(Result 1 / 2) Ada was born in Bern.")
        #expect(reader.lookup("BORN ") == "(Result 2 / 2) Her son was Born in Rome.")
        #expect(reader.lookup("born") == "No more results.")
        #expect(reader.lookup("sang") == "(Result 1 / 1) She sang.")
        #expect(reader.lookup("born") == "(Result 1 / 2) Ada was born in Bern.")
        #expect(reader.lookup("flew") == "No results.")
    }

    @Test("A new page starts lookups again; without a page or a word the observation tells it")
    func edges() {
        var reader = PageReader()
        #expect(reader.lookup("born") == "No page is open. Search first.")
        reader.open(page)
        _ = reader.lookup("born")
        reader.open(SearchPage(title: "Bo", sentences: ["Bo was born."]))
        #expect(reader.lookup("born") == "(Result 1 / 1) Bo was born.")
        #expect(reader.lookup("  ") == "Say what to look up: lookup[keyword].")
    }

    @Test("An opening shows the first sentences after the title, a recorded result is shown bare")
    func opening() {
        #expect(page.opening(sentences: 2) == "Ada: Ada was born in Bern. Her son was Born in Rome.")
        #expect(SearchPage(title: "query", sentences: ["A result."], showsTitle: false).opening(sentences: 3) == "A result.")
    }
}
