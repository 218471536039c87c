import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("JSON of records") struct RecordJSONTests {
    private static let good = [
        #"{"a": [1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00\/"], "b": {}}"#, "3", "\"\"", " [ ] ", "0.5",
        #""\u0000 é 🎉""#, "1e2",
    ]

    @Test("What is JSON reads as Foundation reads it", arguments: good) func valid(text: String) throws {
        #expect(try JSONValue.record(Array(text.utf8)) == JSONValue.parse(Data(text.utf8), named: "text"))
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":}", "{a:1}", "01", "1.", "-", "tru", "\"a", "\"\n\"", "\"\\x\"", "\"\\u12\"", "1 2", "[1}",
            "nulll", "+1", "1e", "{\"a\" 1}",
        ])
    func invalid(text: String) {
        let error = #expect(throws: RecordFault.self) { try JSONValue.record(Array(text.utf8)) }
        #expect(error?.reason == "not valid JSON")
    }

    @Test("Half a character, bytes that are no UTF-8 and a pit of brackets have reasons of their own") func hostile() {
        func reason(_ bytes: [UInt8]) -> String? {
            do {
                _ = try JSONValue.record(bytes)
                return nil
            } catch { return (error as? RecordFault)?.reason }
        }
        for text in [#""\ud83d""#, #""\ud83dx""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83d\n""#] {
            #expect(reason(Array(text.utf8)) == "a string holds a lone surrogate")
        }
        #expect(reason([0x22, 0xC3, 0x28, 0x22]) == "a string is not valid UTF-8")
        // A surrogate written out in UTF-8, as some tools do.
        #expect(reason([0x22, 0xED, 0xA0, 0xBD, 0x22]) == "a string is not valid UTF-8")
        #expect(reason([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == "JSON nested more than 256 deep")
        #expect(reason(Array("1e999".utf8)) == "a number is out of range")
    }
}
