import TemperCore
import Testing

@testable import TemperPocketText

@Suite struct WordingFileTests {
    private enum Kind: String, Hashable { case film, book }

    @Test("Tables, single entries, comments and both headings are read")
    func reads() throws {
        let file = try WordingFile(
            """
            # A comment.

            [asks/film]
            train:
            Who directed {x}?
            Name the director of {x}.
            test:
            By whom is {x}?

            [lead]
            test:
            so {x} it is
            """, place: "x.txt")
        let table: [Kind: Phrasing] = file.table("asks")
        #expect(table[.film]?.train.map(\.pattern) == ["Who directed {x}?", "Name the director of {x}."])
        #expect(table[.film]?[.test].map(\.pattern) == ["By whom is {x}?"])
        #expect(table[.book] == nil)
        #expect(file["lead"].train.isEmpty)
        #expect(file["lead"].test[0].filled(isSentence: true, ["x": "Ada"]) == "So Ada it is")
    }

    @Test(
        "A damaged file names its line",
        arguments: [
            ("Who is {x}?", "x.txt:1"), ("[a]\nWho is {x}?", "x.txt:2"), ("[a]\ntrain:\n[b]\ntrain:\nyes", "x.txt:3"),
            ("[a]\ntrain:\nyes\n[a]\ntest:\nno", "x.txt:6"),
        ])
    func damage(text: String, place: String) {
        let error = #expect(throws: TemperError.self) { try WordingFile(text, place: "x.txt") }
        #expect(error?.place == place)
    }
}
