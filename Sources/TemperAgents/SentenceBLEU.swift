import Foundation

/// Sentence BLEU (Papineni et al. 2002) with one reference, orders 1 to 4 and the smoothing of Chen and Cherry (2014), method 4:
/// how AgentBench measures how near a command is to another. Agrees with NLTK 3.10's `sentence_bleu` and `method4`.
package enum SentenceBLEU {
    static let orders = 4
    /// NLTK's constant of method 4.
    static let k = 5.0

    /// The score of a hypothesis, 0…1. A hypothesis of one word, or one that shares no word with the reference, is not smoothed.
    package static func score(reference: [String], hypothesis: [String]) -> Double {
        guard !hypothesis.isEmpty, !reference.isEmpty else { return 0 }
        var logSum = 0.0
        var unmatched = 0
        for order in 1...orders {
            let given = counts(hypothesis, order)
            let wanted = counts(reference, order)
            let matches = given.reduce(0) { $0 + min($1.value, wanted[$1.key] ?? 0) }
            if order == 1, matches == 0 { return 0 }
            let total = Double(max(1, hypothesis.count - order + 1))
            var precision = Double(matches) / total
            if matches == 0, hypothesis.count > 1 {
                unmatched += 1
                precision = log(Double(hypothesis.count)) / (pow(2, Double(unmatched)) * k) / total
            }
            // As in NLTK, an order that stays at 0 counts as 1.
            if precision > 0 { logSum += log(precision) / Double(orders) }
        }
        let ratio = Double(reference.count) / Double(hypothesis.count)
        return (ratio < 1 ? 1 : exp(1 - ratio)) * exp(logSum)
    }

    private static func counts(_ words: [String], _ order: Int) -> [ArraySlice<String>: Int] {
        guard words.count >= order else { return [:] }
        var counts: [ArraySlice<String>: Int] = [:]
        for start in 0...(words.count - order) { counts[words[start..<(start + order)], default: 0] += 1 }
        return counts
    }
}
