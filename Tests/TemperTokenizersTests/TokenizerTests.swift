import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Byte-level BPE")
struct TokenizerTests {
    /// Trained on the golden corpus; the same in every test.
    static func trained() throws -> Tokenizer {
        try Tokenizer.train(GoldenFiles.texts().corpus, vocabularySize: 700, chatTemplate: .chatML)
    }

    @Test("Training gives the vocabulary that is asked for: bytes, merges, special tokens last")
    func vocabulary() throws {
        let tokenizer = try Self.trained()
        #expect(tokenizer.vocabularySize == 700)
        #expect((0..<256).allSatisfy { tokenizer.bytes(of: $0) == [UInt8($0)] })
        #expect(tokenizer.id(ofSpecial: "<|endoftext|>") == 697)
        #expect(tokenizer.id(ofSpecial: "<|im_end|>") == 699)
        #expect(tokenizer.roles == Tokenizer.Roles(begin: nil, end: "<|im_end|>", padding: "<|endoftext|>"))
        #expect(tokenizer.isSpecial(698) && !tokenizer.isSpecial(300) && !tokenizer.isSpecial(-1) && !tokenizer.isSpecial(700))
        #expect(Set((0..<700).map { tokenizer.bytes(of: $0) }).count == 700)
    }

    @Test("The most frequent pair is merged first, and of equals the one with the smallest ids")
    func mergeOrder() throws {
        let tokenizer = try Tokenizer.train(["zy zy zy ab ab ab q"], vocabularySize: 258)
        // ' a', 'ab' and 'zy' occur three times each; then ' ab' (256, 98) and 'zy' (122, 121) do.
        #expect(tokenizer.bytes(of: 256) == Array(" a".utf8))
        #expect(tokenizer.bytes(of: 257) == Array("zy".utf8))
    }

    @Test("Training depends on the texts and not on their order")
    func trainingOrder() throws {
        let corpus = try GoldenFiles.texts().corpus
        let one = try Tokenizer.train(corpus, vocabularySize: 500)
        let other = try Tokenizer.train(corpus.reversed(), vocabularySize: 500)
        #expect((0..<500).allSatisfy { one.bytes(of: $0) == other.bytes(of: $0) })
    }

    @Test("Training stops when no pair occurs twice, and refuses a size without room for the bytes")
    func trainingLimits() throws {
        #expect(try Tokenizer.train(["abc"], vocabularySize: 1000).vocabularySize == 256)
        #expect(try Tokenizer.train([String](), vocabularySize: 300).encode("hé") == [104, 0xC3, 0xA9])
        let error = #expect(throws: TemperError.self) { try Tokenizer.train(["a"], vocabularySize: 257, chatTemplate: .chatML) }
        #expect(error?.code == .usage)
        #expect(error?.hint == "ask for at least 259 and name each special token once")
    }

    @Test("Every text comes back byte for byte")
    func roundTrip() throws {
        let golden = try GoldenFiles.texts()
        for pattern in Tokenizer.Pattern.allCases {
            let tokenizer = try Tokenizer.train(golden.corpus, vocabularySize: 400, pattern: pattern)
            for text in golden.texts + golden.corpus {
                #expect(tokenizer.encode(text).flatMap(tokenizer.bytes) == Array(text.utf8))
            }
        }
    }

    @Test("Long text without spaces gives the same ids by heap as by scan")
    func longPreTokens() throws {
        let tokenizer = try Self.trained()
        let merges = BytePairMerges(tokenizer.contents.merges)
        var source = RandomSource(seed: 3)
        for length in [1, 2, 3, 50, 127, 128, 129, 400] {
            let word = (0..<length).map { _ in Int32(source.pick(Array("seardchnoti".utf8))) }
            var scanned = word
            merges.applyByScan(to: &scanned)
            var heaped = word
            merges.applyByHeap(to: &heaped)
            #expect(scanned == heaped)
        }
        let long = String(repeating: "observatory", count: 20_000)
        #expect(tokenizer.decode(tokenizer.encode(long)) == long)
    }

    @Test("Plain text never gives a special token; allowed, the longest one is taken")
    func specialTokens() throws {
        let tokenizer = try Tokenizer.train(["a b"], vocabularySize: 270, specialTokens: ["<s>", "<s>x", "</s>"])
        #expect(tokenizer.encode("<s>x</s>").allSatisfy { !tokenizer.isSpecial($0) })
        #expect(tokenizer.encode("<s>x</s>a", allowingSpecialTokens: true) == [257, 258, 97])
        #expect(tokenizer.encode("<s><s", allowingSpecialTokens: true) == [256, 60, 115])
        #expect(tokenizer.decode([257, 97, 258]) == "<s>xa</s>")
        #expect(tokenizer.decode([257, 97, 258], skippingSpecialTokens: true) == "a")
        #expect(tokenizer.id(ofSpecial: "a") == nil)
    }

    @Test("Ids outside the vocabulary decode to nothing, broken UTF-8 to U+FFFD")
    func strangeIDs() throws {
        let tokenizer = try Tokenizer.train(["a"], vocabularySize: 256)
        #expect(tokenizer.decode([104, -5, 256, Int32.max, 105]) == "hi")
        #expect(tokenizer.decode([0xE4, 0xBD]) == "\u{FFFD}")
        #expect(tokenizer.decode([0xE4, 0xBD, 0xA0]) == "你")
    }

    @Test("Many tasks may encode at once")
    func concurrency() async throws {
        let tokenizer = try Self.trained()
        let texts = try GoldenFiles.texts().texts
        let expected = texts.map { tokenizer.encode($0) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { texts.map { tokenizer.encode($0) } == expected } }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test("The cache is bounded and starts anew when full")
    func cacheBound() throws {
        let tokenizer = try Tokenizer.train(["a"], vocabularySize: 256)
        var text = ""
        for index in 0..<70_000 {
            text +=
                " " + String(index, radix: 26).map { $0.isNumber ? "zyxwvutsrq"[$0.wholeNumberValue ?? 0] : String($0) }.joined()
        }
        #expect(tokenizer.encode(text) == text.utf8.map { Int32($0) })
    }
}

extension String {
    fileprivate subscript(index: Int) -> String { String(self[self.index(startIndex, offsetBy: index)]) }
}
