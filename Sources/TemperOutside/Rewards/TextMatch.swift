import Foundation
import TemperCore

/// Whether two short answers say the same, in a user's own suite.
///
/// Two plain numbers (sign, digits, decimals) are compared as numbers: `1.0` is `1`, `3.5` is not `35` and `-5` is not `5`. Other texts
/// are equal when they are after this: composed Unicode (NFC), lower case, white space collapsed; one pair of quotation marks around the
/// whole left out; `a`, `an` or `the` before other words left out; `.`, `!` or `?` after a last word of two or more letters, and `.` after
/// one letter, left out. Every other sign counts: `C` is not `C++`.
enum TextMatch {
    /// Reward is equality; `f1` is that of the words, as bags. No answer scores 0 in both.
    static func score(_ answer: String?, _ reference: String) -> Score {
        guard let answer else { return Score(reward: 0, metrics: ["exact_match": 0, "f1": 0]) }
        let match = areEqual(answer, reference) ? 1.0 : 0
        return Score(reward: match, metrics: ["exact_match": match, "f1": match == 1 ? 1 : f1(answer, reference)])
    }

    static func areEqual(_ left: String, _ right: String) -> Bool {
        if let one = DecimalNumber(left), let other = DecimalNumber(right), one.isPlain, other.isPlain { return one == other }
        return normalized(left).utf8.elementsEqual(normalized(right).utf8)
    }

    static func normalized(_ text: String) -> String {
        var words = Array(
            text.precomposedStringWithCanonicalMapping.lowercased().split(whereSeparator: \.isWhitespace).map(String.init))
        if let first = words.first?.first, let last = words.last?.last, quotes[first] == last,
            words.count > 1 || words[0].count > 1
        {
            words[0].removeFirst()
            words[words.count - 1].removeLast()
            words.removeAll(where: \.isEmpty)
        }
        if words.count > 1, ["a", "an", "the"].contains(words[0]) { words.removeFirst() }
        if let last = words.last, let mark = last.last, ".!?".contains(mark) {
            let letters = last.dropLast().reversed().prefix(2).prefix(while: \.isLetter).count
            if letters == 2 || (letters == 1 && mark == ".") { words[words.count - 1].removeLast() }
        }
        return words.joined(separator: " ")
    }

    private static let quotes: [Character: Character] = ["\"": "\"", "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`"]

    private static func f1(_ answer: String, _ reference: String) -> Double {
        let (left, right) = (normalized(answer).split(separator: " "), normalized(reference).split(separator: " "))
        var counts = Dictionary(right.map { ($0, 1) }, uniquingKeysWith: +)
        var same = 0
        for word in left where counts[word, default: 0] > 0 {
            counts[word, default: 0] -= 1
            same += 1
        }
        return same == 0 ? 0 : 2 * Double(same) / Double(left.count + right.count)
    }
}
