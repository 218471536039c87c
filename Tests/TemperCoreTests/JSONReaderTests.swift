import Foundation
import TemperCore
import Testing

@Suite("JSON reader") struct JSONReaderTests {
    private static func read<Result>(
        _ text: [UInt8], _ body: (inout JSONReader) throws(JSONReader.Failure) -> Result
    ) throws(JSONReader.Failure) -> Result {
        try text.withUnsafeBufferPointer { (bytes) throws(JSONReader.Failure) in
            var reader = JSONReader(bytes)
            let result = try body(&reader)
            try reader.end()
            return result
        }
    }

    private static func failure(_ text: [UInt8], refusingRepeatedKeys: Bool = false) -> JSONReader.Failure? {
        do throws(JSONReader.Failure) {
            _ = try read(text) { (reader) throws(JSONReader.Failure) in
                try reader.value(refusingRepeatedKeys: refusingRepeatedKeys)
            }
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "What is JSON reads as Foundation reads it",
        arguments: [
            "null", "true", "false", "0", "-0", "-0.0", "1.5e-3", "1E+2", "123456789012345678", "[]", "{}", "[[],{},[{}]]",
            "\"\"",
            " \t\r\n[ 1 , 2 ]\n", #"{"a":{"b":[null,false,"x"]},"ü":"é\u00E9\uD83D\uDE00\n\"\\\/\b\f\r\t"}"#,
            #""\u0000\u001f\u007f""#,
            #"{"":""}"#, #"["\\","\"","a\\"]"#,
        ])
    func valid(text: String) throws {
        let value = try Self.read(Array(text.utf8)) { (reader) throws(JSONReader.Failure) in try reader.value() }
        #expect(try value == JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
    }

    @Test(
        "Malformed JSON is refused with its byte and what is wrong there",
        arguments: [
            ("", 0, "the text ends early"), (" ", 1, "the text ends early"), ("nul", 0, "a value is missing"),
            ("nulll", 4, "text follows the end"), ("True", 0, "a value is missing"), ("NaN", 0, "a value is missing"),
            ("'a'", 0, "a value is missing"), ("]", 0, "a value is missing"), ("[1,]", 3, "a value is missing"),
            ("[,1]", 1, "a value is missing"), ("[1 2]", 3, "',' or ']' is missing"), ("[1}", 2, "',' or ']' is missing"),
            ("[", 1, "the text ends early"), ("[1", 2, "the text ends early"), ("[1]x", 3, "text follows the end"),
            ("{", 1, "the text ends early"), ("{a:1}", 1, "a key is missing"), ("{1:1}", 1, "a key is missing"),
            ("{\"a\" 1}", 5, "':' is missing"), ("{\"a\"}", 4, "':' is missing"), ("{\"a\":}", 5, "a value is missing"),
            ("{\"a\":1,}", 7, "a key is missing"), ("{\"a\":1", 6, "the text ends early"), ("{,}", 1, "a key is missing"),
            ("{\"a\":1 \"b\":2}", 7, "',' or '}' is missing"), ("{\"a\":1]", 6, "',' or '}' is missing"),
            ("01", 2, "a value is missing: a number is not well formed"),
            ("-01", 3, "a value is missing: a number is not well formed"),
            ("1.", 2, "a value is missing: a number is not well formed"),
            ("1.e1", 2, "a value is missing: a number is not well formed"),
            ("1e", 2, "a value is missing: a number is not well formed"),
            ("1e+", 3, "a value is missing: a number is not well formed"),
            ("-", 1, "a value is missing: a number is not well formed"), ("+1", 0, "a value is missing"),
            (".5", 0, "a value is missing"),
            ("0x1", 1, "text follows the end"), ("1e999", 5, "a number is too large"), ("\"", 1, "a string has no end"),
            ("\"a", 2, "a string has no end"), ("\"a\\", 3, "a string has no end"),
            ("\"\n\"", 1, "a string holds a control character"),
            (#""a\x""#, 4, "an escape in a string is unknown"), (#""\U0041""#, 3, "an escape in a string is unknown"),
            (#""\u12g4""#, 5, "a \\u escape in a string has not four digits"),
            (#""\u+123""#, 3, "a \\u escape in a string has not four digits"),
            (#""\u12"#, 5, "a \\u escape in a string has not four digits"),
            (#""\ud800""#, 7, "a string holds half a surrogate pair"),
            (#""\udc00x""#, 7, "a string holds half a surrogate pair"),
            (#""\ud800\u0041""#, 13, "a string holds half a surrogate pair"),
            (#""\ud800\n""#, 7, "a string holds half a surrogate pair"),
            ("\u{FEFF}1", 0, "a value is missing"), ("1\u{A0}", 1, "text follows the end"), ("[1]//", 3, "text follows the end"),
        ])
    func invalid(text: String, offset: Int, reason: String) {
        let failure = Self.failure(Array(text.utf8))
        #expect(failure?.offset == offset && failure?.reason == reason, "\(text): \(failure.map { "\($0)" } ?? "was read")")
    }

    @Test("Invalid UTF-8 is refused in strings and keys, and outside of them") func encoding() {
        for bytes: [UInt8] in [[0xC3, 0x28], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0xBD], [0xF0, 0x9F, 0x98]] {
            let text = [0x22] + bytes + [0x22]
            #expect(Self.failure(text)?.reason == "a string is not valid UTF-8, before")
            #expect(Self.failure([0x7B] + text + Array(":1}".utf8))?.reason == "a string is not valid UTF-8, before")
            #expect(Self.failure(bytes)?.offset == 0)
        }
    }

    @Test("Lists may be nested 64 deep, no deeper") func depth() {
        func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[[],", "]")] {
            let most = open == "[[]," ? 63 : 64
            #expect(Self.failure(nested(most, open, close)) == nil)
            let failure = Self.failure(nested(100, open, close))
            #expect(failure?.reason == "the nesting is too deep: lists are nested more than 64 deep")
        }
        #expect(Self.failure(Array(("[" + String(repeating: "[],", count: 1000) + "0]").utf8)) == nil)
    }

    @Test("Of two equal keys the last counts, or the second is refused") func repeatedKeys() throws {
        let text = Array(#"[{"a":1,"b":2,"\u0061":3}]"#.utf8)
        let value = try Self.read(text) { (reader) throws(JSONReader.Failure) in try reader.value() }
        #expect(value == .array([.object(["a": .number(3), "b": .number(2)])]))
        let failure = Self.failure(text, refusingRepeatedKeys: true)
        #expect(failure?.reason == "the key 'a' is given twice" && failure?.offset == 24)
    }

    @Test("Parts come in the order of the text: keys also twice, numbers as they are written, strings as bytes")
    func parts() throws {
        let text = #" {"z": [1, -2.50, 1E3], "a": "é\n", "z": {}, "é": null, "e\u0301": false, "n": 12e1} "#
        var found: [String] = []
        try Self.read(Array(text.utf8)) { (reader) throws(JSONReader.Failure) in
            try reader.openObject()
            while let key = try reader.keyBytes() {
                found.append("key \(key.count)")
                switch reader.peek() {
                case UInt8(ascii: "["):
                    try reader.openArray()
                    while try reader.element() { found.append(try reader.number()) }
                case UInt8(ascii: "{"):
                    try reader.openObject()
                    #expect(try reader.key() == nil)
                case UInt8(ascii: "\""): found.append("\(try reader.stringBytes())")
                case UInt8(ascii: "f"): found.append("\(try reader.bool())")
                case UInt8(ascii: "n"): try reader.null()
                default: found.append("\(try reader.integer() + 1)")
                }
            }
        }
        #expect(
            found == [
                "key 1", "1", "-2.50", "1E3", "key 1", "[195, 169, 10]", "key 1", "key 2", "key 3", "false", "key 1", "121",
            ])
    }

    @Test(
        "A part of another kind than is asked for is refused where it stands",
        arguments: [
            ("[]", 0, "'{' is missing"), (" 1.5", 4, "a whole number is missing"), ("9e99", 4, "a whole number is missing"),
        ])
    func otherKind(text: String, offset: Int, reason: String) throws {
        let failure = #expect(throws: JSONReader.Failure.self) {
            try Self.read(Array(text.utf8)) { (reader) throws(JSONReader.Failure) in
                if reader.peek() == UInt8(ascii: "[") { try reader.openObject() }
                _ = try reader.integer()
            }
        }
        #expect(failure?.reason == reason && failure?.offset == offset)
    }

    @Test("Whatever stands in the text, it is read as Foundation reads it or refused", arguments: 0..<20)
    func random(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let words = [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "1", "-2.5e3", "0", "true", "null", " ", "\\n", "\\u00e9", "é",
            "[1]",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            let bytes = Array(text.utf8)
            let theirs: JSONValue?
            do { theirs = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) } catch { theirs = nil }
            let ours: JSONValue?
            do {
                ours = try Self.read(bytes) { (reader) throws(JSONReader.Failure) in try reader.value() }
            } catch { ours = nil }
            #expect(ours == theirs, "seed \(seed): \(text)")
        }
    }
}
