import Foundation
import TemperCore
import Testing

@testable import TemperServer

@Suite struct JSONTests {
    @Test(
        "What is read and written again is the same value",
        arguments: [
            "null", "true", "[]", "{}", "[1,-2.5,1e3,0,-0.0,123456789012]",
            #"{"a":{"b":[null,false,"x"]},"ü":"\u00e9\ud83d\ude00\n\"\\\/\b\f"}"#,
            " [ 1 , 2 ] ", #""\u0000\u001f""#,
        ])
    func roundTrip(text: String) throws {
        let value = try JSONReader.read(Array(text.utf8))
        #expect(try value == JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
        #expect(try JSONReader.read(JSONWriter.bytes(value)) == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(JSONWriter.bytes(value))) == value)
    }

    @Test(
        "Malformed JSON is refused at its byte",
        arguments: [
            ("", 0), ("nul", 0), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("01", 2), ("1.", 2), ("1e", 2),
            ("-", 1),
            ("+1", 0), ("\"a", 2), ("\"\n\"", 1), (#""\x""#, 3), (#""\ud800""#, 7), (#""\udc00x""#, 7), (#""\u12g4""#, 5),
            ("1e999", 5),
            ("[1]x", 3), ("{\"a\":1,\"a\":2}", 12), ("NaN", 0), ("'a'", 0), ("[", 1), ("{\"a\":1", 6),
        ])
    func refused(text: String, place: Int) throws {
        do throws(APIError) {
            _ = try JSONReader.read(Array(text.utf8))
            Issue.record("'\(text)' was read")
        } catch {
            #expect(error.status == 400 && error.code == "invalid_json")
            #expect(error.message.hasSuffix("at byte \(place)."), "\(text): \(error.message)")
        }
    }

    @Test("Numbers that JSON has no word for are written as one that it has")
    func infinity() {
        #expect(JSONWriter.text(.array([.number(-.infinity), .number(.nan), .number(1e300)])) == "[-9999.0,-9999.0,1e+300]")
    }

    @Test("Where an object ends is found past texts and brackets within")
    func extent() {
        func end(_ text: String) -> Int? { JSONExtent.end(of: Array(text.utf8)[...]) }
        #expect(end(#" {"a": "}\"}", "b": {}} rest"#) == 23)
        #expect(end("{") == nil && end("") == nil && end("[]") == nil && end("{\"}") == nil)
    }
}
