import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("tokenizer.json")
struct TokenizerFileTests {
    @Test("A tokenizer trained by Python gives Python's ids and texts")
    func pythonTrainedGolden() throws {
        struct Answers: Decodable {
            var with_special: [[Int32]]
            var decoded: [String]
        }
        let tokenizer = try Tokenizer(contentsOf: GoldenFiles.folder.appendingPathComponent("python-trained.json"))
        let answers: Answers = try GoldenFiles.read("python-trained-ids.json")
        let texts = try GoldenFiles.texts().texts
        #expect(tokenizer.vocabularySize == 901)
        for (index, text) in texts.enumerated() {
            #expect(
                tokenizer.encode(text, allowingSpecialTokens: true) == answers.with_special[index], "\(text.debugDescription)")
            let decoded = tokenizer.decode(answers.with_special[index], skippingSpecialTokens: true)
            #expect(Array(decoded.utf8) == Array(answers.decoded[index].utf8))
        }
        #expect(tokenizer.encode("<tool>") == [900], "an added token that is not special is plain text")
        #expect(tokenizer.encode("<|im_end|>").count > 3)
    }

    /// Writes the folder Python is to read, or checks that Python read just this.
    private static func compare(_ tokenizer: Tokenizer, with name: String) throws {
        let folder = GoldenFiles.folder.appendingPathComponent(name)
        if GoldenFiles.writes { return try tokenizer.save(to: folder) }
        let again = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: again) }
        try tokenizer.save(to: again)
        for file in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"] {
            let ours = try Data(contentsOf: again.appendingPathComponent(file))
            let theirs = try Data(contentsOf: folder.appendingPathComponent(file))
            #expect(ours == theirs, "\(name)/\(file) is not what Python answered for: remake it (tokenizers_golden.py)")
        }
    }

    @Test("A tokenizer of Python's that Temper saves again gives the same ids in Python")
    func resavedGolden() throws {
        let tokenizer = try Tokenizer(contentsOf: GoldenFiles.folder.appendingPathComponent("python-trained.json"))
        try Self.compare(tokenizer, with: "resaved")
    }

    @Test("A tokenizer trained by Temper gives the same ids in Python")
    func swiftTrainedGolden() throws {
        let tokenizer = try TokenizerTests.trained()
        try Self.compare(tokenizer, with: "swift-trained")
        if GoldenFiles.writes {
            let templates = Dictionary(uniqueKeysWithValues: ChatTemplate.allCases.map { ($0.rawValue, $0.jinja) })
            try JSONEncoder.stable().encode(templates).write(to: GoldenFiles.folder.appendingPathComponent("templates.json"))
            return
        }
        let expected = try #require(try GoldenFiles.read("answers.json", as: [String: [[Int32]]].self)["swift_trained"])
        for (text, ids) in zip(try GoldenFiles.texts().texts, expected) {
            #expect(tokenizer.encode(text, allowingSpecialTokens: true) == ids, "\(text.debugDescription)")
        }
    }

    @Test("What is saved is what is read, for every pattern")
    func saving() throws {
        let golden = try GoldenFiles.texts()
        for pattern in Tokenizer.Pattern.allCases {
            let tokenizer = try Tokenizer.train(golden.corpus, vocabularySize: 420, pattern: pattern, chatTemplate: .vicuna)
            let folder = try GoldenFiles.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: folder) }
            try tokenizer.save(to: folder)
            let read = try Tokenizer(folder: folder)
            #expect(read.pattern == pattern)
            #expect(read.chatTemplate == .vicuna)
            #expect(read.roles == Tokenizer.Roles(begin: "<s>", end: "</s>", padding: "</s>"))
            for text in golden.texts {
                #expect(read.encode(text, allowingSpecialTokens: true) == tokenizer.encode(text, allowingSpecialTokens: true))
            }
        }
    }

    @Test("GPT-2's vocabulary gives GPT-2's ids")
    func gpt2RealData() throws {
        guard let url = try? DataFolder.file("vocab/gpt2.tiktoken") else {
            print("skipped: GPT-2's vocabulary, no vocab/gpt2.tiktoken below \(DataFolder.variable)")
            return
        }
        let tokenizer = try Tokenizer(contentsOf: url)
        #expect(tokenizer.encode("Hello world") == [15496, 995])
        let expected = try #require(try GoldenFiles.read("answers.json", as: [String: [[Int32]]].self)["gpt2"])
        for (text, ids) in zip(try GoldenFiles.texts().texts, expected) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test("A file cut off anywhere is an error that names it, never a crash")
    func truncated() throws {
        let folder = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let whole = try Data(contentsOf: GoldenFiles.folder.appendingPathComponent("python-trained.json"))
        let file = folder.appendingPathComponent("tokenizer.json")
        for count in stride(from: 0, to: whole.count - 2, by: whole.count / 40) {
            try whole.prefix(count).write(to: file)
            let error = #expect(throws: TemperError.self) { try Tokenizer(folder: folder) }
            #expect(error?.code == .data)
            #expect(error?.place == file.path)
        }
    }

    @Test("Random damage gives a tokenizer that works or an error that names the file", arguments: 0..<8 as Range<UInt64>)
    func randomDamage(seed: UInt64) throws {
        let folder = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("tokenizer.json")
        let whole = try Data(contentsOf: GoldenFiles.folder.appendingPathComponent("python-trained.json"))
        let marks = Array("0123456789,:[]{}\"aĠ -tfn".utf8)
        var random = RandomSource(seed: seed, "damage")
        var failures = 0
        for _ in 0..<40 {
            var data = whole
            for _ in 0..<3 { data[random.index(below: data.count)] = random.pick(marks) }
            try data.write(to: file)
            do {
                let tokenizer = try Tokenizer(folder: folder)
                #expect(!tokenizer.decode(tokenizer.encode("Thought: é <|im_end|>", allowingSpecialTokens: true)).isEmpty)
            } catch let error as TemperError {
                #expect(error.code == .data && error.place == file.path)
                failures += 1
            }
        }
        #expect(failures > 10, "seed \(seed)")
    }

    /// The golden file with one text replaced.
    private static func error(replacing old: String, by new: String) throws -> TemperError? {
        let url = GoldenFiles.folder.appendingPathComponent("python-trained.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.contains(old), "the golden file has no '\(old)'")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.replacingOccurrences(of: old, with: new).write(to: file, atomically: true, encoding: .utf8)
        return #expect(throws: TemperError.self) { try Tokenizer(contentsOf: file) }
    }

    @Test(
        "What is not computed is named",
        arguments: [
            ("\"type\":\"BPE\"", "\"type\":\"WordPiece\"", "the tokenizer's model.type is not supported: \"WordPiece\""),
            ("\"dropout\":null", "\"dropout\":0.1", "the tokenizer's model.dropout is not supported: 0.1"),
            ("\"byte_fallback\":false", "\"byte_fallback\":true", "the tokenizer's model.byte_fallback is not supported: true"),
            ("{\"type\":\"NFC\"}", "{\"type\":\"Nmt\"}", "the tokenizer's normalizer is not supported: {\"type\":\"Nmt\"}"),
            (
                "\"truncation\":null", "\"truncation\":{\"max_length\":5}",
                "the tokenizer's truncation is not supported: {\"max_length\":5}"
            ),
            (
                "\"post_processor\":null", "\"post_processor\":{\"type\":\"Odd\"}",
                "the tokenizer's post_processor is not supported: {\"type\":\"Odd\"}"
            ),
        ])
    func unsupported(old: String, new: String, message: String) throws {
        let error = try Self.error(replacing: old, by: new)
        #expect(error?.message == message)
        #expect(error?.hint?.contains("GPT-2") == true)
    }

    @Test("An unknown pre-tokenizer is refused with its regular expression")
    func unknownPattern() throws {
        let error = try Self.error(replacing: "(?i:'s|", by: "(?i:'S|")
        #expect(error?.message.hasPrefix("the tokenizer's pre_tokenizer is not supported: {") == true)
        #expect(error?.message.contains("'S|") == true)
    }

    @Test(
        "Parts that contradict each other are damage",
        arguments: [
            ("\"!\":3,", "\"!\":4,", "two tokens have the id 4"), ("\"!\":3,", "\"!\":-3,", "the token '!' has the id -3"),
            ("\"!\":3,", "\"!\":99999999999,", "its highest id is 99999999999"),
            ("\"merges\":", "\"marges\":", "it has no merges (model.merges)"),
            ("\"id\":1,", "\"id\":0,", "two added tokens have the id 0"),
            ("\"id\":1,", "\"id\":-1,", "an added token has no text or no id"),
        ])
    func damaged(old: String, new: String, reason: String) throws {
        let error = try Self.error(replacing: old, by: new)
        #expect(error?.message == "the tokenizer is damaged: \(reason)")
    }

    @Test("A missing file says what to look at")
    func missing() throws {
        let error = #expect(throws: TemperError.self) { try Tokenizer(folder: URL(fileURLWithPath: "/nonexistent")) }
        #expect(
            error?.description
                == "error: /nonexistent/tokenizer.json: the tokenizer cannot be read\n"
                + "  is the path right, and is it a folder of Hugging Face files?")
    }
}
