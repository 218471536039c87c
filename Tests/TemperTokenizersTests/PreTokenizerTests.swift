import Testing

@testable import TemperTokenizers

@Suite("Cutting text into pre-tokens")
struct PreTokenizerTests {
    @Test("Every Unicode scalar counts as the regular expressions of Hugging Face count it")
    func scalarClassesGolden() throws {
        enum Part: Decodable {
            case bound(UInt32)
            case kind(String)
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let value = try? container.decode(UInt32.self) {
                    self = .bound(value)
                } else {
                    self = .kind(try container.decode(String.self))
                }
            }
        }
        var expected: [UInt32: PreTokenizer.Kind] = [:]
        for run in try GoldenFiles.read("classes.json", as: [[Part]].self) {
            guard case .bound(let first) = run[0], case .bound(let last) = run[1], case .kind(let letter) = run[2] else {
                Issue.record("a run is not [first, last, class]")
                return
            }
            for value in first...last { expected[value] = letter == "l" ? .letter : letter == "n" ? .number : .space }
        }
        #expect(expected.count > 130_000)
        var differences: [String] = []
        for value in UInt32(0)..<0x110000 {
            // The engine that made the golden file knows Unicode 16; what came later is in no text it was trained on.
            guard let scalar = Unicode.Scalar(value), (scalar.properties.age?.major ?? 0) <= 16 else { continue }
            let kind = PreTokenizer.kind(of: value)
            let comparable = kind == .newline ? .space : kind
            if comparable != expected[value] ?? .other { differences.append(String(value, radix: 16)) }
        }
        #expect(differences.isEmpty, "\(differences.count) scalars: \(differences.prefix(50))")
    }

    @Test("Texts are cut where the regular expression cuts them", arguments: Tokenizer.Pattern.allCases)
    func cutsGolden(pattern: Tokenizer.Pattern) throws {
        let texts = try GoldenFiles.texts().texts
        let expected = try #require(try GoldenFiles.read("cuts.json", as: [String: [[Int]]].self)[pattern.rawValue])
        #expect(texts.count > 300 && expected.count == texts.count)
        for (text, lengths) in zip(texts, expected) {
            #expect(Self.cuts(text, pattern) == lengths, "\(text.debugDescription)")
        }
    }

    private static func cuts(_ text: String, _ pattern: Tokenizer.Pattern) -> [Int] {
        var text = text
        return text.withUTF8 { bytes in
            let preTokenizer = PreTokenizer(bytes, pattern: pattern)
            var lengths: [Int] = []
            var start = 0
            while start < bytes.count {
                let end = preTokenizer.end(from: start)
                lengths.append(end - start)
                start = end
            }
            return lengths
        }
    }
}
