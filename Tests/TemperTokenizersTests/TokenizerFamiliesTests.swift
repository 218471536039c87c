import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

/// Tokenizers in the configuration of each family, made by `Tests/Golden/tokenizer_families.py`.
@Suite("Tokenizers of the model families")
struct TokenizerFamiliesTests {
    struct Answers: Decodable {
        var file: String
        var plain: [[Int32]]
        /// With special tokens recognised and added.
        var special: [[Int32]]?
        var decoded: [String]
    }

    static let names = [
        "llama-2-legacy", "llama-2-metaspace", "llama-3", "qwen-2", "smollm-2", "mistral-nemo", "prefix-space", "added-tokens",
        "splits",
        "unigram", "llama-2.model", "symbols.model", "unigram-nfkc.model", "unigram-bytes.model",
    ]

    static func tokenizer(_ file: String) throws -> Tokenizer {
        try Tokenizer(contentsOf: GoldenFiles.folder.appendingPathComponent("families/\(file)"))
    }

    @Test("Ids and decoded texts are the reference's", arguments: names)
    func familyGolden(name: String) throws {
        let all = try GoldenFiles.read("families/answers.json", as: [String: Answers].self)
        #expect(Set(all.keys) == Set(Self.names))
        let texts = try GoldenFiles.read("families/texts.json", as: [String].self)
        let answers = try #require(all[name])
        let tokenizer = try Self.tokenizer(answers.file)
        #expect(texts.count > 120 && answers.plain.count == texts.count)
        for (index, text) in texts.enumerated() {
            #expect(tokenizer.encode(text) == answers.plain[index], "\(text.debugDescription)")
            var ids = answers.plain[index]
            if let special = answers.special {
                ids = special[index]
                #expect(
                    tokenizer.encode(text, allowingSpecialTokens: true, addingSpecialTokens: true) == ids,
                    "\(text.debugDescription)")
            }
            #expect(Array(tokenizer.decode(ids).utf8) == Array(answers.decoded[index].utf8), "\(text.debugDescription)")
        }
    }

    @Test(
        "Text that follows other text gets no space before it, and its bytes are the text's",
        arguments: [
            "llama-2-legacy.json", "llama-2-metaspace.json", "llama-2.model", "prefix-space.json",
        ])
    func continuedText(file: String) throws {
        let tokenizer = try Self.tokenizer(file)
        for text in ["search[Marie]", " leading", "two  spaces", "é 你", "\n\nx"] {
            let ids = tokenizer.encode(text, isContinued: true)
            #expect(ids.flatMap(tokenizer.bytes) == Array(text.utf8), "\(text.debugDescription)")
            #expect(tokenizer.encode("a", isContinued: true) != tokenizer.encode("a"))
        }
    }

    @Test("A tokenizer that was read is saved as the file it was", arguments: ["qwen-2.json", "llama-2.model"])
    func savedAsRead(file: String) throws {
        let folder = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let original = try Data(contentsOf: GoldenFiles.folder.appendingPathComponent("families/\(file)"))
        let name = file.hasSuffix(".json") ? "tokenizer.json" : "tokenizer.model"
        try original.write(to: folder.appendingPathComponent(name))
        let read = try Tokenizer(folder: folder)
        let again = folder.appendingPathComponent("again")
        try read.save(to: again)
        #expect(try Data(contentsOf: again.appendingPathComponent(name)) == original)
        #expect(try Tokenizer(folder: again).encode("Ada founded it") == read.encode("Ada founded it"))
    }

    @Test("A word of 10 MB takes time in proportion", arguments: ["llama-3.json", "llama-2-legacy.json", "unigram-bytes.model"])
    func longWords(file: String) throws {
        let tokenizer = try Self.tokenizer(file)
        // A tenth of that here, where nothing is optimised; quadratic time would take hours.
        let word = String(repeating: "observatory", count: 1_000_000 / 11)
        #expect(tokenizer.encode(word, isContinued: true).flatMap(tokenizer.bytes).count == word.utf8.count)
    }

    @Test("Real vocabularies of ranks give the reference's ids")
    func multilingualRealData() throws {
        guard let url = try? DataFolder.file("vocab/multilingual.tiktoken") else {
            print("skipped: no vocab/multilingual.tiktoken below \(DataFolder.variable)")
            return
        }
        let tokenizer = try Tokenizer(contentsOf: url)
        #expect(tokenizer.encode("Hello world, 你好!") == [15947, 1002, 11, 10930, 2131, 0])
        for text in try GoldenFiles.texts().texts { #expect(tokenizer.decode(tokenizer.encode(text)) == text) }
    }
}
