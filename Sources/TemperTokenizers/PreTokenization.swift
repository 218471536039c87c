/// How text is cut into pre-tokens: not at all, by one expression, or by several steps one after the other.
enum PreTokenization: Sendable {
    case none
    case pattern(Tokenizer.Pattern)
    case steps([Step])

    /// What becomes of the text that separates, as in Hugging Face `tokenizers`.
    enum Behavior: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    /// Whether a metaspace is put before a piece that has none.
    enum PrependScheme: String, Sendable {
        case always, first, never
    }

    enum Step: Sendable {
        case pattern(Tokenizer.Pattern)
        case literal([UInt8], Behavior)
        /// Digits apart from the rest, one by one or in runs.
        case digits(individually: Bool)
        case metaspace([UInt8], PrependScheme, splits: Bool)
        /// A space before every piece that has none.
        case prefixSpace
    }

    var pattern: Tokenizer.Pattern? {
        if case .pattern(let pattern) = self { return pattern }
        return nil
    }

    /// A text as it is being cut.
    struct Pieces {
        var bytes: [UInt8]
        var ranges: [Range<Int>]
        /// Whether the first piece is the beginning of the whole text.
        var isStart: Bool
        var isContinued: Bool
    }

    static func apply(_ step: Step, to pieces: inout Pieces) {
        switch step {
        case .pattern(let pattern):
            cut(&pieces) { text, append in
                let preTokenizer = PreTokenizer(text, pattern: pattern)
                var start = 0
                while start < text.count {
                    let end = preTokenizer.end(from: start)
                    append(start..<end)
                    start = end
                }
            }
        case .digits(let individually):
            cut(&pieces) { text, append in digits(text, individually: individually, append) }
        case .literal(let literal, let behavior):
            cut(&pieces) { text, append in split(text, literal, behavior, append) }
        case .metaspace(let replacement, let scheme, let splits):
            prefix(&pieces, with: replacement, replacingSpaces: true) { index, pieces in
                scheme == .always && !(index == 0 && pieces.isContinued)
                    || scheme == .first && index == 0 && pieces.isStart && !pieces.isContinued
            }
            if splits { apply(.literal(replacement, .mergedWithNext), to: &pieces) }
        case .prefixSpace:
            prefix(&pieces, with: [UInt8(ascii: " ")], replacingSpaces: false) { index, pieces in
                !(index == 0 && pieces.isContinued)
            }
        }
    }

    private static func cut(
        _ pieces: inout Pieces, _ body: (UnsafeBufferPointer<UInt8>, (Range<Int>) -> Void) -> Void
    ) {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(pieces.ranges.count)
        pieces.bytes.withUnsafeBufferPointer { bytes in
            for range in pieces.ranges {
                body(UnsafeBufferPointer(rebasing: bytes[range])) { found in
                    if !found.isEmpty {
                        ranges.append((found.lowerBound + range.lowerBound)..<(found.upperBound + range.lowerBound))
                    }
                }
            }
        }
        pieces.ranges = ranges
    }

    private static func prefix(
        _ pieces: inout Pieces, with prefix: [UInt8], replacingSpaces: Bool, where isWanted: (Int, Pieces) -> Bool
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.bytes.count * 5 / 4)
        var ranges: [Range<Int>] = []
        for (index, range) in pieces.ranges.enumerated() {
            var text = Array(pieces.bytes[range])
            if replacingSpaces { text = TextNormalizer.replace([UInt8(ascii: " ")], by: prefix, in: text) }
            let start = bytes.count
            if isWanted(index, pieces), !text.starts(with: prefix) { bytes += prefix }
            bytes += text
            ranges.append(start..<bytes.count)
        }
        pieces.bytes = bytes
        pieces.ranges = ranges
    }

    private static func digits(_ text: UnsafeBufferPointer<UInt8>, individually: Bool, _ append: (Range<Int>) -> Void) {
        var start = 0
        var index = 0
        var inDigits = false
        while index < text.count {
            let (value, length) = UTF8Text.scalar(text, at: index)
            let isDigit = ScalarClasses.of(value).kind == .number
            if isDigit != inDigits || (isDigit && individually) {
                append(start..<index)
                start = index
            }
            inDigits = isDigit
            index += length
        }
        append(start..<text.count)
    }

    private static func split(
        _ text: UnsafeBufferPointer<UInt8>, _ literal: [UInt8], _ behavior: Behavior, _ append: (Range<Int>) -> Void
    ) {
        var start = 0
        var index = 0
        while index < text.count {
            guard text[index] == literal[0], index + literal.count <= text.count,
                text[index..<(index + literal.count)].elementsEqual(literal)
            else {
                index += 1
                continue
            }
            var end = index + literal.count
            switch behavior {
            case .removed, .isolated:
                append(start..<index)
                if behavior == .isolated { append(index..<end) }
                start = end
            case .contiguous:
                append(start..<index)
                while end + literal.count <= text.count, text[end..<(end + literal.count)].elementsEqual(literal) {
                    end += literal.count
                }
                append(index..<end)
                start = end
            case .mergedWithPrevious:
                append(start..<end)
                start = end
            case .mergedWithNext:
                append(start..<index)
                start = index
            }
            index = end
        }
        append(start..<text.count)
    }
}
