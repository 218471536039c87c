/// Whether a text is in English, by a simple rule that is the same everywhere: at least nine of ten letters are ASCII, and among
/// its words (of at least twenty, with shorter texts only the letters count) at least one in twenty is one of the commonest words
/// of English.
///
/// It tells English from other languages and from bare lists and code; it does not look at single sentences in other languages.
enum LanguageFilter {
    static let minimumASCIIShare = 0.9
    static let minimumCommonShare = 0.05
    static let minimumWords = 20
    private static let commonWords: Set<String> = [
        "the", "of", "and", "to", "a", "in", "is", "you", "that", "it", "for", "are", "with", "as", "this", "be", "have", "from",
        "or", "by", "not", "what", "all", "we", "can", "an", "your", "which", "do", "how", "if", "will", "i", "on", "at", "but",
    ]

    static func isEnglish(_ text: String) -> Bool {
        var (letters, ascii) = (0, 0)
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            if scalar.isASCII { ascii += 1 }
        }
        guard letters > 0, Double(ascii) >= minimumASCIIShare * Double(letters) else { return false }
        let words = text.split { !$0.isLetter && $0 != "'" }
        guard words.count >= minimumWords else { return true }
        let common = words.count { commonWords.contains($0.lowercased()) }
        return Double(common) >= minimumCommonShare * Double(words.count)
    }
}
