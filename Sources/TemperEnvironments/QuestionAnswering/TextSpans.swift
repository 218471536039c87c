import Foundation

/// Finds what looks like a title or a number in English text, without a model.
enum TextSpans {
    /// Runs of capitalised words, with small joining words inside (`The Castle of the Storm`), in order, each once.
    ///
    /// A run joined by "and" is listed whole and in its parts. Words that only start a sentence or a question are left out.
    static func titles(in text: String) -> [String] {
        var found: [String] = []
        for run in runs(in: text) {
            var words = run
            while let first = words.first, words.count > 1, starters.contains(first.lowercased()), first != "The", first != "A" {
                words.removeFirst()
            }
            if words.count == 1, starters.contains(words[0].lowercased()) { continue }
            if words.isEmpty { continue }
            append(words.joined(separator: " "), to: &found)
            let parts = words.split(separator: "and")
            if parts.count > 1 { for part in parts { append(part.joined(separator: " "), to: &found) } }
        }
        return found
    }

    /// Numbers of one to nine characters, commas counted, years among them, in order, each once.
    static func numbers(in text: String) -> [String] {
        var found: [String] = []
        for piece in text.split(whereSeparator: { !$0.isNumber && $0 != "," && $0 != "." }) {
            let number = piece.trimmingCharacters(in: CharacterSet(charactersIn: ",."))
            if (1...9).contains(number.count) { append(number, to: &found) }
        }
        return found
    }

    /// Four-digit numbers from 1000 to 2099.
    static func years(in text: String) -> [String] {
        numbers(in: text).filter { $0.count == 4 && ($0.hasPrefix("1") || $0.hasPrefix("20")) }
    }

    /// Lower-case words of at least four letters that carry content, in order, each once.
    static func contentWords(in text: String) -> [String] {
        var found: [String] = []
        for word in text.split(whereSeparator: { !$0.isLetter }) {
            if word.count >= 4, word == word.lowercased(), !starters.contains(String(word)) { append(String(word), to: &found) }
        }
        return found
    }

    private static let joiners: Set<String> = ["of", "the", "and", "de", "von", "van", "la", "du"]
    private static let starters: Set<String> = [
        "a", "an", "the", "this", "that", "it", "its", "in", "on", "at", "by", "for", "from", "to", "with", "as", "which", "what",
        "who", "whom", "whose", "where", "when", "how", "why", "were", "was", "are", "is", "did", "do", "does", "has", "have",
        "had", "between", "name", "tell", "he", "she", "they", "his", "her", "their", "and", "or", "but", "not", "no", "yes",
        "both", "result", "after", "before", "many", "today", "there", "born", "year", "same", "than", "into", "also", "been",
    ]

    private static func append(_ text: String, to list: inout [String]) {
        if !text.isEmpty, !list.contains(text) { list.append(text) }
    }

    private static func runs(in text: String) -> [[String]] {
        var runs: [[String]] = []
        var run: [String] = []
        var pending: [String] = []
        func close() {
            if !run.isEmpty { runs.append(run) }
            run = []
            pending = []
        }
        for raw in text.split(whereSeparator: { $0.isWhitespace }) {
            let opened = raw.drop { "\"'(“‘[".contains($0) }
            if opened.count < raw.count { close() }
            let word = String(opened).trimmingCharacters(in: CharacterSet(charactersIn: "\"'()“”‘’[],.:;?!"))
            let bare = word.hasSuffix("'s") || word.hasSuffix("’s") ? String(word.dropLast(2)) : word
            if let first = bare.first, first.isUppercase {
                run += pending + [bare]
                pending = []
            } else if joiners.contains(bare), !run.isEmpty {
                pending.append(bare)
            } else {
                close()
            }
            // Punctuation, or a possessive, ends a run.
            if raw.last != word.last || bare.count < word.count { close() }
        }
        close()
        return runs
    }
}
