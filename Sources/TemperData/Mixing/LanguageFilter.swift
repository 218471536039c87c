import TemperCore

/// Whether a text is in English, by a simple rule that is the same everywhere: at least nine of ten letters are ASCII, and among
/// its words (of at least twenty, with shorter texts only the letters count) at least one in twenty is one of the commonest words
/// of English.
///
/// It tells English from other languages and from bare lists and code; it does not look at single sentences in other languages.
enum LanguageFilter {
    static let minimumASCIIShare = 0.9
    static let minimumCommonShare = 0.05
    static let minimumWords = 20
    private static let commonWords = Set(
        [
            "the", "of", "and", "to", "a", "in", "is", "you", "that", "it", "for", "are", "with", "as", "this", "be", "have",
            "from",
            "or", "by", "not", "what", "all", "we", "can", "an", "your", "which", "do", "how", "if", "will", "i", "on", "at",
            "but",
        ].map(StableHash.fnv1a))

    static func isEnglish(_ text: String) -> Bool { isEnglish([text], limit: .max) }

    /// - Parameter limit: how many characters (Unicode scalars) of a text are looked at.
    static func isEnglish(_ texts: some Sequence<String>, limit: Int) -> Bool {
        var (letters, ascii, words, common, left) = (0, 0, 0, 0, limit)
        for text in texts {
            // A word is a run of letters and apostrophes; its hash is that of ``StableHash`` where all are ASCII.
            var (hash, length) = (StableHash.empty, 0)
            func end() {
                if length > 0 {
                    words += 1
                    if commonWords.contains(hash) { common += 1 }
                }
                (hash, length) = (StableHash.empty, 0)
            }
            for scalar in text.unicodeScalars.prefix(left) {
                left -= 1
                let value = scalar.value
                let lower = value | 0x20
                if value < 0x80 {
                    let isLetter = (0x61...0x7A).contains(lower)
                    guard isLetter || value == 0x27 else {
                        end()
                        continue
                    }
                    if isLetter {
                        letters += 1
                        ascii += 1
                    }
                    hash = StableHash.mix(hash, UInt64(isLetter ? lower : value))
                    length += 1
                } else if scalar.properties.isAlphabetic {
                    letters += 1
                    hash = StableHash.mix(hash, UInt64(value))
                    length += 1
                } else {
                    end()
                }
            }
            end()
        }
        guard letters > 0, Double(ascii) >= minimumASCIIShare * Double(letters) else { return false }
        return words < minimumWords || Double(common) >= minimumCommonShare * Double(words)
    }
}
