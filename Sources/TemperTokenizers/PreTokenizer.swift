extension Tokenizer {
    /// How text is cut into pre-tokens, inside which alone bytes are merged.
    ///
    /// Each is a scanner over UTF-8 that cuts where the regular expression ``regex`` would; the tests compare the two on
    /// every Unicode scalar.
    package enum Pattern: String, Sendable, Hashable, CaseIterable {
        /// Temper's own: GPT-2's, but every digit stands alone, so that numbers are spelt and not memorised.
        ///
        /// Punctuation never joins a word, so a name has the same tokens after `[` as at the start of a line, which helps
        /// a small model to copy it into an action.
        case words
        /// GPT-2's.
        case gpt2
        /// Llama 3's: up to three digits together.
        case llama3
        /// Qwen 2's, 2.5's and 3's: Llama 3's with single digits.
        case qwen2
        /// SmolLM's: digits cut out first, GPT-2's on what lies between.
        case smol
        /// Mistral's Tekken: words are cut before a capital that follows a small letter, digits are single.
        case tekken
        /// GPT-4o's and Llama 4's: Tekken's with up to three digits together, and contractions that stay with their word.
        case o200k

        /// The expression, in the syntax of Hugging Face `tokenizers`; for ``smol`` the one used between digits.
        package var regex: String {
            switch self {
            case .words: #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
            case .gpt2, .smol: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
            case .llama3: Self.modernRegex(digits: #"\p{N}{1,3}"#)
            case .qwen2: Self.modernRegex(digits: #"\p{N}"#)
            case .tekken: Self.casedRegex(contraction: "", digits: #"\p{N}"#)
            case .o200k: Self.casedRegex(contraction: "(?i:'s|'t|'re|'ve|'m|'ll|'d)?", digits: #"\p{N}{1,3}"#)
            }
        }

        private static func modernRegex(digits: String) -> String {
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
                + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        }

        private static func casedRegex(contraction: String, digits: String) -> String {
            #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"# + contraction
                + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"# + contraction + "|" + digits
                + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        }
    }
}

/// Finds the ends of pre-tokens in valid UTF-8.
struct PreTokenizer {
    typealias Kind = ScalarClasses.Kind

    let bytes: UnsafeBufferPointer<UInt8>
    private let pattern: Tokenizer.Pattern

    init(_ bytes: UnsafeBufferPointer<UInt8>, pattern: Tokenizer.Pattern) {
        self.bytes = bytes
        self.pattern = pattern
    }

    /// Where the pre-token that starts at `start` ends. `start < bytes.count`.
    @inline(__always)
    func end(from start: Int) -> Int {
        switch pattern {
        case .words: classicEnd(from: start, limit: bytes.count, singleDigits: true)
        case .gpt2: classicEnd(from: start, limit: bytes.count, singleDigits: false)
        case .llama3: modernEnd(from: start, digits: 3)
        case .qwen2: modernEnd(from: start, digits: 1)
        case .smol: smolEnd(from: start)
        case .tekken: casedEnd(from: start, digits: 1, contractions: false)
        case .o200k: casedEnd(from: start, digits: 3, contractions: true)
        }
    }

    // MARK: GPT-2

    private func classicEnd(from start: Int, limit: Int, singleDigits: Bool) -> Int {
        if bytes[start] == UInt8(ascii: "'"), let end = contraction(at: start, limit: limit, ignoringCase: false) { return end }
        let body = bytes[start] == UInt8(ascii: " ") && start + 1 < limit ? start + 1 : start
        let (kind, length) = scalar(at: body)
        switch kind {
        case .letter, .other:
            return run(of: kind, from: body + length, limit: limit)
        case .number where !singleDigits:
            return run(of: kind, from: body + length, limit: limit)
        case .number where body == start:
            return body + length
        case .number, .space, .newline:
            return spaceEnd(from: start, limit: limit)
        }
    }

    private func smolEnd(from start: Int) -> Int {
        let (kind, length) = scalar(at: start)
        if kind == .number { return start + length }
        // Only a run of spaces looks past its own end, so the next digit is sought only there.
        var limit = bytes.count
        if kind == .space || kind == .newline {
            var end = start
            while end < bytes.count {
                let (kind, length) = scalar(at: end)
                if kind == .number { limit = end }
                guard kind == .space || kind == .newline else { break }
                end += length
            }
        }
        return classicEnd(from: start, limit: limit, singleDigits: true)
    }

    // MARK: Llama 3 and Qwen

    private func modernEnd(from start: Int, digits: Int) -> Int {
        let limit = bytes.count
        if bytes[start] == UInt8(ascii: "'"), let end = contraction(at: start, limit: limit, ignoringCase: true) { return end }
        let (kind, length) = scalar(at: start)
        switch kind {
        case .letter:
            return run(of: .letter, from: start + length, limit: limit)
        case .number:
            return digitEnd(from: start + length, maximum: digits - 1)
        case .newline:
            return spaceEndAfterNewlines(from: start)
        case .other, .space:
            let next = start + length
            if next < limit, scalar(at: next).kind == .letter { return run(of: .letter, from: next, limit: limit) }
            if kind == .other { return punctuationEnd(from: next, slashes: false) }
            if bytes[start] == UInt8(ascii: " "), next < limit, scalar(at: next).kind == .other {
                return punctuationEnd(from: next, slashes: false)
            }
            return spaceEndAfterNewlines(from: start)
        }
    }

    // MARK: Parts

    func digitEnd(from start: Int, maximum: Int) -> Int {
        var end = start
        var count = 0
        while count < maximum, end < bytes.count, case (let kind, let length) = scalar(at: end), kind == .number {
            end += length
            count += 1
        }
        return end
    }

    func punctuationEnd(from start: Int, slashes: Bool) -> Int {
        var end = run(of: .other, from: start, limit: bytes.count)
        while end < bytes.count, bytes[end] == 10 || bytes[end] == 13 || (slashes && bytes[end] == UInt8(ascii: "/")) { end += 1 }
        return end
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`
    func spaceEndAfterNewlines(from start: Int) -> Int {
        var end = start
        var newlineEnd: Int?
        while end < bytes.count, case (let kind, let length) = scalar(at: end), kind == .space || kind == .newline {
            end += length
            if kind == .newline { newlineEnd = end }
        }
        return newlineEnd ?? spaceEnd(from: start, limit: bytes.count)
    }

    /// `\s+(?!\S)|\s+`: the run of white space, without its last scalar when a word follows.
    private func spaceEnd(from start: Int, limit: Int) -> Int {
        var end = start
        var last = start
        while end < limit, case (let kind, let length) = scalar(at: end), kind == .space || kind == .newline {
            last = end
            end += length
        }
        return end == limit || last == start ? end : last
    }

    @inline(__always)
    private func run(of kind: Kind, from start: Int, limit: Int) -> Int {
        var end = start
        while end < limit, case (let next, let length) = scalar(at: end), next == kind { end += length }
        return end
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`; in any case also `ſ`, which folds to `s`.
    func contraction(at start: Int, limit: Int, ignoringCase: Bool) -> Int? {
        func letter(_ index: Int) -> UInt8 {
            guard index < limit else { return 0 }
            let byte = bytes[index]
            return ignoringCase && byte >= 65 && byte <= 90 ? byte | 32 : byte
        }
        let first = letter(start + 1)
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"): return letter(start + 2) == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"): return letter(start + 2) == UInt8(ascii: "l") ? start + 3 : nil
        case 0xC5 where ignoringCase && letter(start + 2) == 0xBF: return start + 3
        default: return nil
        }
    }

    @inline(__always)
    private func scalar(at index: Int) -> (kind: Kind, length: Int) {
        let (classes, length) = classes(at: index)
        return (classes.kind, length)
    }

    @inline(__always)
    func classes(at index: Int) -> (ScalarClasses, length: Int) {
        let (value, length) = UTF8Text.scalar(bytes, at: index)
        return (ScalarClasses.of(value), length)
    }

    static func kind(of value: UInt32) -> Kind { ScalarClasses.of(value).kind }
}
