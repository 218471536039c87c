import Foundation

/// Cuts plain text into sentences, without a model.
enum Sentences {
    /// The sentences of a text, line by line; headings (`== Life ==`) are left out.
    ///
    /// A sentence ends at `.`, `!` or `?` (a closing quote or bracket may follow) before a space and a capital letter, digit or
    /// opening quote, unless the word before is an initial or a usual abbreviation.
    static func split(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let line = line.trimmingCharacters(in: .whitespaces)
            return line.isEmpty || (line.hasPrefix("==") && line.hasSuffix("==")) ? [] : sentences(of: line)
        }
    }

    private static func sentences(of line: String) -> [String] {
        var found: [String] = []
        var current: [Substring] = []
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        for (index, word) in words.enumerated() {
            current.append(word)
            let isLast = index == words.count - 1
            if isLast || (ends(word) && starts(words[index + 1])) {
                found.append(current.joined(separator: " "))
                current = []
            }
        }
        return found
    }

    private static func ends(_ word: Substring) -> Bool {
        let bare = word.reversed().drop { "\"'”’)]".contains($0) }
        guard let mark = bare.first, ".!?".contains(mark) else { return false }
        guard mark == "." else { return true }
        let stem = String(bare.dropFirst().reversed()).trimmingCharacters(in: CharacterSet(charactersIn: "\"'“‘(["))
        if stem.count == 1, stem.first?.isLetter == true { return false }
        return !abbreviations.contains(stem.lowercased())
    }

    private static func starts(_ word: Substring) -> Bool {
        guard let first = word.first(where: { !"\"'“‘([".contains($0) }) else { return false }
        return first.isUppercase || first.isNumber
    }

    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "st", "jr", "sr", "prof", "gen", "col", "lt", "sgt", "rev", "hon", "vs", "no", "vol", "c", "ca",
        "e.g", "i.e", "u.s", "u.k", "inc", "ltd", "co", "corp", "mt", "ft", "jan", "feb", "mar", "apr", "aug", "sept",
        "oct", "nov", "dec",
    ]
}
