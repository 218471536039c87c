import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct QuestionFileTests {
    struct Table: Decodable {
        var text: String
        var rows: [[String]]
    }

    @Test("Tables are read as Python's csv reads them")
    func tablesGolden() throws {
        for table in try questionGolden("csv-tables", as: [Table].self) {
            #expect(try CSVTable(table.text, named: "x").rows.map(\.cells) == table.rows, "\(table.text)")
        }
    }

    @Test("Rows know the line they start on, quoted line ends counted")
    func lines() throws {
        let rows = try CSVTable("\u{FEFF}q,a\r\n\"one\r\ntwo\",x\r\n\r\ny,z", named: "x").rows
        #expect(rows.map(\.line) == [1, 2, 5] && rows[0].cells == ["q", "a"] && rows[1].cells == ["one\r\ntwo", "x"])
        #expect(try CSVTable("a\nb\r c\r\rd", named: "x").rows.map(\.line) == [1, 2, 3, 5])
    }

    static let bad: [(name: String, text: String, wanted: String)] = [
        ("a.csv", "Question,Answer\nWho?,Ann\n\"open,x\n", "a.csv:3: the quote that opens here is never closed"),
        ("a.csv", "Question,Answer\n\"Who\" else?,Ann", "a.csv:2: text follows the closing quote"),
        ("a.csv", "Question,Reply\nWho?,Ann", "a.csv:1: there is no column 'answer'\n  the columns are question, reply"),
        ("a.csv", "Question,Answer,question\nx,y,z", "a.csv:1: the column 'question' appears twice"),
        ("a.csv", "Question,Answer\nWho, or what?,Ann", "a.csv:2: the row has 3 columns, the header 2"),
        ("a.csv", "Question,Answer\n\"a\nb\",x\nWho?", "a.csv:4: the row has 1 columns, the header 2"),
        ("a.csv", "Question,Answer\nWho?, \n", "a.csv:2: the answer is empty"),
        ("a.csv", "Question,Answer\n,Ann\n", "a.csv:2: the question is empty"),
        ("a.csv", "id,Question,Answer\n7,a,b\n8,a,b\n7,c,d", "a.csv:4: the id '7' was already used at"),
        ("a.csv", "Question,Answer\n", "there is no question in the file"), ("a.csv", "", "the file is empty"),
        ("a.json", "{}", "expected a list of questions"), ("a.json", "[1]", "a.json: record 1: expected an object"),
        ("a.json", #"[{"question": "a", "answer": "b"}, {"question": "a"}]"#, "a.json: record 2: there is no 'answer'"),
        ("a.json", #"[{"question": "a", "answer": ["b"]}]"#, "record 1: there is no 'answer' that is a string"),
        ("a.json", "[{", "not valid JSON"),
        ("a.jsonl", "{\"question\": \"a\", \"answer\": 1}\n{\"answer\"", "a.jsonl:2: not valid JSON"),
        ("a.jsonl", "\n{\"answer\": 1}", "a.jsonl:2: there is no text 'question'"),
        ("a.txt", "x", "read from .csv, .json and .jsonl"),
    ]

    @Test("A file that cannot be is refused by line", arguments: bad.indices)
    func refused(index: Int) async throws {
        let (name, text, wanted) = Self.bad[index]
        try await withQuestionFiles([name: text]) { folder in
            let error = #expect(throws: TemperError.self) { try QuestionFile("\(folder)/\(name)") }
            #expect(error?.description.replacing(folder + "/", with: "").contains(wanted) == true, "\(String(describing: error))")
        }
    }

    @Test("A file that is not there or no text is named")
    func unreadable() async throws {
        #expect(throws: TemperError.self) { try QuestionFile("/nowhere/a.csv") }
        try await withQuestionFiles([:]) { folder in
            try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: folder + "/a.csv"))
            let error = #expect(throws: TemperError.self) { try QuestionFile(folder + "/a.csv") }
            #expect(error?.place == folder + "/a.csv" && error?.message == "the file cannot be read as UTF-8 text")
        }
    }

    @Test("Fields are found in any case; answers may be texts, numbers or flags")
    func fields() async throws {
        try await withQuestionFiles([
            "a.json":
                #"[{"QID": "x", "Question": "a?", "Answer": true}, {"question": "b?", "answer": 1.5, "choices": ["p", "q"]}]"#,
            "b.csv": "ID,question,A,B,C,D,answer\n1,\"Which, now?\",p,q,\"r\"\"s\",t,C\n",
        ]) { folder in
            let json = try QuestionFile(folder + "/a.json").records
            #expect(json.map(\.answer) == ["yes", "1.5"] && json[0].id == "x" && json[1].options == ["p", "q"])
            let table = try QuestionFile(folder + "/b.csv").records
            #expect(table[0].question == "Which, now?" && table[0].options == ["p", "q", "r\"s", "t"] && table[0].id == "1")
        }
    }

    @Test("Text is cut at the ends of sentences, not at initials and abbreviations")
    func sentences() {
        let text = """
            Dr. J. R. Smith met Mr. Lee in St. Louis. "Was it 1931?" he asked. It was! See no. 7 (in vol. 2.) The end

            == Later life ==
            U.S. troops left in 1946. 12 stayed. e.g. this
            """
        #expect(
            Sentences.split(text) == [
                "Dr. J. R. Smith met Mr. Lee in St. Louis.", "\"Was it 1931?\" he asked.", "It was!",
                "See no. 7 (in vol. 2.)", "The end", "U.S. troops left in 1946.", "12 stayed. e.g. this",
            ])
        #expect(Sentences.split("").isEmpty && Sentences.split("== A ==").isEmpty)
    }
}

@Suite struct GoogleObservationGoldenTests {
    struct Vector: Decodable {
        var reply: JSONValue
        var observation: String?
    }

    @Test("The observation is the one FireAct's tool shows")
    func observationsGolden() throws {
        let vectors = try questionGolden("google-observations", as: [Vector].self)
        #expect(vectors.filter { $0.observation == nil }.count > 10)
        for vector in vectors { #expect(GoogleSearch.observation(vector.reply) == vector.observation, "\(vector)") }
    }
}
