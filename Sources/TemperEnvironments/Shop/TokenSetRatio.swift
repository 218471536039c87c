/// How alike two texts are as sets of words, 0…100: `fuzz.token_set_ratio` of `thefuzz`, which WebShop's reward uses.
///
/// Only letters and digits count; the result is rounded half to even, as Python's `round` does. The ratio is the best of three:
/// the words both have against either text's words, and the two whole sorted sets against each other, each as
/// 1 − (insertions + deletions) / (length + length).
enum TokenSetRatio {
    static func of(_ left: String, _ right: String) -> Int {
        let (first, second) = (words(left), words(right))
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        let shared = joined(first.intersection(second))
        let (onlyFirst, onlySecond) = (joined(first.subtracting(second)), joined(second.subtracting(first)))
        if !shared.isEmpty, onlyFirst.isEmpty || onlySecond.isEmpty { return 100 }
        // A space separates the shared words from the others.
        let gap = shared.isEmpty ? 0 : 1
        let firstLength = shared.count + gap + onlyFirst.count
        let secondLength = shared.count + gap + onlySecond.count
        let common = longestCommonSubsequence(onlyFirst, onlySecond)
        var best = ratio(distance: onlyFirst.count + onlySecond.count - 2 * common, length: firstLength + secondLength)
        if !shared.isEmpty {
            best = max(best, ratio(distance: gap + onlyFirst.count, length: shared.count + firstLength))
            best = max(best, ratio(distance: gap + onlySecond.count, length: shared.count + secondLength))
        }
        return Int(best.rounded(.toNearestOrEven))
    }

    private static func ratio(distance: Int, length: Int) -> Double {
        length == 0 ? 100 : 100 - 100 * Double(distance) / Double(length)
    }

    /// The words of a text, each once, in lower case. Signs of the upper half of Latin-1 are left out, not taken as gaps.
    private static func words(_ text: String) -> Set<String> {
        var plain = ""
        for scalar in text.unicodeScalars {
            if (128..<256).contains(scalar.value) { continue }
            let isWordPart = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            plain += isWordPart ? scalar.properties.lowercaseMapping : " "
        }
        return Set(plain.split(separator: " ").map(String.init))
    }

    private static func joined(_ words: Set<String>) -> [UnicodeScalar] {
        Array(words.sorted().joined(separator: " ").unicodeScalars)
    }

    private static func longestCommonSubsequence(_ left: [UnicodeScalar], _ right: [UnicodeScalar]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return 0 }
        var row = [Int](repeating: 0, count: right.count + 1)
        for scalar in left {
            var diagonal = 0
            for index in right.indices {
                let above = row[index + 1]
                row[index + 1] = scalar == right[index] ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[right.count]
    }
}
