import Foundation

/// Ranks the candidates of a page by the words they share with the task: a stand-in for Mind2Web's trained candidate generator where
/// the data has no ranks.
///
/// The score of a candidate is the sum, over the words of the task that occur in its texts and attributes, of
/// log(1 + candidates / candidates with the word), divided by the square root of the number of its words. On a tie, the order
/// of the page decides.
enum LexicalRank {
    /// Words of one candidate that are looked at.
    static let maximumWords = 60

    /// - Parameter places: the candidates' places on the page.
    static func order(_ candidates: [String], _ places: [String: Int], on page: PageTree, goal: String) -> [String] {
        let asked = Set(words(of: goal))
        let texts = candidates.map { candidate in places[candidate].map { words(on: page, at: $0) } ?? [] }
        var holders: [String: Double] = [:]
        for text in texts { for word in asked.intersection(text) { holders[word, default: 0] += 1 } }
        let scores = texts.map { text in
            // In a fixed order: sums of the same numbers in another order may differ.
            let found = asked.intersection(text).sorted()
            let sum = found.reduce(0.0) { $0 + log(1 + Double(candidates.count) / (holders[$1] ?? 1)) }
            return sum / Double(max(1, text.count)).squareRoot()
        }
        let order = candidates.indices.sorted { left, right in
            if scores[left] != scores[right] { return scores[left] > scores[right] }
            return places[candidates[left]] ?? 0 < places[candidates[right]] ?? 0
        }
        return order.map { candidates[$0] }
    }

    private static func words(on page: PageTree, at index: Int) -> [String] {
        var found: [String] = []
        for place in page.subtree(of: index) {
            let node = page.nodes[place]
            found += words(of: node.text)
            for attribute in node.attributes where attribute.name != PageTree.identifierAttribute {
                found += words(of: attribute.value)
            }
            if found.count >= maximumWords { break }
        }
        return Array(found.prefix(maximumWords))
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
