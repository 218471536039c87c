import Foundation
import TemperCore
import Testing

@testable import TemperData

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
        #expect(try read("[1}, 2]") == ["0@1 ! not valid JSON", "1@1 2"])
        #expect(try read("[1] 2") == ["0@1 1", "1@1 ! there is text after the end of the array"])
    }

    @Test("A text that is not closed spoils its own record only, where records stand on lines of their own")
    func openQuote() throws {
        #expect(
            try read("[{\"a\": \"x},\n{\"b\": 2},\n{\"c\": \"]\"}\n]")
                == ["0@1 ! not valid JSON", #"1@2 {"b":2}"#, #"2@3 {"c":"]"}"#])
        #expect(
            try read("[\n {\n  \"a\": \"x\n },\n {\"b\": 2}\n]") == ["0@2 ! not valid JSON", #"1@5 {"b":2}"#])
    }

    @Test("Lines may end in any way, each counted once")
    func lineEnds() throws {
        #expect(
            try read("{\"a\":1}\r{\"b\":2}\r\n{\"c\":3}\n\r\n{oops\r{\"d\":4}")
                == [#"0@1 {"a":1}"#, #"1@2 {"b":2}"#, #"2@3 {"c":3}"#, "3@5 ! not valid JSON", #"4@6 {"d":4}"#])
    }

    @Test("An object of records gives each with its key")
    func keyed() throws {
        let temporary = try TemporaryFolder()
        let url = try temporary.write("{\"7\": {\"a\": \",}\"},\n \"x\\n\": [1], \"z\": {b}, \"y\": 2}\n", "keyed.json")
        for chunk in [1, 5, 1 << 20] {
            let records = try Array(RecordStream(url, shape: .keyed, chunkSize: chunk))
            #expect(records.map(\.key) == ["7", "x\n", "z", "y"])
            #expect(records.map { $0.place.hasSuffix("keyed.json[7]") } == [true, false, false, false])
            #expect(try records[1].content.get() == .array([.number(1)]))
            #expect(throws: TemperError.self) { try records[2].content.get() }
        }
        for (text, fault) in [
            ("[1]", "the file is not an object"), ("{\"a\": 1", "the record is cut off"), ("{\"a\": 1,", "the object is cut off"),
            ("{\"a\"", "the object is cut off"),
        ] {
            let records = try Array(RecordStream(try temporary.write(text, "bad.json"), shape: .keyed))
            #expect(throws: TemperError.self, "\(text)") { try records.last?.content.get() }
            if case .failure(let error)? = records.last?.content { #expect(error.message == fault) }
        }
    }

    @Test("A file that grows while it is read ends where it ended when it was opened; one that shrinks is reported")
    func growing() throws {
        let temporary = try TemporaryFolder()
        let lines = (0..<50).map { "{\"n\": \($0)}\n" }.joined()
        let url = try temporary.write(lines, "growing.jsonl")
        let growing = try RecordStream(url, chunkSize: 16)
        _ = growing.next()
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"n\": 50}\n{\"n\": ".utf8))
        #expect(Array(growing).count == 49)
        let shrinking = try RecordStream(url, chunkSize: 16)
        _ = shrinking.next()
        try handle.truncate(atOffset: 100)
        try handle.close()
        let rest = Array(shrinking)
        let last = try #require(rest.last)
        #expect(rest.count < 49)
        #expect(throws: TemperError.self) { try last.content.get() }
    }

    @Test("A large array is read in bounded memory")
    func large() throws {
        let temporary = try TemporaryFolder()
        let url = temporary.file("large.json")
        let megabytes = Int(ProcessInfo.processInfo.environment["TEMPER_LARGE_MB"] ?? "") ?? 6
        let text = String(repeating: "It is what it is. ", count: 100)
        let record =
            "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"\(text)\"}, {\"from\": \"gpt\", \"value\": \"\(text)\"}]}"
        let count = megabytes << 20 / record.utf8.count
        try AtomicFile.write(to: url) { handle in
            let block = Data(((0..<100).map { _ in record }.joined(separator: ",\n") + ",\n").utf8)
            try handle.write(contentsOf: Data("[\n".utf8))
            for _ in 0..<count / 100 { try handle.write(contentsOf: block) }
            try handle.write(contentsOf: Data((record + "\n]\n").utf8))
        }
        let before = residentBytes()
        let start = ContinuousClock.now
        var read = 0
        for record in try RecordStream(url) {
            _ = try record.content.get()
            read += 1
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let grown = residentBytes() - before
        print("\(megabytes) MB in \(String(format: "%.2f", seconds)) s, \(grown >> 20) MiB more")
        #expect(read == count / 100 * 100 + 1)
        #expect(grown < 16 << 20)
    }

    /// The resident size of this process; 0 where the system does not say.
    private func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }

    @Test("A missing file is named")
    func missing() {
        let error = #expect(throws: TemperError.self) { try RecordStream(URL(fileURLWithPath: "/nonexistent.json")) }
        #expect(error?.message == "there is no such file" && error?.code == .data)
    }
}
