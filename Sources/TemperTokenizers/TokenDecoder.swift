/// How tokens become text again.
enum TokenDecoder: Sendable {
    /// The bytes one after the other.
    case bytes
    /// The steps of a `tokenizer.json`, one after the other, over the spellings of the tokens.
    case steps([Step])
    /// SentencePiece's own: see ``SentencePieceDecoder``.
    case sentencePiece(SentencePieceDecoder)

    enum Step: Sendable {
        case replace([UInt8], by: [UInt8])
        case byteFallback
        case fuse
        case strip([UInt8], start: Int, stop: Int)
        case metaspace([UInt8], keepsFirst: Bool)
    }

    static func apply(_ step: Step, to tokens: [[UInt8]]) -> [[UInt8]] {
        switch step {
        case .replace(let old, let new): return tokens.map { TextNormalizer.replace(old, by: new, in: $0) }
        case .fuse: return [Array(tokens.joined())]
        case .byteFallback: return fallBack(tokens)
        case .strip(let content, let start, let stop):
            return tokens.map { token in
                var token = token[...]
                for _ in 0..<start where token.starts(with: content) { token = token.dropFirst(content.count) }
                for _ in 0..<stop where token.count >= content.count && token.suffix(content.count).elementsEqual(content) {
                    token = token.dropLast(content.count)
                }
                return Array(token)
            }
        case .metaspace(let replacement, let keepsFirst):
            return tokens.enumerated().map { index, token in
                TextNormalizer.replace(replacement, by: index == 0 && !keepsFirst ? [] : [UInt8(ascii: " ")], in: token)
            }
        }
    }

    /// Runs of byte tokens become the text they spell, or one U+FFFD for each byte when they spell none.
    private static func fallBack(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var run: [UInt8] = []
        func finish() {
            guard !run.isEmpty else { return }
            let isText = String(validating: run, as: UTF8.self) != nil
            result.append(isText ? run : Array(String(repeating: "\u{FFFD}", count: run.count).utf8))
            run = []
        }
        for token in tokens {
            if let byte = CharacterVocabulary.byte(spelling: token) {
                run.append(byte)
            } else {
                finish()
                result.append(token)
            }
        }
        finish()
        return result
    }

    /// What one token stands for inside a text.
    static func bytes(of token: [UInt8], _ steps: [Step]) -> [UInt8] {
        if steps.contains(where: { if case .byteFallback = $0 { true } else { false } }),
            let byte = CharacterVocabulary.byte(spelling: token)
        {
            return [byte]
        }
        var token = token
        for step in steps {
            switch step {
            case .replace(let old, let new): token = TextNormalizer.replace(old, by: new, in: token)
            case .metaspace(let replacement, _):
                token = TextNormalizer.replace(replacement, by: [UInt8(ascii: " ")], in: token)
            case .byteFallback, .fuse, .strip: break
            }
        }
        return token
    }
}

/// Decoding as `SentencePieceProcessor::Decode` does it.
struct SentencePieceDecoder: Sendable {
    enum Kind: UInt8, Sendable {
        case piece, unknown, control, byte
    }

    /// Index: id.
    var kinds: [Kind]
    var unknownSurface: [UInt8]
    var dropsFirstSpace: Bool
    /// Whether all spaces the text begins with are dropped.
    var dropsLeadingSpaces: Bool

    /// - Parameters:
    ///   - bytes: what each token stands for, spaces being spaces.
    ///   - skipsControl: whether tokens that steer leave no text (they never do in SentencePiece).
    func decode(_ ids: some Sequence<Int32>, bytes: [[UInt8]], skipsControl: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var run: [UInt8] = []
        var isStart = dropsFirstSpace
        func finish() {
            guard !run.isEmpty else { return }
            var rest = run[...]
            // One U+FFFD for each byte that starts no character.
            while let first = rest.first {
                let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
                let character = rest.prefix(length)
                if first < 0xF8, character.count == length, String(validating: character, as: UTF8.self) != nil {
                    result += character
                    rest = rest.dropFirst(length)
                } else {
                    result += [0xEF, 0xBF, 0xBD]
                    rest = rest.dropFirst()
                }
            }
            run = []
            isStart = false
        }
        for id in ids where id >= 0 && Int(id) < kinds.count {
            let text = bytes[Int(id)]
            if kinds[Int(id)] == .byte {
                run += text
                continue
            }
            finish()
            switch kinds[Int(id)] {
            case .control:
                if !skipsControl { result += text }
            case .unknown: result += unknownSurface
            case .piece, .byte:
                var text = text[...]
                if isStart, text.first == UInt8(ascii: " ") {
                    text = text.dropFirst()
                    if !dropsLeadingSpaces { isStart = false }
                }
                result += text
            }
            if !result.isEmpty { isStart = false }
        }
        finish()
        return result
    }
}
