import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Damaged tokenizers")
struct TokenizerDamageTests {
    private static func error(_ data: Data, named name: String) throws -> TemperError? {
        let folder = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try data.write(to: file)
        let error = #expect(throws: TemperError.self) { try Tokenizer(contentsOf: file) }
        #expect(error?.code == .data && error?.place?.hasPrefix(file.path) == true)
        return error
    }

    private static func model() throws -> Data {
        try Data(contentsOf: GoldenFiles.folder.appendingPathComponent("families/llama-2.model"))
    }

    @Test("A SentencePiece model cut off inside a field is an error that names it")
    func truncatedModel() throws {
        let whole = try Self.model()
        for count in [0, 1, 7, 100, whole.count / 2, whole.count - 1] {
            _ = try Self.error(whole.prefix(count), named: "x.model")
        }
    }

    @Test("Random damage to a model gives a tokenizer that works or an error", arguments: 0..<6 as Range<UInt64>)
    func randomDamage(seed: UInt64) throws {
        var random = RandomSource(seed: seed, "damage")
        let whole = try Self.model()
        for _ in 0..<25 {
            var data = whole
            for _ in 0..<3 { data[random.index(below: data.count)] = UInt8(random.index(below: 256)) }
            do {
                let tokenizer = try Tokenizer(
                    SentencePieceFile.read(data, place: "damaged"), roles: Tokenizer.Roles(), chatTemplate: nil)
                _ = tokenizer.decode(tokenizer.encode("Thought: é 你 \u{0}", allowingSpecialTokens: true))
            } catch let error as TemperError {
                #expect(error.code == .data && error.place == "damaged")
            }
        }
    }

    @Test("A pointer of git-lfs in the model's place is told")
    func pointer() throws {
        let error = try Self.error(
            Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), named: "tokenizer.model")
        #expect(error?.message.hasPrefix("this is not a SentencePiece model: ") == true)
        #expect(error?.hint?.contains("git-lfs") == true)
    }

    @Test(
        "Models of other kinds and broken pieces are named",
        arguments: [
            ([0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x09], "the tokenizer is damaged: piece 0 is of the unknown type 9"),
            ([0x0A, 0x02, 0x18, 0x01], "the tokenizer is damaged: piece 0 has no text, or no score"),
            ([0x0A, 0x03, 0x0A, 0x01, 0xFF], "the tokenizer is damaged: piece 0 has no text, or no score"),
            ([0x0A, 0x03, 0x0A, 0x01, 0x61], "the tokenizer is damaged: no piece is unknown"),
            (
                [0x0A, 0x03, 0x0A, 0x01, 0x61, 0x0A, 0x03, 0x0A, 0x01, 0x61],
                "the tokenizer is damaged: the piece 'a' occurs twice"
            ),
            (
                [0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x02, 0x12, 0x02, 0x18, 0x04],
                "the tokenizer's trainer_spec.model_type is not supported: 4"
            ),
        ] as [([UInt8], String)])
    func pieces(bytes: [UInt8], message: String) throws {
        #expect(try Self.error(Data(bytes), named: "tokenizer.model")?.message == message)
    }

    @Test("A list of ranks says which line is wrong, and that its size tells no pattern")
    func ranks() throws {
        let broken = try Self.error(Data("IQ== 0\nIg== x\n".utf8), named: "x.tiktoken")
        #expect(broken?.message == "this line is not a token in base64 and its rank")
        #expect(broken?.place?.hasSuffix("x.tiktoken:2") == true)
        let small = try Self.error(Data("IQ== 0\nIg== 1\n".utf8), named: "x.tiktoken")
        #expect(small?.message.hasPrefix("a list of 2 ranks does not say how its text is cut") == true)
    }

    @Test("A tekken.json with another expression, or sizes that disagree, is refused")
    func tekken() throws {
        let config = #"{"config":{"pattern":"X","default_vocab_size":2,"default_num_special_tokens":1},"#
        let other = try Self.error(Data((config + #""vocab":[{"rank":0,"token_bytes":"IQ=="}]}"#).utf8), named: "tekken.json")
        #expect(other?.message == "the tokenizer's config.pattern is not supported: X")
        let none = try Self.error(Data((config + #""vocab":[]}"#).utf8), named: "tekken.json")
        #expect(none?.message.hasPrefix("the tokenizer is damaged: its config lacks the pattern") == true)
    }

    @Test(
        "An error about malformed JSON says at which byte",
        arguments: [
            ("{\"model\":{\"vocab\":{\"a\":1,}}}", "a string has no end"), ("[]", "'{' is missing"),
            ("{} x", "text follows the end"),
            ("{\"a\":\"\\ud800\"}", "a string holds half a surrogate pair"),
            ("{\"a\":\"\\x\"}", "an escape in a string is unknown"),
            ("{\"a\":01}", "a value is missing"), ("{\"a\":tru}", "a value is missing"),
            ("{\"a\":\"\n\"}", "a string holds a control character"),
            ("{\"a\":" + String(repeating: "[", count: 100), "lists are nested more than 64 deep"),
        ])
    func json(text: String, reason: String) throws {
        let message = try Self.error(Data(text.utf8), named: "tokenizer.json")?.message ?? ""
        #expect(message.hasPrefix("this is not a tokenizer.json: ") && message.contains("at byte"))
        if reason != "a string has no end" { #expect(message.contains(reason)) }
    }

    @Test("Bytes that are no UTF-8 are damage")
    func invalidText() throws {
        let error = try Self.error(Data([0x7B, 0xFF, 0x7D]), named: "tokenizer.json")
        #expect(error?.message == "the tokenizer is damaged: it is not UTF-8 text")
    }
}
