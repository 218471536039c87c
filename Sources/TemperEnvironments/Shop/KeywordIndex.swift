import Foundation

/// BM25 over short texts, in memory, for many readers at once.
///
/// Formula and constants are those of Lucene's BM25 as Pyserini sets them (Robertson and Zaragoza 2009; k1 = 0.9, b = 0.4),
/// which WebShop searches with. Words are runs of letters and digits in lower case, without Lucene's English stop words, and
/// plurals are folded by Harman's S stemmer (1991) where Lucene uses Porter's.
struct KeywordIndex: Sendable {
    static let k1 = 0.9
    static let b = 0.4
    /// More words than any sensible query holds; keeps a hostile one cheap.
    static let maximumWords = 64

    private struct Posting {
        var document: Int32
        /// What one occurrence of the word in a query adds to the document's score.
        var weight: Float
    }

    private let count: Int
    private let postings: [String: [Posting]]

    init(_ documents: [String]) {
        count = documents.count
        var frequencies: [String: [(document: Int32, count: Int32)]] = [:]
        var lengths: [Int] = []
        lengths.reserveCapacity(documents.count)
        for (index, text) in documents.enumerated() {
            let words = Self.words(text)
            lengths.append(words.count)
            for word in words {
                if let last = frequencies[word]?.indices.last, frequencies[word]?[last].document == Int32(index) {
                    frequencies[word]?[last].count += 1
                } else {
                    frequencies[word, default: []].append((Int32(index), 1))
                }
            }
        }
        let mean = max(1, Double(lengths.reduce(0, +)) / Double(max(1, documents.count)))
        let total = Double(documents.count)
        postings = frequencies.mapValues { list in
            let rarity = log(1 + (total - Double(list.count) + 0.5) / (Double(list.count) + 0.5))
            return list.map { entry in
                let length = Double(lengths[Int(entry.document)])
                let frequency = Double(entry.count)
                let saturated = frequency / (frequency + Self.k1 * (1 - Self.b + Self.b * length / mean))
                return Posting(document: entry.document, weight: Float(rarity * saturated))
            }
        }
    }

    /// The best documents, best first; of equal ones the earlier. Each word of the query counts once.
    func search(_ query: String, limit: Int) -> [(document: Int, score: Float)] {
        var seen: Set<String> = []
        let words = Self.words(query).filter { seen.insert($0).inserted }.prefix(Self.maximumWords)
        let lists = words.compactMap { postings[$0] }
        guard !lists.isEmpty, limit > 0 else { return [] }
        var scores = [Float](repeating: 0, count: count)
        var touched: [Int32] = []
        for list in lists {
            for posting in list {
                if scores[Int(posting.document)] == 0 { touched.append(posting.document) }
                scores[Int(posting.document)] += posting.weight
            }
        }
        var best: [(document: Int, score: Float)] = []
        for document in touched {
            let entry = (document: Int(document), score: scores[Int(document)])
            if best.count == limit, let last = best.last, !Self.precedes(entry, last) { continue }
            let place = best.firstIndex { Self.precedes(entry, $0) } ?? best.count
            best.insert(entry, at: place)
            if best.count > limit { best.removeLast() }
        }
        return best
    }

    private static func precedes(_ left: (document: Int, score: Float), _ right: (document: Int, score: Float)) -> Bool {
        left.score != right.score ? left.score > right.score : left.document < right.document
    }

    /// The words of a text as the index keeps them.
    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { !stopWords.contains($0) }.map(folded)
    }

    /// Harman's S stemmer; words of up to three letters stay.
    private static func folded(_ word: String) -> String {
        guard word.count > 3, word.hasSuffix("s") else { return word }
        if word.hasSuffix("ies") { return word.hasSuffix("eies") || word.hasSuffix("aies") ? word : word.dropLast(3) + "y" }
        if word.hasSuffix("es") {
            return ["aes", "ees", "oes"].contains { word.hasSuffix($0) } ? word : String(word.dropLast())
        }
        return word.hasSuffix("us") || word.hasSuffix("ss") ? word : String(word.dropLast())
    }

    /// Lucene's `EnglishAnalyzer`.
    private static let stopWords: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on",
        "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    ]
}
