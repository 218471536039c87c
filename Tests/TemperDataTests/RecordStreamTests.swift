import Foundation
import TemperCore
import TemperData
import Testing

@Suite("A stream of records")
struct RecordStreamTests {
    /// The stream's records as short texts; the same for every size of chunk.
    private func read(_ text: String) throws -> [String] {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("records-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        var results: [[String]] = []
        for chunk in [1, 2, 7, 1 << 20] {
            results.append(
                try RecordStream(url, chunkSize: chunk).map { record in
                    let line = record.place.split(separator: ":").last ?? ""
                    switch record.content {
                    case .success(let value):
                        return
                            "\(record.index)@\(line) \(String(decoding: try JSONEncoder.stable().encode(value), as: UTF8.self))"
                    case .failure(let error): return "\(record.index)@\(line) ! \(error.message)"
                    }
                })
        }
        #expect(Set(results).count == 1)
        return results[0]
    }

    @Test("JSON lines, with blank lines, any line ends and a byte order mark")
    func lines() throws {
        #expect(try read("\u{FEFF}{\"a\":1}\r\n\n{\"b\":[1,\"x\\ny\"]}\n") == [#"0@1 {"a":1}"#, #"1@3 {"b":[1,"x\ny"]}"#])
        #expect(try read("") == [])
        #expect(try read("\n \n") == [])
        #expect(try read("{\"a\":1}") == [#"0@1 {"a":1}"#])
    }

    @Test("A line that is not JSON is reported where it stands, and the rest goes on")
    func broken() throws {
        #expect(try read("{\"a\":1}\n{oops\n{\"b\":2}\n") == [#"0@1 {"a":1}"#, "1@2 ! not valid JSON", #"2@3 {"b":2}"#])
    }

    @Test("An array of records, nested ones and brackets inside texts included")
    func array() throws {
        #expect(
            try read("[\n {\"a\": \"]},[\\\"\"},\n {\"b\": [[1], {}]} , 3, \"x,y\"\n]\n")
                == [#"0@2 {"a":"]},[\""}"#, #"1@3 {"b":[[1],{}]}"#, "2@3 3", #"3@3 "x,y""#])
        #expect(try read("[]") == [])
    }

    @Test("A broken element, a cut array and text after the end are reported")
    func brokenArray() throws {
        #expect(try read("[{\"a\":1}, {b:2}, {\"c\":3}]") == [#"0@1 {"a":1}"#, "1@1 ! not valid JSON", #"2@1 {"c":3}"#])
        #expect(try read("[{\"a\":1}, {\"b\":") == [#"0@1 {"a":1}"#, "1@1 ! the record is cut off"])
        #expect(try read("[{\"a\":1},") == [#"0@1 {"a":1}"#, "1@1 ! the array is cut off"])
        #expect(try read("[1] 2") == ["0@1 1", "1@1 ! there is text after the end of the array"])
    }

    @Test("A missing file is named")
    func missing() {
        let error = #expect(throws: TemperError.self) { try RecordStream(URL(fileURLWithPath: "/nonexistent.json")) }
        #expect(error?.message == "there is no such file" && error?.code == .data)
    }
}
