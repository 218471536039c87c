/// A token that is matched as a whole before anything is merged.
struct AddedToken: Sendable, Hashable {
    var id: Int32
    var text: [UInt8]
    /// Special tokens steer a model; the others are plain text that happens to have an id of its own (runs of spaces).
    var isSpecial: Bool
    /// Whether white space before and after it belongs to it.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it counts only where no letter, digit or underscore stands next to it.
    var isSingleWord = false
    /// What is matched in normalised text; nil for a token that is matched before normalisation.
    var normalizedText: [UInt8]?
}

/// Finds added tokens in text: the leftmost, of those the longest.
struct AddedTokenMatcher: Sendable {
    private var trie = ByteTrie()
    private let tokens: [AddedToken]

    var isEmpty: Bool { trie.isEmpty }

    /// - Parameter normalized: whether it looks for the tokens of normalised text or for the others.
    init(_ tokens: [AddedToken], normalized: Bool) {
        self.tokens = tokens
        for (index, token) in tokens.enumerated() where (token.normalizedText != nil) == normalized {
            trie.insert(token.normalizedText ?? token.text, Int32(index))
        }
    }

    /// The next token at or after `start`, with the white space it takes.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (range: Range<Int>, id: Int32)? {
        guard !isEmpty else { return nil }
        var position = start
        while position < text.count {
            guard trie.startsAny(text[position]), let match = trie.longestMatch(in: text, from: position) else {
                position += 1
                continue
            }
            let token = tokens[Int(match.value)]
            if token.isSingleWord, Self.touchesWord(text, position..<match.end) {
                position = match.end
                continue
            }
            var range = position..<match.end
            if token.stripsLeft { range = Self.extendedLeft(range, in: text, limit: start) }
            if token.stripsRight { range = Self.extendedRight(range, in: text) }
            return (range, token.id)
        }
        return nil
    }

    private static func isSpace(_ value: UInt32) -> Bool {
        let kind = ScalarClasses.of(value).kind
        return kind == .space || kind == .newline
    }

    private static func extendedLeft(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>, limit: Int) -> Range<Int> {
        var start = range.lowerBound
        while start > limit, case (let value, let length) = UTF8Text.scalar(text, before: start), isSpace(value) {
            start -= length
        }
        return max(start, limit)..<range.upperBound
    }

    private static func extendedRight(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var end = range.upperBound
        while end < text.count, case (let value, let length) = UTF8Text.scalar(text, at: end), isSpace(value) { end += length }
        return range.lowerBound..<end
    }

    private static func touchesWord(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        (range.lowerBound > 0 && isWord(UTF8Text.scalar(text, before: range.lowerBound).value))
            || (range.upperBound < text.count && isWord(UTF8Text.scalar(text, at: range.upperBound).value))
    }

    /// `\w`: letters, marks, decimal digits, connecting punctuation and joiners (UTS 18, annex C).
    private static func isWord(_ value: UInt32) -> Bool {
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }
}
