import TemperCore

/// The `tokenizer.json` that is written for a tokenizer trained here.
struct TokenizerDocument: Encodable {
    struct Added: Encodable {
        var id: Int
        var content: String
        var single_word = false
        var lstrip = false
        var rstrip = false
        var normalized = false
        var special: Bool
    }

    struct Model: Encodable {
        var type = "BPE"
        var fuse_unk = false
        var byte_fallback = false
        var ignore_merges: Bool
        var vocab: [String: Int]
        var merges: [String]
    }

    var version = "1.0"
    var added_tokens: [Added]
    var normalizer: JSONValue?
    var pre_tokenizer: JSONValue
    var decoder: JSONValue
    var model: Model

    /// - Parameter contents: a byte-level tokenizer that cuts by one pattern.
    init(_ contents: TokenizerContents, pattern: Tokenizer.Pattern) {
        // Added tokens stand in the vocabulary too: Python numbers those that do not anew.
        var vocabulary = Dictionary(
            contents.addedTokens.map { (String(decoding: $0.text, as: UTF8.self), Int($0.id)) },
            uniquingKeysWith: { first, _ in first })
        let added = Set(vocabulary.values)
        for (id, bytes) in contents.tokenBytes.enumerated() where !bytes.isEmpty && !added.contains(id) {
            vocabulary[ByteAlphabet.text(bytes)] = id
        }
        let merges = contents.merges.map {
            ByteAlphabet.text(contents.tokenBytes[Int($0.left)]) + " " + ByteAlphabet.text(contents.tokenBytes[Int($0.right)])
        }
        model = Model(ignore_merges: contents.ignoresMerges, vocab: vocabulary, merges: merges)
        added_tokens = contents.addedTokens.map {
            Added(id: Int($0.id), content: String(decoding: $0.text, as: UTF8.self), special: $0.isSpecial)
        }
        pre_tokenizer = Self.preTokenizer(pattern)
        decoder = Self.byteLevel(usesRegex: true)
    }

    private static func byteLevel(usesRegex: Bool) -> JSONValue {
        .object([
            "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "trim_offsets": .bool(true),
            "use_regex": .bool(usesRegex),
        ])
    }

    private static func preTokenizer(_ pattern: Tokenizer.Pattern) -> JSONValue {
        let first: JSONValue
        switch pattern {
        case .gpt2: return byteLevel(usesRegex: true)
        case .smol: first = .object(["type": .string("Digits"), "individual_digits": .bool(true)])
        case .words, .llama3, .qwen2, .tekken, .o200k:
            first = .object([
                "type": .string("Split"), "pattern": .object(["Regex": .string(pattern.regex)]),
                "behavior": .string("Isolated"), "invert": .bool(false),
            ])
        }
        return .object([
            "type": .string("Sequence"), "pretokenizers": .array([first, byteLevel(usesRegex: pattern == .smol)]),
        ])
    }
}
