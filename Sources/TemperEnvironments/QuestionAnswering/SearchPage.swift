import Foundation

/// A page of an encyclopedia, cut into sentences.
package struct SearchPage: Codable, Sendable, Hashable {
    /// What it is found by.
    package var title: String
    package var sentences: [String]
    /// Whether an observation starts with the title; recorded search results are shown bare.
    package var showsTitle: Bool

    package init(title: String, sentences: [String], showsTitle: Bool = true) {
        self.title = title
        self.sentences = sentences.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
        self.showsTitle = showsTitle
    }

    /// All sentences as one text.
    package var text: String { sentences.joined(separator: " ") }

    /// The first sentences, as a search shows them: `Title: sentence sentence`.
    package func opening(sentences count: Int) -> String {
        let shown = sentences.prefix(count).joined(separator: " ")
        return showsTitle ? "\(title): \(shown)" : shown
    }
}

/// The page that is open, and how far a `lookup` in it has come.
package struct PageReader: Sendable {
    package private(set) var page: SearchPage?
    private var keyword: String?
    private var results: [String] = []
    private var position = 0

    package init() {}

    package mutating func open(_ page: SearchPage?) {
        self = PageReader()
        self.page = page
    }

    /// The next sentence of the open page that holds the keyword, whatever its case. The same keyword again goes on to the
    /// next sentence; another keyword starts over.
    package mutating func lookup(_ keyword: String) -> String {
        let wanted = keyword.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        guard let page else { return "No page is open. Search first." }
        guard !wanted.isEmpty else { return "Say what to look up: lookup[keyword]." }
        if wanted != self.keyword {
            self.keyword = wanted
            position = 0
            results = page.sentences.filter { $0.lowercased().contains(wanted) }
        }
        guard !results.isEmpty else { return "No results." }
        guard position < results.count else { return "No more results." }
        position += 1
        return "(Result \(position) / \(results.count)) \(results[position - 1])"
    }
}
