/// Exact match and F1 of short answers, computed as in HotpotQA's evaluation script (Yang et al. 2018) and FireAct.
package enum AnswerMetrics {
    /// Lower case, then ASCII punctuation deleted, then the words a, an, the replaced by a space, then white space collapsed.
    package static func normalized(_ text: String) -> String {
        words(text).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// The words that are left, as UTF-8: Swift's strings take canonically equivalent texts for equal, Python's do not.
    private static func words(_ text: String) -> [[UInt8]] {
        var kept = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars where !isPunctuation(scalar) { kept.append(scalar) }
        var result: [[UInt8]] = []
        var current = String.UnicodeScalarView()
        var word = String.UnicodeScalarView()
        // A run of word characters that is an article ends the token it is in, as Python's `\b(a|an|the)\b` does.
        func flushWord() {
            if articles.contains(String(word)) { flushToken() } else { current.append(contentsOf: word) }
            word = String.UnicodeScalarView()
        }
        func flushToken() {
            if !current.isEmpty { result.append(Array(String(current).utf8)) }
            current = String.UnicodeScalarView()
        }
        for scalar in kept {
            if isWordCharacter(scalar) {
                word.append(scalar)
            } else {
                flushWord()
                if isSpace(scalar) { flushToken() } else { current.append(scalar) }
            }
        }
        flushWord()
        flushToken()
        return result
    }

    /// Whether the normalised texts are equal.
    package static func exactMatch(_ prediction: String, _ answer: String) -> Bool {
        words(prediction) == words(answer)
    }

    /// F1 of the bags of normalised words, 0…1; 0 when one side is yes, no or noanswer and the other is not the same.
    package static func f1(_ prediction: String, _ answer: String) -> Double {
        let left = words(prediction)
        let right = words(answer)
        if left != right, closed.contains(left) || closed.contains(right) { return 0 }
        var counts: [[UInt8]: Int] = [:]
        for word in right { counts[word, default: 0] += 1 }
        var same = 0
        for word in left where counts[word, default: 0] > 0 {
            counts[word, default: 0] -= 1
            same += 1
        }
        guard same > 0 else { return 0 }
        let precision = Double(same) / Double(left.count)
        let recall = Double(same) / Double(right.count)
        return 2 * precision * recall / (precision + recall)
    }

    /// Reward is exact match; no answer scores 0 in both.
    package static func score(_ prediction: String?, _ answer: String) -> Score {
        guard let prediction else { return Score(reward: 0, metrics: ["exact_match": 0, "f1": 0]) }
        let match = exactMatch(prediction, answer) ? 1.0 : 0.0
        return Score(reward: match, metrics: ["exact_match": match, "f1": f1(prediction, answer)])
    }

    private static let articles: Set<String> = ["a", "an", "the"]
    private static let closed: Set<[[UInt8]]> = [[Array("yes".utf8)], [Array("no".utf8)], [Array("noanswer".utf8)]]

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// Python's `\w`: letters and numbers (the underscore is already gone).
    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: false
        }
    }

    /// Python's `str.isspace`, which also counts the four information separators.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
}
